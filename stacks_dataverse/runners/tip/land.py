"""Land a tip snapshot: one consistent read of the newest blocks and of the mempool, landed like a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from stacks_dataverse import chain, paths
from stacks_dataverse.data_check import Check
from stacks_dataverse.dataset import Table
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import DayBlocks, StacksDb
from stacks_dataverse.manifest import EmptyTable, LandedTable
from stacks_dataverse.mempool import MEMPOOL_TABLE, MEMPOOL_TYPES
from stacks_dataverse.network import Network
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.raw_tables import Reads, merge, with_keys
from stacks_dataverse.runners import completeness, land, raw_archive
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot, TipWindow
from stacks_dataverse.transformers.blocks import block_summary
from stacks_dataverse.transformers.tip import TIP_READS


def land_snapshot(
    source: StacksDb,
    archive: ObjectStore,
    warehouse: Warehouse,
    taken_at: datetime,
    tables: Sequence[Table],
    checks: Sequence[Check],
) -> TipSnapshot:
    """Land the tip of the source, in one transaction of the source; return the manifest, written last.

    Args:
        tables: those that are built from it; only the columns that they and the checks read are landed.
        checks: those that the snapshot must pass before it counts as landed.
    Raises:
        Retryable: the source has no block yet, or holds less than its blocks and transactions count.
    """
    tip, lowest = source.tip(), source.lowest()
    if tip is None or lowest is None:
        raise Retryable("stacks_db has no canonical block yet: there is no tip to read.")
    window = TipWindow(taken_at, tip.time, warehouse.scalar(tip_queries.LAST_DAY, tip_height=tip.height))
    blocks = source.blocks_since(window.start, owning_from=window.since)
    snapshot = TipSnapshot(
        **vars(window), source_version=source.layout.api_version, tip_height=tip.height, lowest_height=lowest.height,
        burn_ranges=blocks.burn_ranges, **block_summary(blocks.rows),
        tables=_land_tables(source, archive, window.at, blocks, tables, checks),
    )  # fmt: skip
    archive.put_json(paths.TIP_MANIFEST.format(at=window.at), snapshot.to_json())
    return snapshot


@contextmanager
def open_snapshot(
    archive: ObjectStore, snapshot: TipSnapshot, tables: Iterable[Table], network: Network
) -> Iterator[tuple[chain.RawDay, chain.RawDay]]:
    """Open a landed snapshot as `chain.open_day` does: in full, and only what came after the last loaded day.

    Args:
        tables: those that are built from it.
    """
    owned, origin = snapshot.burn_ranges, raw_archive.origin_of(snapshot)
    with (
        raw_archive.open_raw(archive, snapshot, _reads(*tables)) as raw,
        chain.open_day(raw, origin, None, network, owned) as full,
        chain.open_day(raw, origin, snapshot.since, network, owned) as since_last_day,
    ):
        yield full, since_last_day


def read_snapshot(archive: ObjectStore, at: str) -> TipSnapshot:
    """Return the manifest of a landed tip snapshot; Retryable while there is none."""
    content = archive.get_json(paths.TIP_MANIFEST.format(at=at))
    if content is None:
        raise Retryable(f"The tip snapshot of {at} is not landed; run its landing task first.")
    return TipSnapshot.from_json(content)


def _land_tables(
    source: StacksDb,
    archive: ObjectStore,
    at: str,
    blocks: DayBlocks,
    tables: Sequence[Table],
    checks: Sequence[Check],
) -> dict[str, LandedTable]:
    columns = landed_columns(tables, checks)
    keys = {table: paths.TIP_TABLE.format(table=table, at=at) for table in columns}
    with archive.together() as together:
        written = together.write_parquet(keys["blocks"], blocks.rows.schema, blocks.rows.to_batches())
        files: dict[str, LandedTable] = {"blocks": written or EmptyTable()}
        for table in columns.keys() - {"blocks"}:
            if table in source.layout.tables:
                files[table] = land.land_table(source, together, keys[table], table, blocks, columns[table])
            else:
                files[table] = EmptyTable(source.layout.why_absent(table))
    archive.delete(*(keys[table] for table, file in files.items() if isinstance(file, EmptyTable)))
    completeness.require_complete(archive, files, checks, f"the tip, height {blocks.heights[1]},")
    return dict(sorted(files.items()))


def landed_columns(tables: Iterable[Table], checks: Iterable[Check]) -> dict[str, Mapping[str, str]]:
    """The columns that land for some tables and checks, with their types, by raw table; of the mempool all.

    The mempool cannot be read again later.
    """
    return with_keys(_reads(*tables, *checks)) | {MEMPOOL_TABLE: MEMPOOL_TYPES}


def _reads(*readers: Table | Check) -> Reads:
    return merge([*(reader.reads for reader in readers), TIP_READS])
