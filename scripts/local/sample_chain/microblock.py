"""An accepted microblock of a sample chain that is orphaned after all."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import psycopg2
from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain import recomputed
from scripts.local.sample_chain.recomputed import CANONICAL
from scripts.local.sample_chain.reorg_rows import replay_into, tables_of_blocks
from scripts.local.sample_chain.reorg_siblings import read_blocks


@dataclass(frozen=True)
class Orphaned:
    """The microblock's hash, the height of the block that had confirmed it, and the UTC days that changed."""

    microblock_hash: bytes
    height: int
    days: list[date]


def orphan_microblock(dsn: str, *, is_mined_again: bool = False) -> Orphaned:
    """Orphan the first microblock whose transactions the chain can do without.

    As the API leaves it, the microblock and all that it carried keep their block and `canonical`, and lose
    `microblock_canonical`; the block counts fewer transactions, under the hash that it had.

    Args:
        is_mined_again: the transactions are in the highest block now, in new rows.
    Raises:
        ValueError: the chain has no such microblock.
    """
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(CANDIDATES_SQL)
        for microblock_hash, height in cursor.fetchall():
            cursor.execute("SAVEPOINT whole")
            days = _orphan(cursor, bytes(microblock_hash), height, is_mined_again=is_mined_again)
            cursor.execute(UNSOUND_SQL)
            if not cursor.fetchall():
                return Orphaned(bytes(microblock_hash), height, days)
            cursor.execute("ROLLBACK TO SAVEPOINT whole")
    raise ValueError("The chain has no microblock that it can do without")


def _orphan(cursor: Cursor, microblock_hash: bytes, height: int, *, is_mined_again: bool) -> list[date]:
    below, block, *_ = read_blocks(cursor, height - 1)
    changed = [block]
    if is_mined_again:
        under, tip = read_blocks(cursor, 0)[-2:]
        cursor.execute("SELECT tx_id FROM txs WHERE microblock_hash = %s ORDER BY tx_index", (microblock_hash,))
        txs = [bytes(tx_id) for (tx_id,) in cursor.fetchall()]
        replay_into(cursor, replace(block, parent=below), replace(tip, parent=under), txs)
        changed.append(tip)
    for table, columns in tables_of_blocks(cursor).items():
        if "microblock_canonical" in columns:
            cursor.execute(f"UPDATE {table} SET microblock_canonical = false WHERE microblock_hash = %s",
                           (microblock_hash,))  # fmt: skip
    cursor.execute(COUNT_SQL, ([found.index_hash for found in changed],))
    recomputed.rewrite(cursor)
    return sorted({datetime.fromtimestamp(found.time, UTC).date() for found in changed})


# The last of a block's microblocks: nothing streamed stands on it. On a chain a microblock is orphaned long before its
# block's rewards are paid; here what is paid changes with it, so that it must not lie on another day.
CANDIDATES_SQL = f"""
    SELECT DISTINCT ON (t.block_height) microblock_hash, t.block_height
    FROM microblocks AS t {CANONICAL} AND t.block_height > 1
    AND NOT EXISTS (
        SELECT FROM miner_rewards AS reward JOIN blocks AS paying ON paying.index_block_hash = reward.index_block_hash
        WHERE reward.from_index_block_hash = b.index_block_hash
          AND paying.burn_block_time / 86400 <> b.burn_block_time / 86400
    )
    ORDER BY t.block_height, microblock_sequence DESC
"""

# Someone would have spent what they no longer had, or given away what was not theirs; or a lock would be missing.
UNSOUND_SQL = f"""
    SELECT 1 FROM ft_balances WHERE balance < 0
    UNION ALL
    SELECT 1 FROM (
        SELECT t.sender, lag(t.recipient) OVER (PARTITION BY asset_identifier, value
            ORDER BY t.block_height, microblock_sequence, tx_index, event_index) AS owner
        FROM nft_events AS t {CANONICAL}
    ) AS moves WHERE sender IS DISTINCT FROM owner
    UNION ALL
    SELECT 1 FROM pox4_events WHERE NOT microblock_canonical
"""

COUNT_SQL = """
    UPDATE blocks SET tx_count = (
        SELECT count(*) FROM txs WHERE txs.index_block_hash = blocks.index_block_hash AND microblock_canonical)
    WHERE index_block_hash = ANY (%s)
"""
