#!/usr/bin/env bash
# BeforeInstall: refuse while the old container still runs, where the new one could not.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/host.sh"

NEEDED_GIGABYTES=5

docker info >/dev/null || fail "Docker does not answer on this host: systemctl status docker"
check_env_file
folder="$(docker info --format '{{.DockerRootDir}}')"
free="$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1048576) }')"
[ "$free" -ge "$NEEDED_GIGABYTES" ] ||
  fail "$folder has $free GB free; a new image needs $NEEDED_GIGABYTES. Make room, then deploy again."
