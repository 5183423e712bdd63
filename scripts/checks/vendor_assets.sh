#!/bin/sh
# Fetch the page's charting library anew from npm, as plugins/page/static/vendor/uplot/SOURCE names it:
# its package and version, and the hash that the npm registry has of it. Nothing is replaced that does not match.
set -eu

cd "$(dirname "$0")/../../plugins/page/static/vendor/uplot"
{ read -r package; read -r integrity; } < SOURCE
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" "$package" > /dev/null
found="sha512-$(openssl dgst -sha512 -binary "$work"/*.tgz | base64 -w0)"
if [ "$found" != "$integrity" ]; then
    echo "$package has the hash $found, and SOURCE says $integrity: do not use it." >&2
    exit 1
fi
tar -xzf "$work"/*.tgz -C "$work"
cp "$work"/package/LICENSE "$work"/package/dist/uPlot.iife.min.js "$work"/package/dist/uPlot.min.css .
sha256sum LICENSE uPlot.iife.min.js uPlot.min.css > SHA256SUMS
echo "$package is as the npm registry has it."
