# Sourced by the hooks of appspec.yml, which CodeDeploy runs on the host, as root, from the unpacked bundle.
# docs/deployment.md says what each setting is.

bundle="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
host_settings="${DATAVERSE_HOST_SETTINGS:-/etc/dataverse/host.env}"
# shellcheck source=/dev/null
[ ! -f "$host_settings" ] || source "$host_settings"
# shellcheck source=/dev/null
source "$bundle/image.env"

image="$DATAVERSE_IMAGE"
container="${DATAVERSE_CONTAINER:-dataverse}"
previous="$container-previous"
env_file="${DATAVERSE_ENV_FILE:-/etc/dataverse/env.list}"
restart_policy=unless-stopped

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

exists() {
  docker container inspect "$1" >/dev/null 2>&1
}

# The container's environment holds every secret: nobody but the user who starts it may read it.
check_env_file() {
  local mode owner
  [ -f "$env_file" ] || fail "$env_file is missing. Write it after env.list.example, then deploy again."
  mode="$(stat -Lc %a "$env_file")"
  owner="$(stat -Lc %u "$env_file")"
  case "$mode" in
    400 | 600) ;;
    *) fail "$env_file has the mode $mode, so that others can read its secrets: chmod 600 $env_file" ;;
  esac
  [ "$owner" = "$(id -u)" ] || fail "$env_file belongs to the user $owner: chown $(id -un) $env_file"
}

# Take the new container away, and start again the one that stop_container.sh put aside.
restore() {
  ! exists "$container" || docker rm --force "$container" >/dev/null
  exists "$previous" || {
    printf 'There is no earlier container to go back to\n' >&2
    return 0
  }
  docker rename "$previous" "$container"
  docker start "$container" >/dev/null
  docker update --restart "$restart_policy" "$container" >/dev/null
  printf 'The container of before, %s, runs again\n' "$(docker inspect --format '{{.Config.Image}}' "$container")" >&2
}

# Remove images of our repository that no container is made of, running or put aside.
reclaim() {
  local used id
  used=" $(docker ps --all --quiet | xargs --no-run-if-empty docker inspect --format '{{.Image}}' | tr '\n' ' ')"
  for id in $(docker image ls --no-trunc --format '{{.ID}}' "${image%@*}" | sort -u); do
    case "$used" in
      *" $id "*) ;;
      *) docker image rm --force "$id" >/dev/null && printf 'Removed the image %s\n' "$id" ;;
    esac
  done
}
