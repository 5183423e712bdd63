#!/usr/bin/env bash
# ApplicationStart, first: stop the running container and put it aside, to be started again if the new one fails.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/host/host.sh"

exists "$container" || {
  printf 'No container %s is here yet\n' "$container"
  exit 0
}

aside=""
back() {
  [ -z "$aside" ] || return 0
  docker start "$container" >/dev/null
  docker update --restart "$restart_policy" "$container" >/dev/null
}
trap back EXIT

! exists "$previous" || docker rm --force "$previous" >/dev/null
# Else the daemon would start both when the host starts.
docker update --restart no "$container" >/dev/null
docker stop "$container" >/dev/null
docker rename "$container" "$previous"
aside=yes
printf 'Stopped %s and put it aside as %s\n' "$container" "$previous"
