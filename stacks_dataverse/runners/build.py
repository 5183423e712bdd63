"""Turn a day's raw files into the warehouse: its facts, its ledgers, and the running state on them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse import chain
from stacks_dataverse.dataset import Table
from stacks_dataverse.errors import Retryable
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.raw_tables import Reads, merge, with_keys
from stacks_dataverse.runners import land
from stacks_dataverse.stores import running_state
from stacks_dataverse.stores.digest import rows_digest
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import DAY_LOCK, STATE_LOCK, Warehouse
from stacks_dataverse.versions import version_of
from stacks_dataverse.window import Window


def day(
    archive: ObjectStore,
    warehouse: Warehouse,
    window: Window,
    tables: Sequence[Table],
    built_at: datetime,
    network: Network,
) -> dict[str, int]:
    """Build a landed day's facts and ledgers, whole and in one transaction; return the rows of each table."""
    manifest = read_manifest(archive, window)
    with open_raw(archive, manifest, merge(table.reads for table in tables), network) as raw:
        rows = make_facts(raw, tables)
    with warehouse.transaction(DAY_LOCK.format(day=window)):
        for table in tables:
            if not table.states:
                warehouse.replace_day(table.name, window.day, rows[table.name])
        warehouse.lock(STATE_LOCK)
        for table in tables:
            if table.states:
                update_states = running_state.updater(table.states)
                warehouse.replace_ledger_day(table.name, window.day, rows[table.name], update_states)
        figures = _figures(manifest, rows) | {"built_at": built_at, "facts_version": facts_version(tables, network)}
        _note_built(warehouse, window.day, figures)
    return {name: table.num_rows for name, table in rows.items()}


def make_facts(raw: chain.RawDay, tables: Iterable[Table]) -> dict[str, pa.Table]:
    """Return the rows of each table of a landed day, by its name."""
    return {table.name: make_rows(raw, table) for table in tables}


def make_rows(raw: chain.RawDay, table: Table) -> pa.Table:
    """Return the rows of a table of a landed day; Terminal when the source lacks a column that it reads."""
    with raw.canonical(with_keys(table.reads)) as day:
        return table.transform(day)


def read_manifest(archive: ObjectStore, window: Window) -> Manifest:
    """Return the manifest of a landed day; Retryable while there is none."""
    found = land.read_manifest(archive, window)
    if found is None:
        raise Retryable(f"{window} is not landed: run its landing tasks first.")
    return found


def note_later_due(warehouse: Warehouse, day: date) -> None:
    """Have the figures of all days after one made again, and published, for they stand on it."""
    warehouse.execute(
        "UPDATE built_days SET figures_due = true, revision = nextval('revisions') WHERE day > {day}", day=day
    )


@contextmanager
def open_raw(
    archive: ObjectStore, manifest: Manifest, reads: Reads, network: Network = MAINNET
) -> Iterator[chain.RawDay]:
    """Open the raw files of a landed day that some reads need, as `chain.open_day` does."""
    with (
        land.open_raw(archive, manifest, reads) as raw,
        chain.open_day(raw, land.origin(manifest), None, network, manifest.burn_ranges) as opened,
    ):
        yield opened


def facts_version(tables: Sequence[Table], network: Network) -> str:
    """Tell the code and the heights that make facts from any other: days that others built are not up to date."""
    made_by = [part for table in tables for part in (with_keys(table.reads), table.transform)]
    return version_of(chain.open_day, network.as_json(), *made_by)


def _figures(manifest: Manifest, rows: Mapping[str, pa.Table]) -> dict[str, Any]:
    tx_count = sum(rows["daily_transactions"]["tx_count"].to_pylist())
    figures = {name: getattr(manifest, name) for name in MANIFEST_FIGURES}
    return figures | {"tx_count": tx_count, "facts_digest": rows_digest(rows)}


def _note_built(warehouse: Warehouse, day: date, figures: Mapping[str, Any]) -> None:
    before = warehouse.scalar("SELECT facts_digest FROM built_days WHERE day = {day}", day=day)
    warehouse.execute("DELETE FROM loaded_days WHERE day = {day}", day=day)
    warehouse.execute(BUILT_SQL, day=day, **figures)
    if figures["facts_digest"] != before:
        note_later_due(warehouse, day)


MANIFEST_FIGURES = (
    "first_block_height",
    "last_block_height",
    "block_count",
    "blocks_digest",
    "settled",
    "landed_at",
    "chain_first_day",
)

BUILT_SQL = """
    INSERT INTO built_days (day, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
                            settled, landed_at, built_at, facts_digest, facts_version, figures_due, revision,
                            chain_first_day)
    VALUES ({day}, {first_block_height}, {last_block_height}, {block_count}, {tx_count}, {blocks_digest},
            {settled}, {landed_at}, {built_at}, {facts_digest}, {facts_version}, true, nextval('revisions'),
            {chain_first_day})
    ON CONFLICT (day) DO UPDATE SET
        first_block_height = excluded.first_block_height, last_block_height = excluded.last_block_height,
        block_count = excluded.block_count, tx_count = excluded.tx_count, blocks_digest = excluded.blocks_digest,
        settled = excluded.settled, landed_at = excluded.landed_at, built_at = excluded.built_at,
        facts_digest = excluded.facts_digest, facts_version = excluded.facts_version,
        figures_due = true, revision = excluded.revision, chain_first_day = excluded.chain_first_day
"""
