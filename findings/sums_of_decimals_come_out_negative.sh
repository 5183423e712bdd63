#!/usr/bin/env bash
# A sum of decimals of 38 digits comes out as another number, often a negative one, and without an error, from 2^127 on
# (about 1.7 * 10^38, in units of the last digit) in pyarrow 25.0.1, DataFusion 55.0.0, chdb 4.4.0 (ClickHouse) and daft
# 0.7.26: all add integers of 128 bits, which wrap around. polars 2.1.0 and DuckDB 1.5.5 say that it overflows. Clarity's
# amounts are uint128: whoever sums those of a token in Parquet files with one of the four may get a supply below zero.
# The mean is negative too in pyarrow and chdb, null in daft; DataFusion refuses it. pyarrow sums a decimal256 right.
# Seen on 2026-11-29 on Python 3.11.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet \
  pyarrow==25.0.1 datafusion==55.0.0 chdb==4.4.0 daft==0.7.26 polars==2.1.0 duckdb==1.5.5

cat >sums.py <<'PYTHON'
from decimal import Decimal

import chdb
import daft
import datafusion
import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

AMOUNTS = [Decimal(9) * 10**37, Decimal(9) * 10**37, Decimal(10) ** 37]
RIGHT = 19 * 10**37
WRAPPED = RIGHT - 2**128

amounts = pa.array(AMOUNTS, pa.decimal128(38, 0))
pq.write_table(pa.table({"amount": amounts}), "amounts.parquet")


def of_datafusion(function: str) -> Decimal:
    context = datafusion.SessionContext()
    context.register_parquet("amounts", "amounts.parquet")
    return context.sql(f"SELECT {function}(amount) AS answer FROM amounts").to_pydict()["answer"][0]


def of_chdb(function: str) -> str:
    return str(chdb.query(f"SELECT {function}(amount) FROM file('amounts.parquet')", "TSV")).strip()


sums = {
    "pyarrow": pc.sum(amounts).as_py(),
    "datafusion": of_datafusion("sum"),
    "chdb": Decimal(of_chdb("sum")),
    "daft": daft.read_parquet("amounts.parquet").sum("amount").to_pydict()["amount"][0],
}
print("right:", RIGHT)
for library, found in sums.items():
    print(f"{library}: {found:f}")
    assert found == WRAPPED < 0, library

assert pc.mean(amounts).as_py() < 0
assert float(of_chdb("avg")) < 0
assert daft.read_parquet("amounts.parquet").mean("amount").to_pydict()["amount"] == [None]
assert pc.sum(amounts.cast(pa.decimal256(76, 0))).as_py() == RIGHT
try:
    polars.read_parquet("amounts.parquet")["amount"].sum()
except polars.exceptions.ComputeError as error:
    print("polars:", error)
    assert "overflow" in str(error)
else:
    raise AssertionError("polars has a sum")
try:
    duckdb.sql("SELECT sum(amount) FROM 'amounts.parquet'").fetchall()
except duckdb.OutOfRangeException as error:
    print("DuckDB:", error)
else:
    raise AssertionError("DuckDB has a sum")
try:
    of_datafusion("avg")
except Exception as error:
    assert "Overflow" in str(error)
else:
    raise AssertionError("DataFusion has a mean")
PYTHON
venv/bin/python sums.py
