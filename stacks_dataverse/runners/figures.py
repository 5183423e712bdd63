"""Make the figures of each day's evening, which depend on every day before."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb
import pyarrow as pa

from stacks_dataverse.dataset import EVERY_ROW, Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.network import Network
from stacks_dataverse.runners import cycles, history
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse

# A month of evenings is made last at once, so that a long step that was killed goes on where it stopped.
DAYS_A_TRANSACTION = 31


def due_days(
    warehouse: Warehouse,
    tables: Sequence[Table],
    network: Network,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> list[date]:
    """Make the figures of every day that is due, in ascending order; return those days.

    The state is taken from the ledgers as of the evening before the first of them, then carried forward in
    memory. No build changes the ledgers meanwhile. On a day whose past is missing, what stands on all of it is null.

    Args:
        told: called with every so many days that are made for good: how many, of how many.
    Raises:
        Terminal: the chain begins at another Bitcoin height than the network.
    """
    with warehouse.holding(STATE_LOCK):
        due = warehouse.read("SELECT day FROM built_days WHERE figures_due ORDER BY day")["day"].to_pylist()
        if due:
            _make(warehouse, tables, due, cycles.of_the_days(warehouse, network), told)
    return due


def _make(
    warehouse: Warehouse,
    tables: Sequence[Table],
    due: Sequence[date],
    network: Network,
    told: Callable[[int, int], None],
) -> None:
    days = warehouse.read(DAYS_SQL, first=due[0], last=due[-1])["day"].to_pylist()
    whole = history.whole_days(warehouse, due[0], due[-1])
    with _open_state(warehouse, tables, due[0]) as state:
        for start in range(0, len(days), DAYS_A_TRANSACTION):
            some = days[start : start + DAYS_A_TRANSACTION]
            with warehouse.transaction():
                for day in some:
                    _advance(warehouse, state, tables, day, network)
                    _write(warehouse, state, tables if day in due else (), day, has_past=day in whole)
                warehouse.execute(MADE_SQL, last=some[-1])
            told(start + len(some), len(days))


def _write(
    warehouse: Warehouse, state: duckdb.DuckDBPyConnection, tables: Sequence[Table], day: date, *, has_past: bool
) -> None:
    for table in tables:
        rows = table.transform(state)
        warehouse.replace_day(table.name, day, rows if has_past else _without_past(table, rows), table.day_key)


def _without_past(table: Table, rows: pa.Table) -> pa.Table:
    """What is known of a day whose past is missing: columns that stand on all of it are null."""
    if table.cumulative == EVERY_ROW:
        return rows.slice(0, 0)
    for name in table.cumulative:
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, pa.nulls(rows.num_rows, rows.schema.field(name).type))
    return rows


@contextmanager
def _open_state(warehouse: Warehouse, tables: Sequence[Table], first: date) -> Iterator[duckdb.DuckDBPyConnection]:
    opening = engine.opening_state(warehouse.read, engine.states_of(tables), first)
    with engine.open_state(opening) as state:
        yield state


def _advance(
    warehouse: Warehouse, state: duckdb.DuckDBPyConnection, tables: Sequence[Table], day: date, network: Network
) -> None:
    queries = engine.daily_queries(tables)
    inputs = {name: warehouse.read(sql, day=day, **network.values) for name, sql in queries.items()}
    engine.advance(state, engine.states_of(tables), inputs)


MADE_SQL = "UPDATE built_days SET figures_due = false WHERE figures_due AND day <= {last}"

DAYS_SQL = "SELECT day FROM built_days WHERE day BETWEEN {first} AND {last} ORDER BY day"
