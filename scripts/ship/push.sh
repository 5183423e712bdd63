#!/usr/bin/env bash
# Push the image that build.sh made, and write the bundle that installs exactly it: ./scripts/ship/push.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/deployment.sh"

need AWS_REGION DATAVERSE_REPOSITORY
commit="$(clean_commit)"
bundle="$root/build/$(bundle_of "$commit")"

digest() {
  in_region ecr describe-images --repository-name "${DATAVERSE_REPOSITORY#*/}" --image-ids "imageTag=$commit" \
    --query 'imageDetails[0].imageDigest' --output text
}

# Tags cannot be moved: what was pushed as this commit before stays what this commit is.
if pushed="$(digest 2>/dev/null)"; then
  printf '%s:%s is in the registry already\n' "$DATAVERSE_REPOSITORY" "$commit"
else
  in_region ecr get-login-password |
    docker login --username AWS --password-stdin "${DATAVERSE_REPOSITORY%%/*}"
  docker push "$DATAVERSE_REPOSITORY:$commit"
  pushed="$(digest)"
fi

mkdir -p "$root/build"
cat >"$root/build/image.env" <<END
DATAVERSE_IMAGE=$DATAVERSE_REPOSITORY@$pushed
DATAVERSE_COMMIT=$commit
AWS_REGION=$AWS_REGION
END
# shellcheck disable=SC2046 # Names of scripts have no spaces.
git -C "$root" archive --format zip --add-file "$root/build/image.env" --output "$bundle" "$commit" \
  appspec.yml scripts/host/host.sh $(awk '$2 == "location:" { print $3 }' "$root/appspec.yml")
printf 'Wrote %s\n' "$bundle"
