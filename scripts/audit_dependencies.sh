#!/usr/bin/env bash
# Ask PyPI whether any locked package has a known vulnerability: ./scripts/audit_dependencies.sh [LOCK...]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/local/environment.sh"

make_environments
cd "$repository"
[ $# -gt 0 ] || set -- requirements.txt scripts/aws-requirements.txt scripts/local/*requirements.txt
failed=0
for lock in "$@"; do
  printf '%s\n' "$lock"
  "$DATAVERSE_HOME/venv/bin/pip-audit" --require-hashes --disable-pip --requirement "$lock" || failed=1
done
exit "$failed"
