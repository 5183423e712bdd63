#!/usr/bin/env bash
# Lint and tests: ./scripts/run_tests.sh [--all] [pytest arguments]; --all adds the tests marked slow.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/local/environment.sh"

make_environments
cd "$repository"
bin="$DATAVERSE_HOME/venv/bin"
selection=(-m "not slow")
if [ "${1:-}" = --all ]; then
  shift
  selection=(-m "slow or not slow")
  sync aws-venv "$repository/scripts/local/aws-requirements.txt"
fi
"$bin/ruff" check .
"$bin/ruff" format --check .
exec "$bin/python" -m pytest "${selection[@]}" "$@"
