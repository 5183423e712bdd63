#!/usr/bin/env bash
# Look for keys and passwords: ./scripts/checks/scan_secrets.sh [FILE...]
# By default in every file that git tracks or would. What is no secret is named in .secrets.baseline, which
# ./scripts/checks/scan_secrets.sh --accept writes anew, to be reviewed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../local/environment.sh"

command -v detect-secrets-hook >/dev/null || {
  make_environments
  PATH="$DATAVERSE_HOME/venv/bin:$PATH"
}
cd "$repository"
if [ "${1:-}" = --accept ]; then
  detect-secrets scan --no-verify --baseline .secrets.baseline
  exit
fi
[ $# -gt 0 ] || {
  files=()
  while IFS= read -r -d '' file; do files+=("$file"); done < <(git ls-files -z --cached --others --exclude-standard)
  [ ${#files[@]} -gt 0 ] || fail "There is nothing to scan: run this in a git repository, or name files."
  set -- "${files[@]}"
}
# The hook writes line numbers that have moved into its baseline, and fails over it.
baseline="$(mktemp)"
trap 'rm -f "$baseline"' EXIT
cp .secrets.baseline "$baseline"
detect-secrets-hook --no-verify --baseline "$baseline" "$@" || [ $? -eq 3 ]
