#!/usr/bin/env bash
# Upload the bundle that push.sh wrote and have CodeDeploy install it: ./scripts/deploy.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/ship/deployment.sh"

need AWS_REGION DATAVERSE_BUNDLE_BUCKET
commit="$(clean_commit)"
bundle="$(bundle_of "$commit")"
[ -f "$root/build/$bundle" ] ||
  fail "build/$bundle is missing; ./scripts/build.sh && ./scripts/ship/push.sh write it."
in_region s3 cp --only-show-errors "$root/build/$bundle" "s3://$DATAVERSE_BUNDLE_BUCKET/$bundle"
release "$bundle"
