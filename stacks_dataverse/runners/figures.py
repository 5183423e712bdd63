"""Make the figures of each day's evening, which depend on every day before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from stacks_dataverse.dataset import Table
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.transformers import evening, transformer


def due_days(warehouse: Warehouse, tables: Sequence[Table]) -> list[date]:
    """Make the figures of every day that is due, in ascending order and one transaction; return those days.

    The state is carried back to the evening before the first of them by the ledgers, then forward in memory.
    No build changes the ledgers meanwhile.
    """
    with warehouse.transaction(STATE_LOCK):
        due = warehouse.read("SELECT day FROM built_days WHERE figures_due ORDER BY day")["day"].to_pylist()
        if due:
            _make(warehouse, tables, due)
    return due


def _make(warehouse: Warehouse, tables: Sequence[Table], due: Sequence[date]) -> None:
    days = warehouse.read(DAYS_SQL, first=due[0], last=due[-1])["day"].to_pylist()
    with _open_evening(warehouse, due[0]) as state:
        for day in days:
            _advance(warehouse, state, day)
            for table in tables if day in due else ():
                warehouse.replace_day(table.name, day, transformer(table.subject, table.name)(state), table.day_key)
    warehouse.execute("UPDATE built_days SET figures_due = false WHERE figures_due")


@contextmanager
def _open_evening(warehouse: Warehouse, first: date) -> Iterator[duckdb.DuckDBPyConnection]:
    balances = warehouse.read(BALANCES_SQL, first=first)
    supply = warehouse.scalar(f"SELECT {SUPPLY} FROM stx_supply_changes WHERE day < {{first}}", first=first)
    accounts = warehouse.scalar(ACCOUNTS_SQL, first=first)
    with evening.open_evening(balances, supply, accounts or 0) as state:
        yield state


def _advance(warehouse: Warehouse, state: duckdb.DuckDBPyConnection, day: date) -> None:
    evening.advance(
        state,
        changes=warehouse.read(CHANGES_SQL, day=day),
        supply_change_ustx=warehouse.scalar(f"SELECT {SUPPLY} FROM stx_supply_changes WHERE day = {{day}}", day=day),
        new_accounts=warehouse.scalar(NEW_ACCOUNTS_SQL, day=day),
        activity=warehouse.read(ACTIVITY_SQL, day=day),
    )


DAYS_SQL = "SELECT day FROM built_days WHERE day BETWEEN {first} AND {last} ORDER BY day"

SUPPLY = "COALESCE(sum(minted_ustx - burned_ustx + coinbase_ustx), 0)::bigint"

BALANCES_SQL = """
    SELECT address, balance_ustx - COALESCE(later.change_ustx, 0)::bigint AS balance_ustx
    FROM stx_balances
    LEFT JOIN (SELECT address, sum(change_ustx) AS change_ustx FROM stx_balance_changes
               WHERE day >= {first} GROUP BY address) AS later USING (address)
    WHERE position('.' IN address) = 0
"""

CHANGES_SQL = """
    SELECT address, change_ustx FROM stx_balance_changes WHERE day = {day} AND position('.' IN address) = 0
"""

ACCOUNTS_SQL = "SELECT total_accounts FROM daily_addresses WHERE day < {first} ORDER BY day DESC LIMIT 1"

NEW_ACCOUNTS_SQL = "SELECT count(*) FROM addresses WHERE first_day = {day} AND position('.' IN address) = 0"

ACTIVITY_SQL = "SELECT active_accounts, active_contracts, initiators FROM daily_activity WHERE day = {day}"
