#!/usr/bin/env bash
# Lint and tests: ./scripts/run_tests.sh [--all] [pytest arguments]; --all adds the tests marked slow, one at a time.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/local/environment.sh"

is_all=""
if [ "${1:-}" = --all ]; then
  is_all=yes
  shift
fi
make_environments
[ -z "$is_all" ] || sync aws-venv "$repository/requirements/aws_emulator.txt"
cd "$repository"
bin="$DATAVERSE_HOME/venv/bin"
"$bin/ruff" check .
"$bin/ruff" format --check .
# Which tests are of one process says tests/conftest.py. Exit status 5: none was selected.
"$bin/python" -m pytest -m "not slow" --numprocesses 2 --dist loadfile --no-loadscope-reorder "$@" ||
  { status=$?; [ -n "$is_all" ] && [ $status -eq 5 ] || exit $status; }
[ -z "$is_all" ] || "$bin/python" -m pytest -m slow "$@"
