#!/usr/bin/env bash
# The whole of Stacks Dataverse on this machine: ./scripts/local.sh --help
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/local/environment.sh"

make_environments
exec "$DATAVERSE_HOME/venv/bin/python" -m scripts.local "$@"
