"""Make the figures of each day's evening, which depend on every day before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date

import duckdb

from stacks_dataverse.dataset import Table
from stacks_dataverse.pox import Pox
from stacks_dataverse.runners import carried
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.transformers import evening, transformer


def due_days(warehouse: Warehouse, tables: Sequence[Table], pox: Pox) -> list[date]:
    """Make the figures of every day that is due, in ascending order and one transaction; return those days.

    The state is taken from the ledgers as of the evening before the first of them, then carried forward in
    memory. No build changes the ledgers meanwhile.
    """
    with warehouse.transaction(STATE_LOCK):
        due = warehouse.read("SELECT day FROM built_days WHERE figures_due ORDER BY day")["day"].to_pylist()
        if due:
            _make(warehouse, tables, due, pox)
    return due


def _make(warehouse: Warehouse, tables: Sequence[Table], due: Sequence[date], pox: Pox) -> None:
    days = warehouse.read(DAYS_SQL, first=due[0], last=due[-1])["day"].to_pylist()
    with _open_evening(warehouse, due[0]) as state:
        for day in days:
            _advance(warehouse, state, tables, day, pox)
            for table in tables if day in due else ():
                warehouse.replace_day(table.name, day, transformer(table.subject, table.name)(state), table.day_key)
    warehouse.execute("UPDATE built_days SET figures_due = false WHERE figures_due")


@contextmanager
def _open_evening(warehouse: Warehouse, first: date) -> Iterator[duckdb.DuckDBPyConnection]:
    height = warehouse.scalar(carried.BURN_BLOCK_HEIGHT, first=first) or 0
    before = {
        table: warehouse.read(sql, first=first, burn_block_height=height) for table, sql in carried.BEFORE.items()
    }
    with evening.open_evening(before) as state:
        yield state


def _advance(
    warehouse: Warehouse, state: duckdb.DuckDBPyConnection, tables: Sequence[Table], day: date, pox: Pox
) -> None:
    queries = dict(carried.BROUGHT)
    for table in tables:
        queries |= table.inputs
    evening.advance(state, {name: warehouse.read(sql, day=day, **asdict(pox)) for name, sql in queries.items()})


DAYS_SQL = "SELECT day FROM built_days WHERE day BETWEEN {first} AND {last} ORDER BY day"
