"""Days that were landed with different columns are read together by the lines that docs/archive.md gives."""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from stacks_dataverse import paths
from tests.support.archive_readers import each_reader, read

DAYS = ("2024-10-28", "2024-10-29")
OLD = pa.table({"tx_index": pa.array([1, 2], pa.int16()), "sponsored": [True, False], "fee_rate": [180, 200]})
NEW = pa.table({"vm_error": ["runtime"], "fee_rate": [300], "tx_index": pa.array([2**31], pa.int64())})
TXS = "raw/stacks/txs"
GLOB = f"{TXS}/day=*/*.parquet"


@pytest.fixture
def layouts(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[pa.Table, ...]:
    """Two days of the table txs in the current folder, each with a layout of its own."""
    monkeypatch.chdir(tmp_path)
    for day, rows in zip(DAYS, request.param, strict=True):
        file = Path(paths.RAW_TABLE.format(table="txs", day=day))
        file.parent.mkdir(parents=True)
        pq.write_table(rows, file)
    return request.param


@each_reader
@pytest.mark.parametrize("layouts", [(OLD, NEW), (NEW, OLD)], ids=["the older first", "the newer first"], indirect=True)
def test_every_column_of_every_day_is_read(reader: str, layouts: tuple[pa.Table, ...]) -> None:
    names = {*OLD.column_names, *NEW.column_names}
    expected = [
        dict.fromkeys(names) | row | {"day": day}
        for day, rows in zip(DAYS, layouts, strict=True)
        for row in rows.to_pylist()
    ]
    assert [row | {"day": str(row["day"])} for row in read(reader)] == expected


@pytest.mark.parametrize("layouts", [(OLD, OLD.append_column("vm_error", [["a", "b"]]))], indirect=True)
def test_without_those_lines_a_column_that_appears_later_is_left_out(layouts: tuple[pa.Table, ...]) -> None:
    columns = {*OLD.column_names, "day"}
    assert set(duckdb.sql(f"FROM '{GLOB}'").columns) == columns
    assert set(ds.dataset(TXS, format="parquet", partitioning="hive").schema.names) == columns
    assert set(pd.read_parquet(TXS).columns) == columns
