#!/usr/bin/env bash
# DuckDB has a type for the uint128 amounts of Clarity, UHUGEINT, but sums it as a DOUBLE: 2^53 + 1 and 0 are together
# 2^53, one unit less, without an error or a warning. The sum of the smaller types is an exact HUGEINT, of the smaller
# unsigned ones too, so nothing in the query tells. The same number cast to HUGEINT is summed exactly.
# Seen on 2026-11-28 with duckdb 1.5.5 and 2.0.0, Python 3.11.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cat >"$folder/sums.py" <<'PYTHON'
import duckdb

rows = duckdb.execute("""
    SELECT typeof(sum(amount)), sum(amount)::HUGEINT, typeof(sum(amount::UBIGINT)), sum(amount::UBIGINT)::HUGEINT,
           typeof(sum(amount::HUGEINT)), sum(amount::HUGEINT)
    FROM (VALUES (9007199254740993::UHUGEINT), (0::UHUGEINT)) AS transfers (amount)
""").fetchall()
print(duckdb.__version__, rows)
assert rows == [("DOUBLE", 2**53, "HUGEINT", 2**53 + 1, "HUGEINT", 2**53 + 1)]
PYTHON
for version in 1.5.5 2.0.0; do
  python3 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "duckdb==$version"
  "$folder/$version/bin/python" "$folder/sums.py"
done
