"""Make the end-of-day figures, which depend on every day before."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

import duckdb
import pyarrow as pa

from stacks_dataverse.dataset import EVERY_ROW, Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.network import Network
from stacks_dataverse.runners import built_tables, cycles, history
from stacks_dataverse.runners.built_tables import Record
from stacks_dataverse.runners.due import figure_version, mark_stale_figures
from stacks_dataverse.runners.waiting import Waiting
from stacks_dataverse.state import EndOfDayState
from stacks_dataverse.stores.digest import rows_digest
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse

log = logging.getLogger(__name__)

# A month of days is committed at once, so that a long task that was killed resumes where it stopped.
DAYS_A_TRANSACTION = 31

# The figures to make, by day.
Due = Mapping[date, Collection[Table]]


def make_due_figures(
    warehouse: Warehouse,
    tables: Sequence[Table],
    network: Network,
    report_progress: Callable[[int, int], None] = lambda done, of: None,
    only: Collection[str] | None = None,
) -> list[date]:
    """Make the figures that are due, in ascending order of days; return the days of which some were.

    The state is read from the ledgers as it was before the first of them, then advanced day by day in memory. No
    build changes the ledgers meanwhile. On a day whose past is missing, columns that depend on all of it are null.
    A figure that fails keeps the rows that it has, and its reason goes on record; the others are made. What reads a
    failed table waits.

    Args:
        tables: all end-of-day figures.
        report_progress: called after each commit with the days done, and the days in all.
        only: names of the figures to make; without it all.
    Raises:
        Terminal: the chain begins at another Bitcoin height than the network.
    """
    with warehouse.hold_lock(STATE_LOCK):
        with warehouse.transaction():
            mark_stale_figures(warehouse, tables, network)
            waiting = Waiting.of(warehouse, tables, only)
            due = _find_due(warehouse, tables, waiting, only)
        if due:
            _make(warehouse, waiting, due, cycles.read_cycles(warehouse, network), network, report_progress)
    return sorted(due)


def compute(warehouse: Warehouse, tables: Sequence[Table], day: date, network: Network) -> dict[str, pa.Table]:
    """Return what some figures of a day come to, by name; nothing is written.

    Raises:
        Exception: of the first that fails, as its transformer, state or query has it.
    """
    states, has_past = engine.states_of(tables), day in history.read_whole_days(warehouse, day, day)
    cycles_of_chain = cycles.read_cycles(warehouse, network)
    with _open_states(warehouse, states, day) as (state, broken), warehouse.transaction():
        _advance(warehouse, state, states, broken, day)
        for error in _read_inputs(warehouse, state, broken, tables, day, cycles_of_chain).values():
            raise error
        return {table.name: _rows_of(table, state, has_past=has_past) for table in tables}


def _find_due(warehouse: Warehouse, tables: Sequence[Table], waiting: Waiting, only: Collection[str] | None) -> Due:
    """The figures that are due and need not wait, by day; those that must wait are recorded so."""
    due: dict[date, list[Table]] = {}
    by_name = {table.name: table for table in tables if only is None or table.name in only}
    for row in warehouse.read(DUE_SQL).to_pylist():
        table = by_name.get(row["table_name"])
        if table and not waiting.must_wait(warehouse, table, row["day"]):
            due.setdefault(row["day"], []).append(table)
    return due


def _make(
    warehouse: Warehouse,
    waiting: Waiting,
    due: Due,
    cycles_of_chain: Network,
    network: Network,
    report_progress: Callable[[int, int], None],
) -> None:
    days = warehouse.read(DAYS_SQL, first=min(due), last=max(due))["day"].to_pylist()
    complete = history.read_whole_days(warehouse, min(due), max(due))
    states = engine.states_of(table for tables in due.values() for table in tables)
    with _open_states(warehouse, states, min(due)) as (state, broken):
        for start in range(0, len(days), DAYS_A_TRANSACTION):
            some = days[start : start + DAYS_A_TRANSACTION]
            with warehouse.transaction():
                for day in some:
                    tables = [table for table in due.get(day, ()) if not waiting.must_wait(warehouse, table, day)]
                    _advance(warehouse, state, states, broken, day)
                    failed = _read_inputs(warehouse, state, broken, tables, day, cycles_of_chain)
                    made = failed | _write_all(warehouse, state, tables, failed, day, has_past=day in complete)
                    _record(warehouse, waiting, day, tables, made, network)
            report_progress(start + len(some), len(days))


@contextmanager
def _open_states(
    warehouse: Warehouse, states: Sequence[EndOfDayState], first: date
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Exception]]]:
    """Open the states as they were before a day, and which of them could not be read, each with why."""
    opening: dict[str, pa.Table] = {}
    broken: dict[str, Exception] = {}
    with warehouse.transaction():
        for each in states:
            rows, error = built_tables.attempt(
                warehouse, partial(engine.read_opening_state, warehouse.read, [each], first)
            )
            opening |= rows or {}
            broken |= {each.name: error} if error else {}
    with engine.open_state(opening) as state:
        yield state, broken


def _write_all(
    warehouse: Warehouse,
    state: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    failed: Collection[str],
    day: date,
    *,
    has_past: bool,
) -> dict[str, pa.Table | Exception]:
    ready = [table for table in tables if table.name not in failed]
    return {table.name: _write(warehouse, state, table, day, has_past=has_past) for table in ready}


def _write(
    warehouse: Warehouse, state: duckdb.DuckDBPyConnection, table: Table, day: date, *, has_past: bool
) -> pa.Table | Exception:
    """Replace a figure's rows of a day; return them, or the error where that fails."""

    def replace() -> pa.Table:
        rows = _rows_of(table, state, has_past=has_past)
        warehouse.replace_day(table.name, day, rows, table.day_key)
        return rows

    rows, error = built_tables.attempt(warehouse, replace)
    return error or rows


def _rows_of(table: Table, state: duckdb.DuckDBPyConnection, *, has_past: bool) -> pa.Table:
    rows = table.transform(state)
    return rows if has_past else _without_past(table, rows)


def _record(
    warehouse: Warehouse,
    waiting: Waiting,
    day: date,
    tables: Sequence[Table],
    made: Mapping[str, pa.Table | Exception],
    network: Network,
) -> None:
    """Record which code made the figures of a day, or why one failed; days that show other rows are due."""
    digests = {name: rows_digest({name: rows}) for name, rows in made.items() if isinstance(rows, pa.Table)}
    before = built_tables.read_digests(warehouse, day)
    if any(before.get(name) != digest for name, digest in digests.items()):
        built_tables.publish_again(warehouse, day)
    failures = {name: built_tables.text_of(error) for name, error in made.items() if isinstance(error, Exception)}
    for name in failures:
        log.error("%s: %s failed, and keeps the rows that it had.", day, name, exc_info=made[name])
        waiting.add(name, day)
    versions = {table.name: figure_version(table, network) for table in tables}
    records = [Record(name, versions[name], digest=digests.get(name), failure=failures.get(name)) for name in made]
    built_tables.record(warehouse, day, records)


def _without_past(table: Table, rows: pa.Table) -> pa.Table:
    """The rows of a day whose past is missing: columns that depend on all of it are null."""
    if table.cumulative == EVERY_ROW:
        return rows.slice(0, 0)
    for name in table.cumulative:
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, pa.nulls(rows.num_rows, rows.schema.field(name).type))
    return rows


def _advance(
    warehouse: Warehouse,
    state: duckdb.DuckDBPyConnection,
    states: Sequence[EndOfDayState],
    broken: dict[str, Exception],
    day: date,
) -> None:
    """Advance each state by a day; one that fails is broken from that day on, with why."""

    def advance(each: EndOfDayState) -> None:
        engine.advance(state, [each], {each.changes: warehouse.read(each.daily_changes, day=day)})

    for each in states:
        if each.name not in broken:
            _, error = built_tables.attempt(warehouse, partial(advance, each))
            broken |= {each.name: error} if error else {}


def _read_inputs(
    warehouse: Warehouse,
    state: duckdb.DuckDBPyConnection,
    broken: Mapping[str, Exception],
    tables: Sequence[Table],
    day: date,
    network: Network,
) -> dict[str, pa.Table | Exception]:
    """Read the inputs of a day's figures; return the figures whose states or queries failed, each with why."""
    failed = {
        table.name: broken[each.name] for table in tables for each in table.end_of_day_states if each.name in broken
    }
    inputs: dict[str, pa.Table] = {}
    for table in tables:
        for name in table.inputs.keys() - inputs.keys():
            read = partial(warehouse.read, table.inputs[name], day=day, **network.values)
            rows, error = built_tables.attempt(warehouse, read)
            if error:
                failed[table.name] = error
            else:
                inputs[name] = rows
    engine.advance(state, [], inputs)
    return failed


DAYS_SQL = "SELECT day FROM built_days WHERE day BETWEEN {first} AND {last} ORDER BY day"
DUE_SQL = "SELECT table_name, day FROM built_tables JOIN built_days USING (day) WHERE due ORDER BY table_name, day"
