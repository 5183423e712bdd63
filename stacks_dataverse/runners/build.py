"""Build the facts, ledgers and running state of a day in the warehouse, from its raw files."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pyarrow as pa

from stacks_dataverse import chain
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.errors import Retryable
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.raw_tables import Reads, merge, with_keys
from stacks_dataverse.runners import built_tables, due, lineage, raw_archive
from stacks_dataverse.stores import running_state
from stacks_dataverse.stores.digest import rows_digest
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import DAY_LOCK, STATE_LOCK, Warehouse
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

# The rows of a table of a day, or why there are none.
Rows = pa.Table | Exception


def build_day(
    archive: ObjectStore,
    warehouse: Warehouse,
    window: Window,
    tables: Sequence[Table],
    built_at: datetime,
    network: Network,
    only: Collection[str] | None = None,
) -> dict[str, int]:
    """Build a landed day's facts and ledgers, in one transaction; return the rows of each table that was made.

    A table that fails keeps the rows that it has, and its error is recorded; the others are built. Figures that read
    a table that changed or failed become due, of this day and of later ones.

    Args:
        tables: all facts and end-of-day figures of the warehouse.
        only: names of the facts to build; without it all, and all figures of the day are due.
    Raises:
        Retryable: the day was landed again meanwhile: what was made of the former files must not replace what another
            run may have built of the present ones.
    """
    manifest, facts = read_manifest(archive, window), facts_of(tables, only)
    figures = [table for table in tables if table.kind is Kind.FIGURE]
    with (
        open_raw(archive, manifest, merge(table.reads for table in facts), network) as raw,
        made_meanwhile(raw, facts) as made,
        warehouse.transaction(DAY_LOCK.format(day=window)),
    ):
        _refuse_landed_again(archive, manifest, window)
        rows = _replace_all(warehouse, window.day, facts, made)
        origins = {fact.name: _origin(fact, manifest, network, built_at) for fact in facts}
        changed = _record_tables(warehouse, window.day, facts, rows, origins)
        readers = _record_day(warehouse, manifest, built_at, changed, figures)
        due_today = figures if len(facts) == len(facts_of(tables)) else readers
        built_tables.mark_due(warehouse, [figure.name for figure in due_today], window.day, window.day)
    return {name: table.num_rows for name, table in rows.items() if isinstance(table, pa.Table)}


@contextmanager
def made_meanwhile(raw: chain.RawDay, tables: Iterable[Table]) -> Iterator[dict[str, Future[Rows]]]:
    """Make the rows of each table of a landed day, ledgers first, one after another in a thread.

    Yields the rows to come, or why there are none, by the name of their table, when those of all ledgers are there.
    Rows that are not begun at the end are not made.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        try:
            ledgers_first = sorted(tables, key=lambda table: not table.states)
            made = {table.name: maker.submit(make_rows, raw, table) for table in ledgers_first}
            wait(made[table.name] for table in tables if table.states)
            yield made
        finally:
            maker.shutdown(cancel_futures=True)


def make_rows(raw: chain.RawDay, table: Table) -> Rows:
    """Return the rows of a table of a landed day, or why it has none: its code failed, or a column is missing."""
    try:
        with raw.canonical(with_keys(table.reads)) as day:
            return table.transform(day)
    except Exception as error:
        return error


def read_manifest(archive: ObjectStore, window: Window) -> Manifest:
    """Return the manifest of a landed day; Retryable while there is none."""
    manifest = raw_archive.read_manifest(archive, window)
    if manifest is None:
        raise Retryable(f"{window} is not landed; run its landing tasks first.")
    return manifest


def _refuse_landed_again(archive: ObjectStore, manifest: Manifest, window: Window) -> None:
    if read_manifest(archive, window) != manifest:
        raise Retryable(f"{window} was landed again while it was built. Nothing was changed; build it again.")


def mark_later_due(warehouse: Warehouse, day: date, figures: Sequence[Table]) -> None:
    """Mark figures of all days after one as due, and the days to be published again, because they depend on it."""
    later = day + timedelta(days=1)
    built_tables.mark_due(warehouse, [figure.name for figure in figures], later)
    built_tables.publish_again(warehouse, later)


@contextmanager
def open_raw(
    archive: ObjectStore, manifest: Manifest, reads: Reads, network: Network = MAINNET
) -> Iterator[chain.RawDay]:
    """Open the raw files of a landed day that some reads need, as `chain.open_day` does."""
    with (
        raw_archive.open_raw(archive, manifest, reads) as raw,
        chain.open_day(raw, raw_archive.origin_of(manifest), None, network, manifest.burn_ranges) as opened,
    ):
        yield opened


def facts_of(tables: Sequence[Table], only: Collection[str] | None = None) -> list[Table]:
    """The facts among tables; of some names, where they are given."""
    return [table for table in tables if table.kind is Kind.FACT and (only is None or table.name in only)]


def _replace_all(
    warehouse: Warehouse, day: date, facts: Sequence[Table], made: Mapping[str, Future[Rows]]
) -> dict[str, Rows]:
    """Replace the rows of a day's facts, under the lock on the running state; return what each then has.

    Ledgers are replaced first: they take the warehouse longest, and the other facts are made meanwhile.
    """
    ledgers, others = [fact for fact in facts if fact.states], [fact for fact in facts if not fact.states]
    warehouse.lock(STATE_LOCK)
    rows = _replace_rows(warehouse, day, ledgers, {ledger.name: made[ledger.name].result() for ledger in ledgers})
    return rows | _replace_rows(warehouse, day, others, {other.name: made[other.name].result() for other in others})


def _replace_rows(
    warehouse: Warehouse, day: date, tables: Sequence[Table], rows: Mapping[str, Rows]
) -> dict[str, Rows]:
    """Replace the rows of a day, and update the running state on them; return what each table then has."""
    made: dict[str, Rows] = {}
    for table in tables:
        step = partial(warehouse.replace_day, table.name, day, rows[table.name])
        if table.states:
            update_state = running_state.state_updater(table.states)
            step = partial(warehouse.replace_ledger_day, table.name, day, rows[table.name], update_state)
        failed = isinstance(rows[table.name], Exception)
        _, error = (None, rows[table.name]) if failed else built_tables.attempt(warehouse, step)
        made[table.name] = error or rows[table.name]
    return made


def _origin(table: Table, manifest: Manifest, network: Network, built_at: datetime) -> dict[str, Any]:
    return {
        "version": due.fact_version(table, network),
        "raw_digest": due.raw_digest(table, manifest),
        "built_at": built_at,
    }


def _record_tables(
    warehouse: Warehouse,
    day: date,
    facts: Sequence[Table],
    rows: Mapping[str, Rows],
    origins: Mapping[str, Mapping[str, Any]],
) -> set[str]:
    """Record what facts of a day are made of, or why they failed; return the names of those that changed or failed.

    A running state is recorded, and among the names, with its ledger.
    """
    before = {row["table_name"]: row for row in warehouse.read(BEFORE_SQL, day=day).to_pylist()}
    changed: set[str] = set()
    records: list[built_tables.Record] = []
    for table in facts:
        names, held, made = {table.name, *table.states}, before.get(table.name), rows[table.name]
        failure = _describe_failure(day, table, made)
        digest = (held or {}).get("digest") if failure else rows_digest({table.name: made})
        records += [built_tables.Record(name, **origins[table.name], digest=digest, failure=failure) for name in names]
        if held is None or failure or held["failure"] or digest != held["digest"]:
            changed |= names
    built_tables.record(warehouse, day, records)
    built_tables.record_unbuilt(warehouse, day, [each.table_name for each in records if each.table_name not in before])
    return changed


def _describe_failure(day: date, table: Table, rows: Rows) -> str | None:
    if not isinstance(rows, Exception):
        return None
    log.error("%s: %s failed, and keeps the rows that it had.", day, table.name, exc_info=rows)
    return built_tables.text_of(rows)


def _record_day(
    warehouse: Warehouse, manifest: Manifest, built_at: datetime, changed: Collection[str], figures: Sequence[Table]
) -> Sequence[Table]:
    """Record a day as built, and mark what becomes due on later days; return the figures that are due.

    Args:
        changed: names of its tables that changed or failed.
    """
    day = manifest.day
    heights = warehouse.read(HEIGHTS_SQL, day=day)
    warehouse.execute("DELETE FROM loaded_days WHERE day = {day}", day=day)
    figures_of_day = {name: getattr(manifest, name) for name in MANIFEST_FIGURES}
    warehouse.execute(BUILT_SQL, day=day, built_at=built_at, **figures_of_day)
    # Whether a later day has all of its past before it goes by heights alone.
    moved = warehouse.read(HEIGHTS_SQL, day=day) != heights
    readers = figures if moved else lineage.readers(changed, figures)
    if moved or changed:
        mark_later_due(warehouse, day, [figure for figure in readers if lineage.spans(figure, figures)])
    return readers


MANIFEST_FIGURES = (
    *("first_block_height", "last_block_height", "block_count", "blocks_digest", "settled", "landed_at"),
    "chain_first_day",
)

BEFORE_SQL = "SELECT table_name, digest, failure FROM built_tables WHERE day = {day}"

HEIGHTS_SQL = "SELECT first_block_height, last_block_height, block_count FROM built_days WHERE day = {day}"

# `facts_digest`, `facts_version` and `figures_due` are for releases before `built_tables`, should one go on with this
# warehouse: to them the day is of other code, and its figures are due. What they write there tells us that they did.
BUILT_SQL = """
    INSERT INTO built_days (day, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
                            settled, landed_at, built_at, facts_digest, facts_version, figures_due, revision,
                            chain_first_day)
    VALUES ({day}, {first_block_height}, {last_block_height}, {block_count},
            (SELECT COALESCE(sum(tx_count), 0) FROM daily_transactions WHERE day = {day}), {blocks_digest},
            {settled}, {landed_at}, {built_at}, '', NULL, true, nextval('revisions'), {chain_first_day})
    ON CONFLICT (day) DO UPDATE SET
        first_block_height = excluded.first_block_height, last_block_height = excluded.last_block_height,
        block_count = excluded.block_count, tx_count = excluded.tx_count, blocks_digest = excluded.blocks_digest,
        settled = excluded.settled, landed_at = excluded.landed_at, built_at = excluded.built_at,
        facts_digest = excluded.facts_digest, facts_version = excluded.facts_version,
        revision = excluded.revision, chain_first_day = excluded.chain_first_day
"""
