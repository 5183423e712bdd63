#!/usr/bin/env bash
# @stacks/transactions 7.6.0 serialises the fields of a Clarity tuple in the order of String.localeCompare: `a` before `B`.
# SIP-005 orders them by their bytes, `B` (0x42) before `a` (0x61), and so does the node, whose map of names is sorted. So
# the same tuple has two serialisations: a token id or a map key that this library makes is not found by its bytes in
# what the node stored. The library reads both.
# Seen on 2026-11-28 with @stacks/transactions 7.6.0 on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @stacks/transactions@7.6.0

cat >order.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import { Cl } from '@stacks/transactions'

const uint = (value) => '01' + value.toString(16).padStart(32, '0')
const written = Cl.serialize(Cl.tuple({ B: Cl.uint(2), a: Cl.uint(1) }))
const byBytes = '0c00000002' + '0142' + uint(2) + '0161' + uint(1)
const byLocale = '0c00000002' + '0161' + uint(1) + '0142' + uint(2)
console.log({ written, byBytes })
assert.strictEqual(written, byLocale)
assert.notStrictEqual(written, byBytes)
assert.deepStrictEqual(Cl.deserialize(byBytes), Cl.deserialize(byLocale))
JAVASCRIPT
node order.mjs
