#!/usr/bin/env bash
# Cl.parse of @stacks/transactions 7.6.0 reads the text of a Clarity value by way of a JavaScript number. An int below
# -2^53 comes as another int, without an error; an int or uint above 2^53 - 1 is an error, though both have 128 bits.
# What the library's own Cl.stringify wrote is not always what Cl.parse reads: uSTX and sats fit, amounts of a token
# with 18 decimals do not. The binary form, Cl.serialize and Cl.deserialize, is exact.
# Seen on 2026-11-29 with @stacks/transactions 7.6.0 on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @stacks/transactions@7.6.0

cat >parse.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import { Cl } from '@stacks/transactions'

const read = (value) => Cl.parse(Cl.stringify(value)).value
const negative = -(2n ** 53n) - 1n
const unit = 10n ** 18n
console.log({ written: Cl.stringify(Cl.int(negative)), read: read(Cl.int(negative)) })
assert.strictEqual(read(Cl.int(negative)), negative + 1n)
assert.strictEqual(Cl.deserialize(Cl.serialize(Cl.int(negative))).value, negative)

assert.strictEqual(read(Cl.uint(2n ** 53n - 1n)), 2n ** 53n - 1n)
for (const value of [Cl.uint(2n ** 53n), Cl.uint(unit), Cl.int(unit)]) {
  assert.throws(() => read(value), /Values of type 'number' must be less than or equal to/)
  assert.strictEqual(Cl.deserialize(Cl.serialize(value)).value, value.value)
}
console.log(`${Cl.stringify(Cl.uint(unit))} is an error`)
JAVASCRIPT
node parse.mjs
