#!/usr/bin/env bash
# Lock the dependencies anew and run the tests: ./scripts/checks/refresh_locks.sh [--keep] [--branch NAME]
# --keep locks only what a .in file newly asks for; --branch commits what changed to a branch of that name.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../local/environment.sh"

upgrade=--upgrade branch=""
while [ $# -gt 0 ]; do
  case "$1" in
    --keep) upgrade="" ;;
    --branch) branch="${2:?--branch needs a name}" && shift ;;
    *) fail "$1 is none of --keep, --branch NAME" ;;
  esac
  shift
done

command -v uv >/dev/null || {
  make_environments
  PATH="$DATAVERSE_HOME/venv/bin:$PATH"
}
cd "$repository"
locks=(requirements.txt requirements/*.txt)

# lock INPUT [CONSTRAINTS]: INPUT.in becomes INPUT.txt, within what another lock says.
lock() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header ${upgrade:+"$upgrade"} \
    ${2:+--constraints "$2"} "$1.in" --output-file "$1.txt"
}

lock requirements
lock requirements/local requirements.txt
lock requirements/s3
lock requirements/ship
lock requirements/aws_emulator requirements/ship.txt

if git diff --quiet -- "${locks[@]}"; then
  printf 'Every lock is up to date\n'
  exit
fi
git --no-pager diff --unified=0 -- "${locks[@]}" | grep '^[-+][a-z0-9]' || true
./scripts/run_tests.sh
[ -z "$branch" ] || {
  git switch --quiet --force-create "$branch"
  git commit --quiet --message "Locks of the dependencies, refreshed" -- "${locks[@]}"
  printf 'Committed to the branch %s\n' "$branch"
}
