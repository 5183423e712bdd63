#!/usr/bin/env bash
# micro-stacks 1.2.1 does not read every negative Clarity int: it is an error about padding if the distance from zero has
# 16 hexadecimal digits or more, and an even number of them. So -(2^60) fails, and so do -(10^19) and the least int of
# 128 bits, -(2^127); -(10^20), of 17 digits, is read, and so is every int that is not negative.
# @stacks/transactions 7.6.0 reads all.
# Seen on 2026-11-29 with micro-stacks 1.2.1 on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund micro-stacks@1.2.1 @stacks/transactions@7.6.0

cat >ints.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import { Cl } from '@stacks/transactions'
import { hexToCV } from 'micro-stacks/clarity'

const read = (number) => {
  const hex = Cl.serialize(Cl.int(number))
  assert.strictEqual(Cl.deserialize(hex).value, number)
  try {
    return hexToCV(hex).value
  } catch (error) {
    return error.message
  }
}
const powers = [8n, 52n, 56n, 60n, 64n, 68n, 100n, 120n, 124n, 126n, 127n].map((power) => -(2n ** power))
const numbers = [...powers, ...powers.slice(0, -1).map((power) => power - 1n), -(10n ** 19n), -(10n ** 20n), 2n ** 127n - 1n]
for (const number of numbers) {
  const digits = (number < 0n ? -number : number).toString(16).length
  const isRead = number >= 0n || digits < 16 || digits % 2 === 1
  console.log({ number, digits, read: read(number) })
  assert.strictEqual(read(number), isRead ? number : `hexToBytes: received invalid unpadded hex, got: ${digits + 1}`)
}
JAVASCRIPT
node ints.mjs
