#!/usr/bin/env bash
# ValidateService: wait until the new container is healthy; if it is not in time, go back to the old one and fail.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/host.sh"

LOG_LINES=100
POLL_SECONDS="${DATAVERSE_POLL_SECONDS:-5}"
MOST_RESTARTS=3
limit="${DATAVERSE_HEALTH_LIMIT:-600}"

# of FORMAT: something docker knows of the new container.
of() {
  docker inspect --format "$1" "$container"
}

# Why the container will not be healthy any more; nothing while it may be.
hopeless() {
  local state restarts
  state="$(of '{{.State.Status}}')"
  restarts="$(of '{{.RestartCount}}')"
  case "$state" in
    exited | dead) printf 'it is %s' "$state" ;;
  esac
  [ "$restarts" -le "$MOST_RESTARTS" ] || printf 'it died %s times' "$restarts"
}

refuse() {
  docker logs --tail "$LOG_LINES" "$container" 2>&1 || true
  of '{{with .State.Health}}{{range .Log}}{{.Output}}{{end}}{{end}}' | tail -n 5 || true
  fail "The new container, of commit $DATAVERSE_COMMIT, is not healthy: $1." \
    "Above are its last lines of log and the outcome of its health check."
}

exists "$container" || {
  restore
  fail "There is no container $container to validate."
}
[ "$(of '{{.Image}}')" = "$(docker image inspect --format '{{.Id}}' "$image")" ] ||
  fail "$container runs $(of '{{.Config.Image}}'), the bundle names $image: start_container.sh has not run."
healthy=""
trap '[ -n "$healthy" ] || restore' EXIT
trap 'refuse "CodeDeploy ended the wait"' TERM
while [ "$(of '{{with .State.Health}}{{.Status}}{{end}}')" != healthy ]; do
  reason="$(hopeless)"
  [ -z "$reason" ] || refuse "$reason"
  [ "$SECONDS" -lt "$limit" ] || refuse "it was not within $limit seconds"
  sleep "$POLL_SECONDS"
done
healthy=yes
printf '%s of commit %s is healthy after %s seconds\n' "$container" "$DATAVERSE_COMMIT" "$SECONDS"
reclaim || true
