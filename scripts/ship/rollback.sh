#!/usr/bin/env bash
# Install the bundle of an earlier commit again, by default of the one before: ./scripts/ship/rollback.sh [COMMIT]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/deployment.sh"

# The bundles that were installed, latest first.
installed() {
  local ids
  ids="$(in_region deploy list-deployments --application-name "$application" --deployment-group-name "$group" \
    --include-only-statuses Succeeded --query deployments --output text)"
  [ -n "$ids" ] || return 0
  # AWS describes so many at a time.
  printf '%s' "$ids" | xargs -n 25 aws --region "$AWS_REGION" deploy batch-get-deployments \
    --query 'deploymentsInfo[].[createTime, revision.s3Location.key]' --output text --deployment-ids |
    sort -r | cut -f 2
}

need AWS_REGION DATAVERSE_BUNDLE_BUCKET
if [ $# -gt 0 ]; then
  commit="$(git -C "$root" rev-parse --verify --quiet "$1^{commit}")" || fail "$1 is no commit of this repository."
  bundle="$(bundle_of "$commit")"
else
  bundles="$(installed)"
  bundle="$(awk 'NR == 1 { current = $0 } $0 != current && !found { found = 1; print }' <<<"$bundles")"
  [ -n "$bundle" ] ||
    fail "$application/$group has installed no other bundle than the present one. Name a commit, or deploy one."
fi
in_region s3api head-object --bucket "$DATAVERSE_BUNDLE_BUCKET" --key "$bundle" >/dev/null ||
  fail "s3://$DATAVERSE_BUNDLE_BUCKET/$bundle cannot be read; check out its commit, build, push and deploy it."
release "$bundle"
