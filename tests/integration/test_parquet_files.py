"""Every dataset's Parquet file is read as it is by what analysts use, and has the rows of its JSON."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import PublicObject, Schedule
from stacks_dataverse.files import unzip
from stacks_dataverse.public_files import Format, PublicFile, Role, files_of
from stacks_dataverse.typed_rows import schema_of
from tests.support.pipeline import Pipeline

READERS: dict[str, Callable[[Path], pa.Table]] = {
    "duckdb": lambda file: duckdb.sql(f"FROM '{file}'").to_arrow_table(),
    "pandas": lambda file: pa.Table.from_pandas(pd.read_parquet(file), preserve_index=False),
    "polars": lambda file: pl.read_parquet(file).to_arrow(),
    "pyarrow": pq.read_table,
}
AS_READ: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "timestamptz": datetime.fromisoformat}

# As DuckDB names the types of ours.
OF_DUCKDB = {
    **{"smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT", "double precision": "DOUBLE"},
    **{"boolean": "BOOLEAN", "text": "VARCHAR", "numeric(78)": "VARCHAR"},
    **{"date": "DATE", "timestamptz": "TIMESTAMP WITH TIME ZONE"},
}
CASES = [
    *(("sample_with_market", declared) for declared in catalog.objects(Schedule.DAILY)),
    *(("sample_with_market", declared) for declared in catalog.objects(Schedule.MARKET)),
    *(("sample_with_look", declared) for declared in catalog.objects(Schedule.HALF_HOURLY)),
]
each_dataset = pytest.mark.parametrize(("run", "declared"), CASES, ids=[declared.name for _, declared in CASES],
                                       indirect=["run"])  # fmt: skip


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Pipeline:
    """A sample that is published."""
    return request.getfixturevalue(request.param)


def file_of(declared: PublicObject, form: Format) -> PublicFile:
    [file] = [file for file in files_of(declared) if (file.role, file.format) == (Role.V1, form)]
    return file


def records(run: Pipeline, declared: PublicObject) -> list[dict[str, Any]]:
    """The rows of the JSON, in the types of Python."""
    kinds = {column.name: AS_READ[column.type] for column in declared.columns if column.type in AS_READ}
    rows: Iterable[dict[str, Any]] = run.public.get_json(file_of(declared, Format.JSON).key())["data"] or []
    return [{name: kinds[name](value) if value and name in kinds else value for name, value in row.items()}
            for row in rows]  # fmt: skip


@each_dataset
def test_every_reader_has_the_rows_of_the_json(declared: PublicObject, run: Pipeline, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    file.write_bytes(run.public.get(file_of(declared, Format.PARQUET).key()))
    expected = records(run, declared)
    for name, read in READERS.items():
        rows = read(file).cast(schema_of(declared.columns)).to_pylist()
        assert rows == expected, name
    types = duckdb.sql(f"DESCRIBE FROM '{file}'").fetchall()
    assert {name: kind for name, kind, *_ in types} == {each.name: OF_DUCKDB[each.type] for each in declared.columns}


@each_dataset
def test_a_browser_can_read_a_part_of_it_by_ranges(declared: PublicObject, run: Pipeline) -> None:
    key = file_of(declared, Format.PARQUET).key()
    answer = run.public._client.get_object(Bucket=run.public.bucket, Key=key, Range="bytes=0-3")
    assert answer["Body"].read() == b"PAR1"
    assert answer["ContentType"] == "application/vnd.apache.parquet"
    assert "ContentEncoding" not in answer
    metadata = pq.ParquetFile(pa.BufferReader(run.public.get(key))).metadata
    assert metadata.metadata[b"dataset"].decode() == declared.name
    assert metadata.num_row_groups <= 1
    parts = [metadata.row_group(0).column(place) for place in range(metadata.num_columns * metadata.num_row_groups)]
    assert {part.compression for part in parts} <= {"SNAPPY"}
    assert [part.path_in_schema for part in parts if not part.is_stats_set] == []


@pytest.mark.parametrize("run", ["sample_with_market", "sample_with_look"], indirect=True)
def test_what_is_recorded_is_what_a_reader_gets(run: Pipeline) -> None:
    recorded = {row["key"]: row for row in run.read("SELECT * FROM published_files").to_pylist()}
    dated = ("/2024-10-28.", "/2024-10-29.", "/2024-10-30.")
    content = {
        key: unzip(run.public.get(key)) for key in run.public.list_keys() if not any(day in key for day in dated)
    }
    assert {key: (row["bytes"], row["sha256"]) for key, row in recorded.items()} == {
        key: (len(body), sha256(body).hexdigest()) for key, body in content.items()
    }


def test_the_days_that_have_versions_are_recorded(sample_with_market: Pipeline) -> None:
    dated = [file.path for declared in catalog.objects(Schedule.DAILY) for file in files_of(declared) if file.is_dated]
    rows = sample_with_market.read("SELECT * FROM published_versions").to_pylist()
    days = {"first_day": date(2024, 10, 28), "last_day": date(2024, 10, 30)}
    assert sorted(rows, key=lambda row: row["path"]) == [{"path": path} | days for path in sorted(dated)]
