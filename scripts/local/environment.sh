# shellcheck shell=bash
# Makes the project's Python environments under $DATAVERSE_HOME, when a lock file has changed.
# Sourced by local.sh and run_tests.sh; runs in bash 3.2, which is what macOS has.

UV_VERSION=0.13.9
NEEDED_GIGABYTES=2

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
DATAVERSE_HOME="${DATAVERSE_HOME:-$repository/.local}"
case "$DATAVERSE_HOME" in /*) ;; *) DATAVERSE_HOME="$PWD/$DATAVERSE_HOME" ;; esac
export DATAVERSE_HOME
export PYTHONPATH="$repository"
# Airflow's processes compile thousands of files each when they may not keep the result.
unset PYTHONDONTWRITEBYTECODE

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

python_version() {
  "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

find_python() {
  local candidate version found=""
  for candidate in ${DATAVERSE_PYTHON:+"$DATAVERSE_PYTHON"} python3.11 python3 python; do
    version="$(python_version "$candidate")" || continue
    [ "$version" = 3.11 ] && { echo "$candidate"; return; }
    found="$found, $candidate is $version"
  done
  fail "Python 3.11 is needed and was not found${found:-; there is no Python on the PATH}." \
    "Install it, or name it: DATAVERSE_PYTHON=/path/to/python3.11"
}

check_disk() {
  local free mode=700
  # As root, PostgreSQL runs as the user nobody, who has to pass through.
  [ "$(id -u)" = 0 ] && mode=711
  [ -d "$DATAVERSE_HOME" ] && [ "$DATAVERSE_HOME" != "$repository/.local" ] ||
    { mkdir -p "$DATAVERSE_HOME" && chmod "$mode" "$DATAVERSE_HOME"; } 2>/dev/null || true
  [ -w "$DATAVERSE_HOME" ] ||
    fail "$DATAVERSE_HOME cannot be written to. Mend its permissions, or choose another folder with DATAVERSE_HOME."
  free="$(df -Pk "$DATAVERSE_HOME" | awk 'NR == 2 { print int($4 / 1048576) }')"
  [ "$free" -ge "$NEEDED_GIGABYTES" ] ||
    fail "$DATAVERSE_HOME has $free GB free and at least $NEEDED_GIGABYTES GB are needed. Make room, or choose another disk with DATAVERSE_HOME."
}

# sync NAME LOCK...: the environment $DATAVERSE_HOME/NAME holds exactly what the locks say.
sync() {
  local folder="$DATAVERSE_HOME/$1" python stamp
  shift
  stamp="uv $UV_VERSION $(cat "$@" | cksum)"
  [ "$(cat "$folder/.synced" 2>/dev/null)" = "$stamp" ] && [ -x "$folder/bin/python" ] && return
  python="$(find_python)" || exit 1
  printf 'Making the environment %s\n' "$folder"
  "$python" -m venv "$folder" ||
    fail "$python could not make a virtual environment. On Debian and Ubuntu: apt install python3.11-venv"
  "$DATAVERSE_HOME/venv/bin/uv" --version 2>/dev/null | grep -q "^uv $UV_VERSION" ||
    "$DATAVERSE_HOME/venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" ||
    fail "uv $UV_VERSION could not be installed; see the message above."
  VIRTUAL_ENV="$folder" "$DATAVERSE_HOME/venv/bin/uv" pip sync --quiet --require-hashes "$@" ||
    fail "The packages of $* could not be installed; see the message above."
  printf '%s\n' "$stamp" >"$folder/.synced"
}

make_environments() {
  check_disk
  [ -f "$DATAVERSE_HOME/venv/.synced" ] ||
    printf 'The first start downloads some 400 MB of Python packages into %s: 1.2 GB, one to three minutes.\n' "$DATAVERSE_HOME"
  sync venv "$repository/requirements.txt" "$repository/requirements/local.txt"
  sync s3-venv "$repository/requirements/s3.txt"
}
