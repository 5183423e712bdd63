#!/usr/bin/env bash
# tableschema 1.12.6 for JavaScript, which reads what a Data Package describes, takes a datetime of the default format,
# 2024-10-30T12:00:00Z, for a time of the machine's own zone: the Z, which Table Schema asks for, is matched as a letter.
# West of Greenwich every moment is read as a later one. An offset, +00:00, is an error. The library of the same name
# for Python, 1.21.0, gives a datetime without a zone, and frictionless 5.21.0 the right moment.
# Seen on 2026-11-29 on Node.js 20 and Python 3.11.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund tableschema@1.12.6
python3 -m venv environment
environment/bin/pip install --quiet tableschema==1.21.0 frictionless==5.21.0

cat >read.js <<'JAVASCRIPT'
const assert = require('node:assert')
const { Field } = require('tableschema')

const read = (text) => new Field({ name: 'a', type: 'datetime' }).castValue(text)
const hours = Number(process.env.HOURS)
const moment = read('2024-10-30T12:00:00Z').toISOString()
console.log(process.env.TZ, moment)
assert.strictEqual(moment, new Date(Date.UTC(2024, 9, 30, 12 + hours)).toISOString())
assert.throws(() => read('2024-10-30T12:00:00+00:00'), /is not type "datetime"/)
JAVASCRIPT
TZ=UTC HOURS=0 node read.js
TZ=America/New_York HOURS=4 node read.js
TZ=Asia/Tokyo HOURS=-9 node read.js

cat >read.py <<'PYTHON'
from datetime import UTC, datetime

import tableschema
from frictionless import fields

moment, text = datetime(2024, 10, 30, 12, tzinfo=UTC), "2024-10-30T12:00:00Z"
read = tableschema.Field({"name": "a", "type": "datetime"}).cast_value(text)
print("tableschema", repr(read))
assert read == moment.replace(tzinfo=None)
read, error = fields.DatetimeField(name="a").read_cell(text)
print("frictionless", repr(read))
assert (read, error) == (moment, None)
PYTHON
environment/bin/python read.py
