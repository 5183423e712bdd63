#!/usr/bin/env bash
# cvToValue of @clarigen/core 4.1.7 makes JavaScript of a Clarity value, and does not keep apart what Clarity does:
# `(ok u1)` and `(err u1)` are both 1n, so a transaction that failed reads as one that did not (a second argument keeps
# them apart; inside a tuple they are kept apart always); `none`, `(some none)` and `(err none)` are all null; fields
# `token-x` and `tokenX` of one tuple are one field, the last. A field named with two hyphens in a row is an error.
# Seen on 2026-11-29 with @clarigen/core 4.1.7 and @stacks/transactions 7.1.0, which it depends on, on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @clarigen/core@4.1.7 @stacks/transactions@7.1.0

cat >values.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import { cvToValue } from '@clarigen/core'
import { Cl } from '@stacks/transactions'

const show = (value, ...more) => {
  console.log(Cl.stringify(value), '->', cvToValue(value, ...more))
  return cvToValue(value, ...more)
}

const results = [Cl.ok(Cl.uint(1)), Cl.error(Cl.uint(1))]
for (const result of results) assert.strictEqual(show(result), 1n)
for (const [index, result] of results.entries()) {
  assert.strictEqual(cvToValue(result, true).isOk, index === 0)
  assert.strictEqual(show(Cl.tuple({ result })).result.isOk, index === 0)
}

for (const value of [Cl.none(), Cl.some(Cl.none()), Cl.error(Cl.none())]) assert.strictEqual(show(value), null)

const pair = Cl.tuple({ 'token-x': Cl.uint(1), tokenX: Cl.uint(2) })
assert.deepStrictEqual(show(pair), { tokenX: 2n })
assert.throws(() => cvToValue(Cl.tuple({ 'token--x': Cl.uint(1) })), TypeError)
JAVASCRIPT
node values.mjs
