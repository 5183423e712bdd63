"""Land a tip snapshot: one consistent read of what is recent and of what waits, landed like a day."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import duckdb

from stacks_dataverse import chain, paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import DayBlocks, StacksDb
from stacks_dataverse.network import Network
from stacks_dataverse.quality import Check
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.runners import completeness, land
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TIP_COLUMNS, TipSnapshot
from stacks_dataverse.transformers.blocks import block_summary


def land_snapshot(
    source: StacksDb, archive: ObjectStore, warehouse: Warehouse, taken_at: datetime, checks: Sequence[Check]
) -> dict[str, Any]:
    """Land what the source says of its tip, in the source's one transaction; return the manifest, written last.

    Args:
        checks: what the snapshot is held against before it counts as landed.
    Raises:
        Retryable: the source has no block yet, or holds less than its blocks and transactions count.
        Terminal: the role may not read all that a snapshot takes.
    """
    tip, lowest = source.tip(), source.lowest()
    if tip is None or lowest is None:
        raise Retryable("stacks_db has no canonical block: there is no tip yet.")
    snapshot = TipSnapshot(taken_at, tip.time, warehouse.scalar(tip_queries.LAST_DAY, tip_height=tip.height))
    blocks = source.blocks_since(snapshot.start, owning_from=snapshot.since)
    manifest = snapshot.as_dict() | {
        "source_version": source.layout.api_version,
        "tip_height": tip.height,
        "lowest_height": lowest.height,
        "burn_ranges": blocks.burn_ranges,
        **block_summary(blocks.rows),
        "tables": _land_tables(source, archive, snapshot, blocks, checks),
    }
    archive.put_json(paths.TIP_MANIFEST.format(at=snapshot.at), manifest)
    return manifest


@contextmanager
def open_snapshot(
    archive: ObjectStore, manifest: Mapping[str, Any], network: Network
) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """Open a landed snapshot as `chain.canonical_day` does: in full, and only what came after the last loaded day."""
    since, owned = TipSnapshot.from_dict(manifest).since, manifest["burn_ranges"]
    with (
        land.open_files(archive, manifest["tables"], TIP_COLUMNS) as raw,
        chain.canonical_day(raw, TIP_COLUMNS, network=network, burn_ranges=owned) as full,
        chain.canonical_day(raw, TIP_COLUMNS, since, network, owned) as since_last_day,
    ):
        yield full, since_last_day


def read_manifest(archive: ObjectStore, at: str) -> dict[str, Any]:
    """Return the manifest of a landed snapshot; Retryable while there is none."""
    found = archive.get_json(paths.TIP_MANIFEST.format(at=at))
    if found is None:
        raise Retryable(f"the tip snapshot of {at} is not landed: run its landing task first.")
    return found


def _land_tables(
    source: StacksDb, archive: ObjectStore, snapshot: TipSnapshot, blocks: DayBlocks, checks: Sequence[Check]
) -> dict[str, Any]:
    source.refuse_hidden(TIP_COLUMNS)
    keys = {table: paths.TIP_TABLE.format(table=table, at=snapshot.at) for table in TIP_COLUMNS}
    file = archive.write_parquet(keys["blocks"], blocks.rows.schema, blocks.rows.to_batches())
    tables = {"blocks": file.as_dict() if file else land.NO_FILE}
    for table in TIP_COLUMNS.keys() - {"blocks"}:
        if table in source.layout.tables:
            tables[table] = land.table(source, archive, keys[table], table, blocks, TIP_COLUMNS[table])
        else:
            tables[table] = land.NO_FILE | {"note": source.layout.why_absent(table)}
    completeness.require(archive, tables, checks, f"the tip, height {blocks.heights[1]},")
    return dict(sorted(tables.items()))
