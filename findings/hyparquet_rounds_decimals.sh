#!/usr/bin/env bash
# hyparquet 1.33.0 hands out a Parquet decimal as a JavaScript number, whatever its precision: 9007199254740993 in a
# DECIMAL(38, 0), an exact type, comes as 9007199254740992, the largest uint128 as 3.402823669209385e+38. The same number
# in an INT64 column comes as a BigInt, exact. No error, no option. So exact amounts must be integers or text.
# Seen on 2026-11-28 with hyparquet 1.33.0 on Node.js 20, the file by pyarrow 26.0.1.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund hyparquet@1.33.0

./venv/bin/python - <<'PYTHON'
from decimal import Decimal, getcontext

import pyarrow as pa
import pyarrow.parquet as pq

getcontext().prec = 60
number = 2**53 + 1
columns = {
    "integer": pa.array([number], pa.int64()),
    "narrow": pa.array([Decimal(number)], pa.decimal128(38, 0)),
    "wide": pa.array([Decimal(2**128 - 1)], pa.decimal256(39, 0)),
}
pq.write_table(pa.table(columns), "amounts.parquet")
assert pq.read_table("amounts.parquet").to_pylist() == [{"integer": number, "narrow": Decimal(number), "wide": 2**128 - 1}]
PYTHON

cat >read.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'

const rows = await parquetReadObjects({ file: await asyncBufferFromFile('amounts.parquet') })
console.log(rows)
assert.deepStrictEqual(rows, [{ integer: 9007199254740993n, narrow: 9007199254740992, wide: 3.402823669209385e+38 }])
JAVASCRIPT
node read.mjs
