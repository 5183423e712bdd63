"""The rows of a fork's two sides: the old one's flags, and the new one's copies of what it mines again."""

from collections.abc import Mapping, Sequence

from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values

from scripts.local.sample_chain.cycles import cycle_start, is_waterfall
from scripts.local.sample_chain.recomputed import locks
from scripts.local.sample_chain.reorg_siblings import ExistingBlock, Sibling
from scripts.local.sample_chain.stacking import RewardSets
from scripts.local.sample_chain.staking_tables import TABLES as STAKING_TABLES
from scripts.local.sample_chain.writer import IN_ANCHOR_BLOCK

# A sibling's columns, wherever they stand; the others are the loser's own, but for these.
SIBLING = (
    *("index_block_hash", "parent_index_block_hash", "block_hash", "parent_block_hash", "block_height", "block_time"),
    *("burn_block_hash", "burn_block_height", "burn_block_time", "parent_burn_block_time"),
)
OVERRIDES = {column: f"s.{column}" for column in SIBLING} | {
    "canonical": "true",
    "microblock_hash": r"'\x'::bytea",
    "microblock_sequence": str(IN_ANCHOR_BLOCK),
    "tx_index": "COALESCE(m.tx_index, t.tx_index)",
    "parent_microblock_hash": r"decode(repeat('00', 32), 'hex')",
    "parent_microblock_sequence": "0",
    "mature_block_height": "s.block_height",
    "from_index_block_hash": "COALESCE((SELECT f.index_block_hash FROM siblings AS f"
    " WHERE f.old_hash = t.from_index_block_hash), t.from_index_block_hash)",
}


def orphan(cursor: Cursor, hashes: Sequence[bytes]) -> None:
    """Mark blocks, and every row that belongs to one, as not canonical."""
    for table in tables_of_blocks(cursor):
        cursor.execute(f"UPDATE {table} SET canonical = false WHERE index_block_hash = ANY (%s)", (list(hashes),))


def replay(cursor: Cursor, siblings: Sequence[Sibling], replayed: Mapping[bytes, Sequence[bytes]]) -> None:
    """Insert the siblings and, for each transaction that `replayed` names by block, the rows that it left.

    What a microblock had carried is in the block itself now; a microblock has one row, whichever side confirmed
    it. Rows of no transaction go with their block.
    """
    _write_plan(cursor, siblings, replayed)
    for table, columns in tables_of_blocks(cursor).items():
        if table == "blocks":
            _copy(cursor, table, columns, "JOIN siblings AS s ON s.like_hash = t.index_block_hash")
        elif table == "miner_rewards":
            _copy(cursor, table, columns, REWARDS_SQL)
        elif "tx_id" in columns:
            _copy(cursor, table, columns, OF_BLOCK_SQL)
            _copy(cursor, table, columns, OF_TX_SQL)


def replay_into(cursor: Cursor, source: ExistingBlock, target: ExistingBlock, txs: Sequence[bytes]) -> None:
    """Insert rows of transactions of one block once more, as the last ones of another that is there already."""
    places = [Sibling(source, source.burn_hash, source), Sibling(target, target.burn_hash, target, is_on_top=True)]
    cursor.execute("SELECT max(tx_index) + 1 FROM txs WHERE index_block_hash = %s", (target.index_hash,))
    _write_plan(cursor, places, {target.index_hash: txs}, cursor.fetchone()[0])
    for table, columns in tables_of_blocks(cursor).items():
        if "tx_id" in columns:
            _copy(cursor, table, columns, OF_TX_SQL)


def rewrite_sets(cursor: Cursor, siblings: Sequence[Sibling]) -> None:
    """Write the reward sets that losing blocks had written, from the locks of the side that won.

    Calls of PoX-5 are the same on both sides, but for stakes too small for a set: so are its sets.
    """
    sets = RewardSets(cursor)
    for sibling in siblings:
        cursor.execute("SELECT cycle_number FROM pox_cycles WHERE index_block_hash = %s", (sibling.like.index_hash,))
        for (cycle,) in [] if sibling.is_on_top else cursor.fetchall():
            block = sibling.block
            place = (block.height, block.index_hash, block.parent_index_hash)
            if is_waterfall(cycle_start(cycle)):
                cursor.execute(SIGNERS_SQL, (sibling.like.index_hash,))
                sets.write_signers(place, cycle, {bytes(key): int(ustx) for key, ustx in cursor.fetchall()})
            else:
                sets.write(place, cycle, locks(cursor, block.height))
    sets.flush()


def tables_of_blocks(cursor: Cursor) -> dict[str, list[str]]:
    """The columns of every table whose rows belong to a block and have a flag, but for those made of `pox5_events`."""
    cursor.execute(COLUMNS_SQL)
    return {table: columns for table, columns in cursor.fetchall() if table not in STAKING_TABLES}


def _copy(cursor: Cursor, table: str, columns: Sequence[str], joined: str) -> None:
    names = [name for name in columns if name != "id"]
    values = ", ".join(OVERRIDES.get(name, f"t.{name}") for name in names)
    # New ids follow the old ones, however PostgreSQL joins.
    order = "ORDER BY t.id" if "id" in columns else ""
    cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} AS t {joined} {order}")


def _write_plan(
    cursor: Cursor, siblings: Sequence[Sibling], replayed: Mapping[bytes, Sequence[bytes]], first_index: int = 0
) -> None:
    cursor.execute(PLAN_SQL)
    rows = [_row(sibling) for sibling in siblings]
    execute_values(cursor, f"INSERT INTO siblings (old_hash, like_hash, {', '.join(SIBLING)}) VALUES %s", rows)
    placed = [(tx, block, index) for block, txs in replayed.items() for index, tx in enumerate(txs, first_index)]
    execute_values(cursor, "INSERT INTO replayed (tx_id, index_block_hash, tx_index) VALUES %s", placed)


def _row(sibling: Sibling) -> tuple[object, ...]:
    block, like = sibling.block, sibling.like.index_hash
    return (
        None if sibling.is_on_top else like, like, block.index_hash, block.parent_index_hash, block.block_hash,
        block.parent_block_hash, block.height, block.time, sibling.burn_hash, block.burn_height, block.burn_time,
        block.parent.burn_time if block.parent else 0,
    )  # fmt: skip


COLUMNS_SQL = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_generated = 'NEVER'
    GROUP BY table_name HAVING array_agg(column_name::text) @> '{index_block_hash,canonical}' ORDER BY table_name
"""

SIGNERS_SQL = "SELECT signing_key, stacked_amount FROM pox_sets WHERE index_block_hash = %s ORDER BY signing_key"

# What an earlier fork paid its own miner comes from no block.
REWARDS_SQL = """
    JOIN siblings AS s ON s.old_hash = t.index_block_hash
    WHERE t.from_index_block_hash <> decode(repeat('00', 32), 'hex')
"""

OF_BLOCK_SQL = """
    JOIN siblings AS s ON s.old_hash = t.index_block_hash LEFT JOIN replayed AS m ON false
    WHERE t.tx_id IS NULL AND t.microblock_canonical
"""
OF_TX_SQL = """
    JOIN siblings AS o ON o.old_hash = t.index_block_hash JOIN replayed AS m ON m.tx_id = t.tx_id
    JOIN siblings AS s ON s.index_block_hash = m.index_block_hash
    WHERE t.microblock_canonical
"""

PLAN_SQL = """
    CREATE TEMP TABLE siblings (
        old_hash bytea, like_hash bytea, index_block_hash bytea, parent_index_block_hash bytea, block_hash bytea,
        parent_block_hash bytea, block_height integer, block_time integer, burn_block_hash bytea,
        burn_block_height integer, burn_block_time integer, parent_burn_block_time integer
    ) ON COMMIT DROP;
    CREATE TEMP TABLE replayed (tx_id bytea PRIMARY KEY, index_block_hash bytea, tx_index smallint) ON COMMIT DROP;
"""
