#!/usr/bin/env bash
# Cl.parse of @stacks/transactions 7.6.0 takes letters, digits and `_` for the name of a tuple's field. Clarity's names
# have `-` in nearly every contract, and may have `? ! + * / < > =` too: each such tuple is "Parse error", thrown as a
# string and not as an Error, also of what Cl.stringify wrote. So are the empty buffer `0x` and the names of contracts
# with `_`. The escapes `\u{...}`, by which Clarity's source has letters beyond ASCII, are an Error of another kind.
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

const outcome = (text) => {
  try {
    return Cl.stringify(Cl.parse(text))
  } catch (error) {
    return error
  }
}

const event = Cl.tuple({ a: Cl.stringAscii('swap'), 'token-x': Cl.uint(1), 'is-ok?': Cl.bool(true) })
assert.deepStrictEqual(Cl.deserialize(Cl.serialize(event)), event)
const refused = [
  Cl.stringify(event),
  '(tuple (token-x u1))',
  Cl.stringify(Cl.bufferFromHex('')),
  "'SP000000000000000000002Q6VF78.wrapped_token",
  ...[...'-?!+*/<>='].map((sign) => `{ x${sign}: u1 }`),
]
for (const text of refused) {
  console.log(text, '->', outcome(text))
  assert.strictEqual(outcome(text), 'Parse error')
}
assert.strictEqual(outcome('(tuple (tokenX u1))'), '{ tokenX: u1 }')
for (const text of ['{ tokenX: u2, token_x: u1 }', '0x00', "'SP000000000000000000002Q6VF78.wrapped-token"]) {
  assert.strictEqual(outcome(text), text)
}
const escaped = outcome('u"caf\\u{e9}"')
console.log(escaped.message)
assert.match(escaped.message, /Failed to unescape string/)
JAVASCRIPT
node parse.mjs
