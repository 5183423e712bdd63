"""The facts of a made-up chain as the catalogue's transformers make them, from Parquet files as a landing leaves them."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stacks_dataverse import catalog, chain
from stacks_dataverse.burn_rows import BURN_TABLES
from stacks_dataverse.catalog import Kind
from stacks_dataverse.raw_tables import NEWEST, RAW_TYPES
from stacks_dataverse.runners.build import make_rows
from tests.second_opinion.chain import Chain, Row, Rows
from tests.support.raw import rows_of

Facts = dict[str, pa.Table]


def facts_of(made_up: Chain, day: date) -> Facts:
    """Every fact of a day, by table; raises what a transformer raised."""
    with _landed(made_up, day) as raw:
        made = {table.name: make_rows(raw, table) for table in catalog.tables(Kind.FACT)}
    for name, rows in made.items():
        if isinstance(rows, Exception):
            raise AssertionError(f"{name} of {day} failed") from rows
    return made


def day_of(block: Row) -> date:
    """The day on which a block lands."""
    return datetime.fromtimestamp(block["block_time"] or block["burn_block_time"], UTC).date()


@contextmanager
def _landed(made_up: Chain, day: date) -> Iterator[chain.RawDay]:
    hashes = {block["index_block_hash"] for block in made_up.tables["blocks"] if day_of(block) == day}
    ranges = burn_ranges(made_up, day)
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, rows in made_up.tables.items():
            ours = [_as_landed(row) for row in rows if _lands(name, row, hashes, ranges)]
            if ours:
                files[name] = Path(folder, f"{name}.parquet")
                pq.write_table(rows_of(name, ours), files[name])
        with chain.open_day(files, NEWEST, None, made_up.network, ranges) as raw:
            yield raw


def burn_ranges(made_up: Chain, day: date) -> Sequence[tuple[int, int]]:
    """The Bitcoin heights that a day owns: those above the block below each of its blocks, up to its own."""
    ranges, below = [], -1
    for block in made_up.blocks:
        if block["day"] == day and block["burn_block_height"] > below:
            ranges.append((below, block["burn_block_height"]))
        below = block["burn_block_height"]
    return ranges


def _lands(table: str, row: Row, hashes: set[bytes], ranges: Sequence[tuple[int, int]]) -> bool:
    if table == "pox_state":
        return True
    if table in BURN_TABLES:
        return any(above < row["burn_block_height"] <= up_to for above, up_to in ranges)
    return row["index_block_hash"] in hashes


def _as_landed(row: Row) -> Row:
    """A row of which a numeric that may exceed 64 bits is text."""
    return row | {"amount": str(row["amount"])} if "asset_identifier" in row and "amount" in row else row


def with_day(rows: pa.Table, day: date) -> Rows:
    """The rows of a fact, as a warehouse that they are written to has them."""
    return [{"day": day} | row for row in rows.to_pylist()]


__all__ = ["RAW_TYPES", "Any", "Facts", "facts_of", "with_day"]
