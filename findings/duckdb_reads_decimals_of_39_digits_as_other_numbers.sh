#!/usr/bin/env bash
# DuckDB 1.5.5 reads a Parquet column DECIMAL(39, 0), which pyarrow writes for uint128 amounts, as DOUBLE, and as another
# number: 123 becomes 8.863084066665136e+18, 2^128 - 1 becomes 2.4519928653854222e+55. No error, no warning. pyarrow reads
# what it wrote. DuckDB 2.0.0 still answers a DOUBLE, but the right one to its 53 bits.
# Seen on 2026-11-28 with duckdb 1.5.5 (and 1.3.2, 1.4.4, 1.5.0), duckdb 2.0.0, pyarrow 26.0.1, Python 3.11.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
for version in 1.5.5 2.0.0; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "duckdb==$version" pyarrow==26.0.1
done

cat >"$folder/read.py" <<'PYTHON'
import sys
from decimal import Decimal, getcontext

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

getcontext().prec = 60
AMOUNTS = [Decimal(123), Decimal(2**128 - 1)]
file = f"{sys.argv[1]}/amounts.parquet"
pq.write_table(pa.table({"amount": pa.array(AMOUNTS, pa.decimal256(39, 0))}), file)
assert pq.read_table(file)["amount"].to_pylist() == AMOUNTS
rows = duckdb.sql(f"SELECT amount, typeof(amount) FROM read_parquet('{file}')").fetchall()
print(duckdb.__version__, rows)
EXPECTED = {
    "1.5.5": [(8.863084066665136e18, "DOUBLE"), (2.4519928653854222e55, "DOUBLE")],
    "2.0.0": [(123.0, "DOUBLE"), (3.402823669209385e38, "DOUBLE")],
}
assert rows == EXPECTED[duckdb.__version__], "the behaviour has changed"
PYTHON
for version in 1.5.5 2.0.0; do
  "$folder/$version/bin/python" "$folder/read.py" "$folder"
done
