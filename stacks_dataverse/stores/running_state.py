"""Running state, brought along with a day of its ledger; a function is named for the table it keeps.

Each is called while the ledger still holds the day's old rows and `new_rows` the new ones, under a lock that
keeps other days' state out. After any sequence of builds the state equals one built from scratch.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from stacks_dataverse.stores.warehouse import Warehouse

PLACE = ("block_height", "microblock_sequence", "tx_index", "event_index")

# Columns that are too long for an index, which has the SHA-256 in another in their place.
HASHED = {"token_value": "token_hash"}


def stx_balances(warehouse: Warehouse, day: date) -> None:
    """Add to each balance what the new version of the day brings more than the old one, in µSTX."""
    warehouse.execute(
        """
        INSERT INTO stx_balances AS held (address, balance_ustx)
        SELECT address, sum(change_ustx)::bigint
        FROM (
            SELECT address, change_ustx FROM new_rows
            UNION ALL
            SELECT address, -change_ustx FROM stx_balance_changes WHERE day = {day}
        ) AS difference
        GROUP BY address
        ON CONFLICT (address) DO UPDATE SET balance_ustx = held.balance_ustx + excluded.balance_ustx
        WHERE excluded.balance_ustx <> 0
        """,
        day=day,
    )
    warehouse.execute(
        """
        DELETE FROM stx_balances WHERE address = ANY (ARRAY(
            SELECT address FROM (
                SELECT address FROM stx_balance_changes WHERE day = {day} EXCEPT SELECT address FROM new_rows
            ) AS gone
            WHERE NOT EXISTS (SELECT FROM stx_balance_changes AS other
                              WHERE other.address = gone.address AND other.day <> {day})
        ))
        """,
        day=day,
    )


def addresses(warehouse: Warehouse, day: date) -> None:
    """Keep each principal's first day: the earliest in the ledger."""
    _keep_first(warehouse, day, "address_days", ["address"], "addresses", {"first_day": "day"}, "day")


def nft_collections(warehouse: Warehouse, day: date) -> None:
    """Keep each collection's first day: the earliest in the ledger."""
    key, values = ["asset_identifier"], {"first_day": "day"}
    _keep_first(warehouse, day, "daily_nft_activity", key, "nft_collections", values, "day")


def nft_owners(warehouse: Warehouse, day: date) -> None:
    """Keep each token's owner: the recipient of its last move in the ledger, null when that was a burn."""
    key, values = ["asset_identifier", "token_value"], {"owner": "recipient"} | {column: column for column in PLACE}
    latest_first = ", ".join(f"{column} DESC" for column in PLACE)
    _keep_first(warehouse, day, "nft_moves", key, "nft_owners", values, latest_first)


def _keep_first(
    warehouse: Warehouse, day: date, ledger: str, key: Sequence[str], state: str, values: Mapping[str, str], order: str
) -> None:
    """Keep the first row, in an order, of all that the ledger has of each key that the day touches or touched.

    Args:
        values: the state's columns besides the key, and which of the ledger's each holds.
    """
    keys, columns = ", ".join(key), ", ".join((*key, *values.values()))
    warehouse.execute(
        f"""
        CREATE TEMP TABLE kept ON COMMIT DROP AS
        WITH touched AS (
            SELECT {keys} FROM new_rows UNION SELECT {keys} FROM {ledger} WHERE day = {{day}}
        ), candidates AS (
            SELECT {columns} FROM new_rows
            UNION ALL
            SELECT other.* FROM touched CROSS JOIN LATERAL (
                SELECT {columns} FROM {ledger} AS entry
                WHERE {_same("entry", "touched", key)} AND day <> {{day}} ORDER BY {order} LIMIT 1
            ) AS other
        )
        SELECT DISTINCT ON ({keys}) {columns} FROM candidates ORDER BY {keys}, {order}
        """,
        day=day,
    )
    warehouse.execute(
        f"""
        CREATE TEMP TABLE gone ON COMMIT DROP AS
        SELECT DISTINCT {keys} FROM {ledger} AS old
        WHERE day = {{day}} AND NOT EXISTS (SELECT FROM kept WHERE {_same("old", "kept", key)})
        """,
        day=day,
    )
    warehouse.execute("ANALYZE gone")
    warehouse.execute(f"DELETE FROM {state} USING gone WHERE {_same(state, 'gone', key)}")
    names = ", ".join(values)
    warehouse.execute(
        f"""
        INSERT INTO {state} AS held ({keys}, {names}) SELECT {columns} FROM kept
        ON CONFLICT ({", ".join(HASHED.get(column, column) for column in key)})
        DO UPDATE SET ({names}) = ROW ({", ".join(f"excluded.{name}" for name in values)})
        WHERE ({", ".join(f"held.{name}" for name in values)})
              IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in values)})
        """
    )
    warehouse.execute("DROP TABLE kept, gone")


def _same(held: str, other: str, key: Sequence[str]) -> str:
    """SQL that finds rows of a table by the key of another's, as its index has it."""
    return " AND ".join(
        f"{held}.{HASHED[column]} = sha256({other}.{column})"
        if column in HASHED
        else f"{held}.{column} = {other}.{column}"
        for column in key
    )
