#!/usr/bin/env bash
# Ask PyPI whether any locked package has a known vulnerability: ./scripts/checks/audit_dependencies.sh [LOCK...]
# A package that PyPI says nothing of fails, too.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../local/environment.sh"

command -v pip-audit >/dev/null || {
  make_environments
  PATH="$DATAVERSE_HOME/venv/bin:$PATH"
}
cd "$repository"
[ $# -gt 0 ] || set -- requirements.txt requirements/*.txt
failed=0
for lock in "$@"; do
  printf '%s\n' "$lock"
  pip-audit --strict --require-hashes --disable-pip --requirement "$lock" || failed=1
done
exit "$failed"
