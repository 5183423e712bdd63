#!/usr/bin/env bash
# What the image runs: Airflow, or the component that is named, see `entrypoint.sh help`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec python -m scripts.container "$@"
