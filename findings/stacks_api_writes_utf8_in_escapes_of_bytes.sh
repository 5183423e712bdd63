#!/usr/bin/env bash
# The decoder that the Stacks API is made with, @hirosystems/stacks-encoding-native-js 1.2.0, writes a character of a
# (string-utf8) that is not ASCII as \u{...} around the hex of its UTF-8 bytes: U+00EF is \u{c3af}. In Clarity's source
# the same notation holds the code point, and \u{c3af} is another letter, U+C3AF. So the `repr` of an event or a
# transaction is no source of the same value, and no reader of code points gets the text back: four bytes are no code
# point at all. The `hex` beside it is exact. Cl.parse of @stacks/transactions 7.6.0 reads neither of the two.
# Seen on 2026-11-29 with both on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @hirosystems/stacks-encoding-native-js@1.2.0 @stacks/transactions@7.6.0

cat >repr.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import native from '@hirosystems/stacks-encoding-native-js'
import { Cl } from '@stacks/transactions'

const repr = (text) => native.decodeClarityValueToRepr(Cl.serialize(Cl.stringUtf8(text)))
const byCodePoints = (text) =>
  text.replace(/\\u\{([0-9a-f]+)\}/g, (_, digits) => String.fromCodePoint(parseInt(digits, 16)))

console.log({ text: 'na\u00efve', repr: repr('na\u00efve'), byCodePoints: byCodePoints(repr('na\u00efve')) })
assert.strictEqual(repr('na\u00efve'), 'u"na\\u{c3af}ve"')
assert.strictEqual(byCodePoints(repr('na\u00efve')), 'u"na\uc3afve"')
assert.throws(() => byCodePoints(repr('\u{1d400}')), RangeError)
for (const escaped of ['u"na\\u{c3af}ve"', 'u"na\\u{ef}ve"']) {
  assert.throws(() => Cl.parse(escaped), (error) => String(error.message ?? error).startsWith('Failed to unescape'))
}
assert.strictEqual(Cl.deserialize(Cl.serialize(Cl.stringUtf8('na\u00efve'))).value, 'na\u00efve')
JAVASCRIPT
node repr.mjs
