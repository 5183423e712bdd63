#!/usr/bin/env bash
# Build the packages of the clients, and upload none: ./scripts/checks/build_clients.sh python|typescript FOLDER
# Needs no network: Python's are built by the setuptools of the local environment, and npm packs files as they are.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../local/environment.sh"

[ $# -eq 2 ] || fail "Name the client, python or typescript, and the folder for its packages."
mkdir -p "$2"
folder="$(cd "$2" && pwd)"
# Builders leave files in the folder that they build, and take those of others for their own.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp "$repository/LICENSE" "$work"
for part in README.md pyproject.toml package.json src; do
  [ ! -e "$repository/stacks_dataverse/clients/$1/$part" ] ||
    cp -R "$repository/stacks_dataverse/clients/$1/$part" "$work"
done
cd "$work"
rm -rf src/*.egg-info
case "$1" in
  python)
    [ -x "$DATAVERSE_HOME/venv/bin/python" ] || make_environments
    for package in sdist wheel; do
      "$DATAVERSE_HOME/venv/bin/python" -c "from setuptools.build_meta import build_$package as build; build('$folder')"
    done >/dev/null
    ;;
  typescript)
    command -v npm >/dev/null || fail "npm is not installed."
    npm pack --silent --pack-destination "$folder" >/dev/null
    ;;
  *) fail "There is no client $1." ;;
esac
ls "$folder"
