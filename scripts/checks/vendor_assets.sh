#!/bin/sh
# Fetch the browser's libraries anew from npm, as the SOURCE of each folder of stacks_dataverse/site/static/vendor names
# it: its package and version, the hash that the npm registry has of it, and its files that are used. Nothing is
# replaced that does not match.
set -eu

cd "$(dirname "$0")/../../stacks_dataverse/site/static/vendor"
vendor=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for library in *; do
    { read -r package; read -r integrity; read -r files; } < "$library/SOURCE"
    mkdir "$work/$library"
    npm pack --silent --pack-destination "$work/$library" "$package" > /dev/null
    found="sha512-$(openssl dgst -sha512 -binary "$work/$library"/*.tgz | base64 -w0)"
    if [ "$found" != "$integrity" ]; then
        echo "$package has the hash $found, and SOURCE says $integrity: do not use it." >&2
        exit 1
    fi
    tar -xzf "$work/$library"/*.tgz -C "$work/$library"
    # shellcheck disable=SC2086 # One word for each file.
    (cd "$work/$library/package" && cp $files "$vendor/$library")
    # shellcheck disable=SC2046 # No name has a space.
    (cd "$library" && sha256sum $(for file in $files; do basename "$file"; done) > SHA256SUMS)
    echo "$package is as the npm registry has it."
done
