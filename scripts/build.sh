#!/usr/bin/env bash
# Build the image of the commit that is checked out: ./scripts/build.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/ship/deployment.sh"

need DATAVERSE_REPOSITORY
commit="$(clean_commit)"
DOCKER_BUILDKIT=1 docker build --platform "${DATAVERSE_PLATFORM:-linux/amd64}" --build-arg "COMMIT=$commit" \
  --tag "$DATAVERSE_REPOSITORY:$commit" "$root"
printf 'Built %s:%s\n' "$DATAVERSE_REPOSITORY" "$commit"
