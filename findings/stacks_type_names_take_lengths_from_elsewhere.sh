#!/usr/bin/env bash
# The type of a Clarity value, as the two libraries name it that the Stacks API and its clients are made with. A text of
# three characters and seven bytes is a (string-utf8 3) in Clarity: @hirosystems/stacks-encoding-native-js 1.2.0, which
# names the API's type of a function's argument where it has no ABI, says 12, four for each character; cvToJSON of
# @stacks/transactions 7.6.0 says 7, its bytes. Of a list both take the type of the first item: with buffers of one and
# two bytes it is (list 2 (buff 1)), which does not admit the second, and with (ok u1) and (err 2) the other type is
# unknown. Whoever makes columns or types from these names cuts or refuses values.
# Seen on 2026-11-29 with both on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @hirosystems/stacks-encoding-native-js@1.2.0 @stacks/transactions@7.6.0

cat >types.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import native from '@hirosystems/stacks-encoding-native-js'
import { Cl, cvToHex, cvToJSON } from '@stacks/transactions'

const names = (value) => [native.decodeClarityValueToTypeName(cvToHex(value)), cvToJSON(value).type]
const expect = (value, ...expected) => {
  console.log(Cl.stringify(value), '->', ...names(value))
  assert.deepStrictEqual(names(value), expected)
}

const text = 'n\u00e9\u{1f600}'
assert.strictEqual([...text].length, 3)
assert.strictEqual(Buffer.byteLength(text), 7)
expect(Cl.stringUtf8(text), '(string-utf8 12)', '(string-utf8 7)')
expect(Cl.stringUtf8('abc'), '(string-utf8 12)', '(string-utf8 3)')
expect(Cl.stringAscii('abc'), '(string-ascii 3)', '(string-ascii 3)')

const buffers = Cl.list([Cl.bufferFromHex('00'), Cl.bufferFromHex('0011')])
expect(buffers, '(list 2 (buff 1))', '(list 2 (buff 1))')
const results = Cl.list([Cl.ok(Cl.uint(1)), Cl.error(Cl.int(2))])
expect(results, '(list 2 (response uint UnknownType))', '(list 2 (response uint UnknownType))')
JAVASCRIPT
node types.mjs
