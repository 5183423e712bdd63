"""Checks of a landed day against itself, each named as in the catalogue.

Each answers one row: `expected`, which is 0, how many things are wrong (`actual`), and the first of them (`example`).
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.chain import EVENT_TABLES
from stacks_dataverse.prints import Prints, misfits


def heights_of_blocks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Heights with more than one canonical block."""
    return _wrong(day, "SELECT 'height ' || block_height FROM blocks GROUP BY block_height HAVING count(*) > 1")


def parents_of_blocks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical blocks whose parent is not the canonical block one height below, where the day holds that."""
    return _wrong(
        day,
        """
        SELECT 'height ' || child.block_height
        FROM blocks AS child JOIN blocks AS parent ON child.block_height = parent.block_height + 1
        WHERE child.parent_index_block_hash <> parent.index_block_hash
        """,
    )


def transactions_of_blocks(day: duckdb.DuckDBPyConnection, above_height: int) -> pa.Table:
    """Canonical blocks above a height whose own count of transactions differs from those landed."""
    return _wrong(
        day,
        f"""
        SELECT 'height ' || block_height || ' counts ' || tx_count || ' and holds ' || count(txs.tx_id)
        FROM blocks LEFT JOIN txs USING (index_block_hash)
        WHERE block_height > {above_height}
        GROUP BY index_block_hash, block_height, tx_count HAVING tx_count <> count(txs.tx_id)
        """,
    )


def events_of_transactions(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical transactions whose own count of events differs from those landed."""
    return _wrong(
        day,
        f"""
        WITH counted AS (SELECT tx_id, index_block_hash, count(*) AS events FROM ({EVENTS}) GROUP BY ALL)
        SELECT {hex0x("tx_id")} || ' counts ' || event_count || ' and has ' || COALESCE(events, 0)
        FROM txs LEFT JOIN counted USING (tx_id, index_block_hash)
        WHERE event_count <> COALESCE(events, 0)
        """,
    )


def events_of_transfers(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical token transfers whose own count of events differs from the STX events landed; they have no others."""
    return _wrong(
        day,
        f"""
        WITH counted AS (SELECT tx_id, index_block_hash, count(*) AS events FROM stx_events GROUP BY ALL)
        SELECT {hex0x("tx_id")} || ' counts ' || event_count || ' and has ' || COALESCE(events, 0)
        FROM txs LEFT JOIN counted USING (tx_id, index_block_hash)
        WHERE type_id = 0 AND event_count <> COALESCE(events, 0)
        """,
    )


def transactions_of_events(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical events whose transaction was not landed."""
    return _wrong(
        day, f"SELECT {hex0x('tx_id')} FROM ({EVENTS}) AS events ANTI JOIN txs USING (tx_id, index_block_hash)"
    )


def prints_as_declared(day: duckdb.DuckDBPyConnection, kinds: Iterable[Prints]) -> pa.Table:
    """Canonical prints that are not as their kind is declared."""
    misfit_rows = misfits(day, kinds).to_pylist()
    examples = [
        f"{row['contract']}, {row['topic'] or 'any topic'}, as in {row['example_tx_id']}: {row['reason']}"
        for row in misfit_rows
    ]
    actual = str(sum(row["prints"] for row in misfit_rows))
    return pa.table({"expected": ["0"], "actual": [actual], "example": pa.array([*examples, None][:1], pa.string())})


EVENTS = " UNION ALL ".join(f"SELECT tx_id, index_block_hash FROM {table}" for table in EVENT_TABLES)


def _wrong(day: duckdb.DuckDBPyConnection, things: str) -> pa.Table:
    return day.sql(f"""
        SELECT '0' AS expected, count(*)::VARCHAR AS actual, min(thing) AS example FROM ({things}) AS wrong (thing)
    """).to_arrow_table()
