#!/usr/bin/env bash
# AfterInstall: fetch the image that the bundle names, by its digest, while the old container still runs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/host/host.sh"

# The registry's password is kept for no longer than this.
DOCKER_CONFIG="$(mktemp -d)"
export DOCKER_CONFIG
trap 'rm -rf "$DOCKER_CONFIG"' EXIT

reclaim
aws --region "$AWS_REGION" ecr get-login-password | docker login --username AWS --password-stdin "${image%%/*}"
docker pull --quiet "$image"
