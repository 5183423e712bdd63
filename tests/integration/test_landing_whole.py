"""Nothing that the source said of a day is left out, and nothing is said twice."""

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest

from stacks_dataverse import paths
from stacks_dataverse.chain import BURN_TABLES, OPTIONAL_TABLES, SNAPSHOT_TABLES, UNLANDED_TABLES
from tests.support.databases import query
from tests.support.pipeline import Pipeline

DAY = "2024-10-29"
SAMPLE_DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")

# Written apart from the extractor's: a block's day, straight from the words of the design.
OF_THE_DAY = """
    FROM blocks WHERE (to_timestamp(COALESCE(NULLIF(block_time, 0), burn_block_time)) AT TIME ZONE 'UTC')::date = %s
"""
COLUMNS = """
    SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position),
           array_agg(udt_name::text ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'stacks_blockchain_api' AND table_type = 'BASE TABLE' GROUP BY table_name
"""
COMPARED_AS_THEY_ARE = {"bytea", "bool", "int2", "int4", "int8", "float8", "text", "varchar", "_bytea"}


def landed(pipeline: Pipeline, table: str, day: str) -> list[dict[str, Any]]:
    body = pipeline.archive.get(paths.RAW_TABLE.format(table=table, day=day))
    return pq.read_table(io.BytesIO(body)).to_pylist() if body else []


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(plain, value))
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture(params=["sample", "stacks_balance_reorg", "stacks_epoch3", "stacks_pox5_bonds"])
def source(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A Stacks database and one of its days."""
    if request.param == "sample":
        return request.getfixturevalue("sample"), DAY
    days = {"stacks_balance_reorg": "2023-05-04", "stacks_epoch3": "2024-03-13", "stacks_pox5_bonds": "1973-01-03"}
    return request.getfixturevalue("stacks_dump")(request.param), days[request.param]


def test_every_row_and_column_of_a_days_blocks_lands(
    source: tuple[str, str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    dsn, day = source
    pipeline = new_pipeline(dsn)
    manifest = pipeline.land(day)
    compared = 0
    for table, columns, kinds in query(dsn, COLUMNS):
        if "index_block_hash" not in columns or table in (*UNLANDED_TABLES, *SNAPSHOT_TABLES):
            continue
        select = ", ".join(
            f'"{column}"' if kind in COMPARED_AS_THEY_ARE else f'"{column}"::text'
            for column, kind in zip(columns, kinds, strict=True)
            if not kind.startswith("timestamp")
        )
        theirs = query(
            dsn, f'SELECT {select} FROM "{table}" WHERE index_block_hash IN (SELECT index_block_hash {OF_THE_DAY})', day
        )
        ours = landed(pipeline, table, day)
        assert manifest.tables[table].rows == len(theirs), table
        assert all(list(row) == columns for row in ours), table
        timed = {column for column, kind in zip(columns, kinds, strict=True) if kind.startswith("timestamp")}
        kept = [tuple(plain(value) for name, value in row.items() if name not in timed) for row in ours]
        assert Counter(kept) == Counter(tuple(map(plain, row)) for row in theirs), table
        compared += len(theirs)
    assert compared


def test_the_manifest_names_the_canonical_blocks(
    source: tuple[str, str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    dsn, day = source
    manifest = new_pipeline(dsn).land(day)
    theirs = query(
        dsn,
        "SELECT min(block_height), max(block_height), count(*)::int,"
        " md5(COALESCE(string_agg(encode(index_block_hash, 'hex'), ',' ORDER BY block_height), ''))"
        f" {OF_THE_DAY} AND canonical",
        day,
    )
    names = ("first_block_height", "last_block_height", "block_count", "blocks_digest")
    assert tuple(getattr(manifest, name) for name in names) == theirs[0]
    assert str(manifest.day) == day


def test_bitcoins_rows_land_once_with_the_block_that_owns_them(
    sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(sample)
    for day in SAMPLE_DAYS:
        pipeline.land(day)
    ((tip,),) = query(sample, "SELECT max(burn_block_height) FROM blocks WHERE canonical")
    held = {name for (name,) in query(sample, "SELECT tablename::text FROM pg_tables")}
    for table in held & set(BURN_TABLES):
        heights = [row["burn_block_height"] for day in SAMPLE_DAYS for row in landed(pipeline, table, day)]
        theirs = query(sample, f"SELECT burn_block_height FROM {table} WHERE burn_block_height <= {tip}")
        assert theirs, table
        assert Counter(heights) == Counter(height for (height,) in theirs), table


def test_a_chains_days_are_the_chain(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    for day in SAMPLE_DAYS:
        pipeline.land(day)
    for table in ("blocks", "txs"):
        keys = Counter(
            (row.get("tx_id"), row["index_block_hash"], row.get("microblock_hash"))
            for day in SAMPLE_DAYS
            for row in landed(pipeline, table, day)
        )
        in_blocks = "WHERE index_block_hash IN (SELECT index_block_hash FROM blocks)"
        ((theirs,),) = query(sample, f"SELECT count(*) FROM {table} {in_blocks}")
        assert sum(keys.values()) == theirs, table
        assert set(keys.values()) == {1}, table


@pytest.mark.parametrize("version", ["v7_14_1", "v8_15_4"])
def test_tables_that_an_older_api_lacks_are_noted(
    version: str, stacks_dump: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    dsn = stacks_dump(f"stacks_schema_{version}")
    tables = new_pipeline(dsn).land(DAY).tables
    held = {name for (name,) in query(dsn, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")}
    assert OPTIONAL_TABLES - held
    assert {name for name, table in tables.items() if table.note} == OPTIONAL_TABLES - held
