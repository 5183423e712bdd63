"""The state of the chain's holders, carried in memory from one evening to the next.

A DuckDB with the tables that end-of-day figures are made from: `holdings` (accounts with a positive balance),
`supply`, `accounts` and `activity` of the day that was advanced to.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

TABLES = """
    CREATE TABLE balances (address VARCHAR, balance_ustx BIGINT);
    CREATE VIEW holdings AS SELECT * FROM balances WHERE balance_ustx > 0;
    CREATE TABLE supply (supply_ustx BIGINT);
    CREATE TABLE accounts (new_accounts BIGINT, total_accounts BIGINT);
    CREATE TABLE activity (active_accounts BIGINT, active_contracts BIGINT, initiators BIGINT)
"""


@contextmanager
def open_evening(balances: pa.Table, supply_ustx: int, total_accounts: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the state as it stood before the first day to come.

    Args:
        balances: `address`, `balance_ustx` of every account, contracts left out.
        supply_ustx: STX in existence, in µSTX.
        total_accounts: accounts ever seen.
    """
    with duckdb.connect() as state:
        state.execute(TABLES)
        state.register("balances_before", balances)
        state.execute("INSERT INTO balances SELECT address, balance_ustx FROM balances_before")
        state.unregister("balances_before")
        state.execute("INSERT INTO supply VALUES (?)", [supply_ustx])
        state.execute("INSERT INTO accounts VALUES (0, ?)", [total_accounts])
        yield state


def advance(
    state: duckdb.DuckDBPyConnection, changes: pa.Table, supply_change_ustx: int, new_accounts: int, activity: pa.Table
) -> None:
    """Carry the state over one day.

    Args:
        changes: the day's `address`, `change_ustx` of accounts.
        supply_change_ustx: what the day added to the supply, in µSTX.
        new_accounts: accounts first seen on the day.
        activity: the day's row of `daily_activity`, without its day.
    """
    state.register("changes", changes)
    state.execute("""
        UPDATE balances SET balance_ustx = balance_ustx + change_ustx
        FROM changes WHERE changes.address = balances.address
    """)
    state.execute("INSERT INTO balances SELECT address, change_ustx FROM changes ANTI JOIN balances USING (address)")
    state.unregister("changes")
    state.execute("UPDATE supply SET supply_ustx = supply_ustx + ?", [supply_change_ustx])
    state.execute("UPDATE accounts SET new_accounts = $1, total_accounts = total_accounts + $1", [new_accounts])
    state.execute("DELETE FROM activity")
    state.register("activity_rows", activity)
    state.execute("INSERT INTO activity BY NAME SELECT * FROM activity_rows")
    state.unregister("activity_rows")


def daily_addresses(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Active principals of the day, accounts first seen on it, and accounts seen up to it."""
    return state.sql("SELECT * FROM activity, accounts").to_arrow_table()
