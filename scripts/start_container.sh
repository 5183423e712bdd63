#!/usr/bin/env bash
# ApplicationStart, then: start the image that the bundle names.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/host/host.sh"

OPEN_FILES=65536
STOP_SECONDS=30

log_options=(--log-driver journald --log-opt "tag=$container")
if [ -n "${DATAVERSE_LOG_GROUP:-}" ]; then
  log_options=(--log-driver awslogs --log-opt "awslogs-region=$AWS_REGION"
    --log-opt "awslogs-group=$DATAVERSE_LOG_GROUP" --log-opt 'tag={{.Name}}-{{.ID}}' --log-opt mode=non-blocking)
fi

! exists "$container" || fail "There is a container $container already: scripts/stop_container.sh puts it aside."
started=""
trap '[ -n "$started" ] || restore' EXIT
check_env_file
docker run --detach --name "$container" --restart "$restart_policy" --stop-timeout "$STOP_SECONDS" \
  --env-file "$env_file" --publish "${DATAVERSE_PUBLISH:-8080:8080}" --memory "${DATAVERSE_MEMORY:-6g}" \
  --volume "$container-logs:/opt/airflow/logs" \
  --ulimit "nofile=$OPEN_FILES:$OPEN_FILES" --cap-drop ALL --security-opt no-new-privileges \
  "${log_options[@]}" "$image"
started=yes
printf 'Started %s of commit %s\n' "$container" "$DATAVERSE_COMMIT"
