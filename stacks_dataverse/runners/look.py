"""Look at the chain's tip: one consistent read of what is recent and of what waits, landed like a day."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import duckdb

from stacks_dataverse import chain, paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import DayBlocks, StacksDb
from stacks_dataverse.look import LOOK_COLUMNS, TipSnapshot, TipWindow
from stacks_dataverse.manifest import EmptyTable, LandedTable
from stacks_dataverse.network import Network
from stacks_dataverse.quality import Check
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.runners import completeness, land
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.transformers.blocks import block_summary


def landed(
    source: StacksDb, archive: ObjectStore, warehouse: Warehouse, taken_at: datetime, checks: Sequence[Check]
) -> TipSnapshot:
    """Land what the source says of its tip, in the source's one transaction; return the manifest, written last.

    Args:
        checks: what the look is held against before it counts as landed.
    Raises:
        Retryable: the source has no block yet, or holds less than its blocks and transactions count.
        Terminal: the role may not read all that a look takes.
    """
    tip, lowest = source.tip(), source.lowest()
    if tip is None or lowest is None:
        raise Retryable("stacks_db has no canonical block: there is no tip to look at yet.")
    window = TipWindow(taken_at, tip.time, warehouse.scalar(tip_queries.LAST_DAY, tip_height=tip.height))
    blocks = source.blocks_since(window.start, owning_from=window.since)
    snapshot = TipSnapshot(
        **vars(window), source_version=source.layout.api_version, tip_height=tip.height, lowest_height=lowest.height,
        burn_ranges=blocks.burn_ranges, **block_summary(blocks.rows),
        tables=_land_tables(source, archive, window.at, blocks, checks),
    )  # fmt: skip
    archive.put_json(paths.LIVE_MANIFEST.format(at=window.at), snapshot.to_json())
    return snapshot


@contextmanager
def opened(
    archive: ObjectStore, snapshot: TipSnapshot, network: Network
) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """Open a landed look as `chain.canonical_day` does: whole, and only what came after the last loaded day."""
    owned = snapshot.burn_ranges
    with (
        land.open_files(archive, snapshot.tables, LOOK_COLUMNS) as raw,
        chain.canonical_day(raw, LOOK_COLUMNS, network=network, burn_ranges=owned) as whole,
        chain.canonical_day(raw, LOOK_COLUMNS, snapshot.since, network, owned) as later,
    ):
        yield whole, later


def manifest(archive: ObjectStore, at: str) -> TipSnapshot:
    """Return the manifest of a landed tip snapshot; Retryable while there is none."""
    found = archive.get_json(paths.LIVE_MANIFEST.format(at=at))
    if found is None:
        raise Retryable(f"the look at {at} is not landed: run its landing task first.")
    return TipSnapshot.from_json(found)


def _land_tables(
    source: StacksDb, archive: ObjectStore, at: str, blocks: DayBlocks, checks: Sequence[Check]
) -> dict[str, LandedTable]:
    source.refuse_hidden(LOOK_COLUMNS)
    keys = {table: paths.LIVE_TABLE.format(table=table, at=at) for table in LOOK_COLUMNS}
    file = archive.write_parquet(keys["blocks"], blocks.rows.schema, blocks.rows.to_batches())
    tables: dict[str, LandedTable] = {"blocks": file or EmptyTable()}
    for table in LOOK_COLUMNS.keys() - {"blocks"}:
        if table in source.layout.tables:
            tables[table] = land.table(source, archive, keys[table], table, blocks, LOOK_COLUMNS[table])
        else:
            tables[table] = EmptyTable(source.layout.why_absent(table))
    completeness.require(archive, tables, checks, f"the tip, height {blocks.heights[1]},")
    return dict(sorted(tables.items()))
