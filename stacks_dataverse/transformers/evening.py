"""The chain's state as of an evening, carried in memory from one evening to the next.

A DuckDB with the tables that end-of-day figures are made from. Some are carried: what the state was before the
first day, brought along by what each day changed. The others are what the warehouse says of the day alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from stacks_dataverse.event_order import EVENT_ORDER, LATEST_FIRST

PLACE = dict.fromkeys(EVENT_ORDER, "INTEGER")
LOCK = {"pox_version": "SMALLINT", "locked_ustx": "BIGINT", "unlock_height": "BIGINT"}

# Carried: everyone's balance; of each principal the latest lock, and of each stacker the latest delegated one.
CARRIED: dict[str, dict[str, str]] = {
    "balances": {"address": "VARCHAR", "balance_ustx": "BIGINT"},
    "locks": {"address": "VARCHAR"} | PLACE | LOCK,
    "delegated": {"stacker": "VARCHAR", "delegate": "VARCHAR"} | PLACE | LOCK,
}

# Of the day: what it changed of the carried state, and figures that need no more than a look into the warehouse.
OF_THE_DAY: dict[str, dict[str, str]] = {
    "balance_changes": {"address": "VARCHAR", "change_ustx": "BIGINT"},
    "new_locks": CARRIED["locks"],
    "new_delegated": CARRIED["delegated"],
    "activity": {"active_accounts": "BIGINT", "active_contracts": "BIGINT", "initiators": "BIGINT"},
    "accounts": {"new_accounts": "BIGINT", "total_accounts": "BIGINT"},
    "supply": {"supply_ustx": "BIGINT"},
    "fees": {"fees_paid_ustx": "BIGINT", "matured_fees_ustx": "BIGINT"},
    "pox": {
        "last_burn_block_height": "BIGINT",
        "pox_v1_unlock_height": "BIGINT",
        "pox_v2_unlock_height": "BIGINT",
        "pox_v3_unlock_height": "BIGINT",
        "pox_v4_unlock_height": "BIGINT",
        "cycle": "INTEGER",
        "min_threshold_ustx": "BIGINT",
    },
    "rewards": {"burn_block_height": "INTEGER", "cycle": "INTEGER", "reward_sats": "BIGINT", "miner_sats": "BIGINT"},
    "distributions": {
        "cycle": "INTEGER",
        "stx_staker_sats": "BIGINT",
        "bond_sats": "BIGINT",
        "reserve_sats": "BIGINT",
    },
    "nft_activity": {
        "asset_identifier": "VARCHAR",
        "mints": "BIGINT",
        "burns": "BIGINT",
        "transfers": "BIGINT",
        "sales": "BIGINT",
        "sales_ustx": "BIGINT",
        "paid_mints": "BIGINT",
        "mint_ustx": "BIGINT",
        "holders_before": "BIGINT",
    },
    "nft_tokens_moved": {
        "asset_identifier": "VARCHAR",
        "token_value": "BLOB",
        "owner_before": "VARCHAR",
        "owner": "VARCHAR",
        "owner_before_held": "BIGINT",
        "owner_held": "BIGINT",
    },
    "nft_tokens_before": {"tokens": "BIGINT"},
    "nft_receipts": {
        "block_height": "INTEGER",
        "tx_id": "VARCHAR",
        "event_index": "INTEGER",
        "asset_identifier": "VARCHAR",
        "token_value": "BLOB",
        "seller": "VARCHAR",
        "buyer": "VARCHAR",
        "paid_ustx": "BIGINT",
        "depositor": "VARCHAR",
        "is_decided": "BOOLEAN",
    },
}

# What accounts hold: a contract's principal has a dot.
HOLDINGS = "CREATE VIEW holdings AS SELECT * FROM balances WHERE balance_ustx > 0 AND NOT contains(address, '.')"

STEPS = f"""
    UPDATE balances SET balance_ustx = balance_ustx + change_ustx
    FROM balance_changes AS changes WHERE changes.address = balances.address;

    INSERT INTO balances SELECT address, change_ustx FROM balance_changes ANTI JOIN balances USING (address);

    CREATE OR REPLACE TABLE locks AS
    SELECT * FROM (SELECT * FROM locks UNION ALL BY NAME SELECT * FROM new_locks)
    QUALIFY row_number() OVER (PARTITION BY address ORDER BY {LATEST_FIRST}) = 1;

    CREATE OR REPLACE TABLE delegated AS
    SELECT * FROM (SELECT * FROM delegated UNION ALL BY NAME SELECT * FROM new_delegated)
    QUALIFY row_number() OVER (PARTITION BY stacker ORDER BY {LATEST_FIRST}) = 1;
"""


@contextmanager
def open_evening(carried: Mapping[str, pa.Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the state as it stood before the first day to come.

    Args:
        carried: rows of the tables of `CARRIED`; one left out is empty.
    """
    with duckdb.connect() as state:
        state.execute("SET TimeZone = 'UTC'")
        for table, columns in (CARRIED | OF_THE_DAY).items():
            types = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            state.execute(f"CREATE TABLE {table} ({types})")
        state.execute(HOLDINGS)
        for table in CARRIED.keys() & carried.keys():
            _fill(state, table, carried[table])
        yield state


def advance(state: duckdb.DuckDBPyConnection, of_the_day: Mapping[str, pa.Table]) -> None:
    """Carry the state over one day.

    Args:
        of_the_day: rows of the tables of `OF_THE_DAY`; one left out is empty.
    """
    for table in OF_THE_DAY:
        state.execute(f"DELETE FROM {table}")
        if table in of_the_day:
            _fill(state, table, of_the_day[table])
    state.execute(STEPS)


def daily_addresses(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Active principals of the day, accounts first seen on it, and accounts seen up to it."""
    return state.sql("SELECT * FROM activity, accounts").to_arrow_table()


def _fill(state: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    columns = ", ".join((CARRIED | OF_THE_DAY)[table])
    state.register("rows_handed_over", rows)
    state.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM rows_handed_over")
    state.unregister("rows_handed_over")
