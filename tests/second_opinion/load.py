"""Made-up chains in a real warehouse: from Parquet files as a landing leaves them, by the runners of a daily run."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg2
import pyarrow.parquet as pq
import pytest

from stacks_dataverse import catalog, chain
from stacks_dataverse.burn_rows import BURN_TABLES
from stacks_dataverse.catalog import Kind
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.raw_tables import NEWEST
from stacks_dataverse.runners import build, figures
from stacks_dataverse.runners.raw_archive import manifest_key
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.second_opinion.chain import Chain, Opinion, Row, day_of
from tests.support.raw import rows_of

LANDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
BUILT = (Kind.FACT, Kind.FIGURE, Kind.STATE)
EMPTY_SQL = """
    SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') || ' RESTART IDENTITY'
    FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'dataverse_version')
"""
LOADED_COLUMNS = (
    "day, first_block_height, last_block_height, block_count, tx_count, blocks_digest, settled, landed_at, built_at"
)


class Manifests(dict[str, Any]):
    """An archive that holds no more than manifests."""

    get_json = dict.get


def load(made_up: Chain, dsn: str, order: Sequence[date] = ()) -> None:
    """Empty a warehouse, and build all days of a chain in it, as if they had passed their checks.

    Args:
        order: how the days come, each followed by its figures, as in daily runs. If empty, they come in their order,
            and figures are made once at the end, as in a backfill.
    """
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(EMPTY_SQL)
        cursor.execute(cursor.fetchone()[0])
    tables, archive = catalog.built_tables(), Manifests()
    with Warehouse.open(dsn) as warehouse, pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "open_raw", lambda _archive, manifest, *_: landed(made_up, manifest))
        days = order or made_up.days
        for day in days:
            archive[manifest_key(Window(day))] = manifest_of(made_up, day).to_json()
            build.build_day(archive, warehouse, Window(day), tables, LANDED_AT, made_up.network)
            if order or day == days[-1]:
                figures.make_due_figures(warehouse, catalog.tables(Kind.FIGURE), made_up.network)
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO loaded_days ({LOADED_COLUMNS}) SELECT {LOADED_COLUMNS} FROM built_days")


def content(dsn: str) -> Opinion:
    """Every table that is built, and why any of them failed, as rows of `failures`."""
    built = [table.name for table in catalog.TABLES if table.kind in BUILT]
    with Warehouse.open(dsn) as warehouse:
        rows = {name: warehouse.read(f"SELECT * FROM {name}").to_pylist() for name in built}
        failures = "SELECT day, table_name, failure FROM built_tables WHERE failure IS NOT NULL"
        return rows | {"failures": warehouse.read(failures).to_pylist()}


def manifest_of(made_up: Chain, day: date) -> Manifest:
    """The manifest of a day, without files."""
    heights = [block["block_height"] for block in made_up.blocks if block["day"] == day]
    return Manifest(
        day=day,
        landed_at=LANDED_AT,
        source_version="9",
        settled=True,
        chain_first_day=min((block["day"] for block in made_up.all_blocks), default=None),
        burn_ranges=burn_ranges(made_up, day),
        first_block_height=min(heights, default=None),
        last_block_height=max(heights, default=None),
        block_count=len(heights),
        blocks_digest="",
        tables={},
    )


@contextmanager
def landed(made_up: Chain, manifest: Manifest) -> Iterator[chain.RawDay]:
    """The raw files of a day, opened."""
    hashes = {block["index_block_hash"] for block in made_up.tables["blocks"] if day_of(block) == manifest.day}
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, rows in made_up.tables.items():
            if ours := [_as_landed(row) for row in rows if _lands(name, row, hashes, manifest.burn_ranges)]:
                files[name] = Path(folder, f"{name}.parquet")
                pq.write_table(rows_of(name, ours), files[name])
        with chain.open_day(files, NEWEST, None, made_up.network, manifest.burn_ranges) as raw:
            yield raw


def burn_ranges(made_up: Chain, day: date) -> list[tuple[int, int]]:
    """The Bitcoin heights that a day owns: those above the block below each of its blocks, up to its own."""
    ranges, below = [], -1
    for block in made_up.all_blocks:
        if block["day"] == day and block["burn_block_height"] > below:
            ranges.append((below, block["burn_block_height"]))
        below = block["burn_block_height"]
    return ranges


def _lands(table: str, row: Row, hashes: set[bytes], ranges: Sequence[tuple[int, int]]) -> bool:
    if table in BURN_TABLES:
        return any(above < row["burn_block_height"] <= up_to for above, up_to in ranges)
    return table == "pox_state" or row["index_block_hash"] in hashes


def _as_landed(row: Row) -> Row:
    """A row of which a numeric that may exceed 64 bits is text."""
    return row | {"amount": str(row["amount"])} if "asset_identifier" in row and "amount" in row else row
