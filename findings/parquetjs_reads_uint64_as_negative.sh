#!/usr/bin/env bash
# @dsnp/parquetjs 1.8.8 reads a column of UINT_64 as signed: every number from 2^63 on is negative, without an error, and
# the largest is -1n. So are those of UINT_32 from 2^31 on. Decimals stored as bytes, as pyarrow does, come as bytes.
# hyparquet reads the same file right. Seen on 2026-11-29 with a file of pyarrow 26.0.1, on Node.js 20.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet pyarrow==26.0.1
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @dsnp/parquetjs@1.8.8 hyparquet@1.33.0

cat >write.py <<'PYTHON'
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

columns = {
    "long": pa.array([2**64 - 1, 2**63, 2**63 - 1], pa.uint64()),
    "short": pa.array([2**32 - 1, 2**31, 1], pa.uint32()),
    "amount": pa.array([Decimal("1.50"), Decimal(-1), Decimal(0)], pa.decimal128(9, 2)),
}
pq.write_table(pa.table(columns), "numbers.parquet")
assert pq.read_table("numbers.parquet").to_pydict()["long"] == [2**64 - 1, 2**63, 2**63 - 1]
PYTHON
venv/bin/python write.py

cat >read.mjs <<'JAVASCRIPT'
import assert from 'node:assert'
import parquet from '@dsnp/parquetjs'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'

const rows = []
const reader = await parquet.ParquetReader.openFile('numbers.parquet')
const cursor = reader.getCursor()
for (let row; (row = await cursor.next()); ) rows.push(row)
await reader.close()
console.log(rows)
assert.deepStrictEqual(rows.map((row) => row.long), [-1n, -(2n ** 63n), 2n ** 63n - 1n])
assert.deepStrictEqual(rows.map((row) => row.short), [-1, -(2 ** 31), 1])
assert.deepStrictEqual([...rows[0].amount], [0, 0, 0, 150])

const others = await parquetReadObjects({ file: await asyncBufferFromFile('numbers.parquet') })
console.log('hyparquet:', others.map((row) => row.long))
assert.deepStrictEqual(others.map((row) => row.long), [2n ** 64n - 1n, 2n ** 63n, 2n ** 63n - 1n])
assert.deepStrictEqual(others.map((row) => row.short), [2 ** 32 - 1, 2 ** 31, 1])
assert.deepStrictEqual(others.map((row) => row.amount), [1.5, -1, 0])
JAVASCRIPT
node read.mjs
