"""Landed days as tests write them: rows by table, in Parquet files as a landing leaves them."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from stacks_dataverse import chain
from stacks_dataverse.raw_tables import RAW_TYPES, Reads

ARROW_TYPES = {
    "BLOB": pa.binary(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "HUGEINT": pa.decimal128(38, 0),
    # As PostgreSQL's numeric lands.
    "UHUGEINT": pa.string(),
}


def rows_of(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of a table of the chain as typed columns; what is left out is null."""
    columns = RAW_TYPES[table]
    return pa.Table.from_pylist(rows, pa.schema([(name, ARROW_TYPES[kind]) for name, kind in columns.items()]))


@contextmanager
def canonical_day(
    raw: Mapping[str, pa.Table],
    reads: Reads,
    since: int | None = None,
    burn_ranges: Sequence[tuple[int, int]] = (),
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same as `chain.canonical_day`, over tables in the place of files."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder, f"{name}.parquet") for name in raw}
        for name, file in files.items():
            pq.write_table(raw[name], file)
        with chain.canonical_day(files, reads, since, burn_ranges=burn_ranges) as day:
            yield day
