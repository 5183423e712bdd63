"""Proof of Transfer from the miners' side: what they sent in Bitcoin, and the tenures they won."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x

# Coinbases: to the miner, to another recipient, and Nakamoto's.
COINBASE_TYPES = "(4, 5, 8)"


# What each Bitcoin block's commits sent, in satoshis. The API's own sums where it keeps them: they know the blocks that
# burned everything, as in the prepare phases before the reward pool, and rewards then no longer say what was burned.
SENT = """
    SELECT burn_block_height,
           COALESCE(burn_blocks.reward_amount, rewards.reward_sats) AS reward_sats,
           COALESCE(burn_blocks.burn_amount, rewards.burn_sats, 0) AS burn_sats,
           COALESCE(recipients, 0) AS recipients
    FROM burn_blocks FULL JOIN (
        SELECT burn_block_height, sum(reward_amount)::BIGINT AS reward_sats, max(burn_amount) AS burn_sats,
               count(DISTINCT reward_recipient) FILTER (reward_amount > 0) AS recipients
        FROM burnchain_rewards GROUP BY burn_block_height
    ) AS rewards USING (burn_block_height)
"""

# Bitcoin blocks that are known to have had a sortition: miners sent something, or a Stacks block, if only an orphan,
# came of it.
SORTITIONS = """
    SELECT burn_block_height FROM sent WHERE reward_sats > 0 OR burn_sats > 0
    UNION SELECT burn_block_height FROM burn_block_pox_txs
    UNION SELECT burn_block_height FROM all_blocks
"""

# The Bitcoin heights without sortition just before each tenure that begins on the day: above the last sortition before
# it, and above its parent's tenure, which ends where the range of heights begins that the day owns. Nothing is known
# of what is below the lowest canonical block held, whose range begins below 0.
MISSED = """
    SELECT parts.burn_block_height, greatest(NULLIF(any_value(above), -1), max(sortitions.burn_block_height))
               AS last_sortition
    FROM parts
    JOIN burn_ranges ON parts.burn_block_height > above AND parts.burn_block_height <= up_to
    LEFT JOIN sortitions ON sortitions.burn_block_height < parts.burn_block_height
         AND (above >= 0 OR sortitions.burn_block_height >= (SELECT min(burn_block_height) FROM parts))
    GROUP BY parts.burn_block_height
"""


def burn_block_rewards(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What miners sent in each Bitcoin block to be paid out, and what they burned, in satoshis.

    `burned_at` is null where no Stacks block of the day belongs to that Bitcoin block.

    Reads: burnchain_rewards, burn_blocks.
    Columns: burn_block_height, burned_at, reward_sats, burn_sats, recipients.
    """
    return day.sql(f"""
        SELECT burn_block_height,
               (SELECT to_timestamp(any_value(burn_block_time)) FROM blocks
                WHERE blocks.burn_block_height = sent.burn_block_height) AS burned_at,
               reward_sats, burn_sats, recipients
        FROM ({SENT}) AS sent
        WHERE reward_sats > 0 OR burn_sats > 0
        ORDER BY burn_block_height
    """).to_arrow_table()


def tenures(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's share of each tenure: its miner and commits where it begins, its own fees so far.

    A tenure is the Stacks blocks of one Bitcoin block; before Nakamoto there is one. Commits in satoshis: the outputs
    of each miner where they are known, else what was paid out, and what was burned; null where nothing is known of
    the Bitcoin block. Fees in µSTX. Coinbase in µSTX, provisional: by schedule, and with those of the Bitcoin blocks
    without sortition just before (stacks-core, stackslib/src/chainstate/burn/sortition.rs, make_snapshot_in_epoch).

    Reads: blocks, txs, burnchain_rewards, burn_block_pox_txs, burn_blocks.
    Columns: first_block_height, first_index_block_hash, burn_block_height, mined_at, miner_address, miner_commit_sats,
        total_commit_sats, miners, coinbase_ustx, fees_ustx.
    """
    return day.sql(f"""
        WITH parts AS (
            SELECT burn_block_height, to_timestamp(any_value(burn_block_time)) AS mined_at,
                   min(block_height) AS first_block_height,
                   arg_min(index_block_hash, block_height) AS first_index_block_hash,
                   arg_min(miner_txid, block_height) AS miner_txid
            FROM blocks GROUP BY burn_block_height
        ), spent AS (
            SELECT burn_block_height, sum(fee_rate)::BIGINT AS fees_ustx,
                   max(sender_address) FILTER (type_id IN {COINBASE_TYPES}) AS miner_address
            FROM txs JOIN blocks USING (index_block_hash) GROUP BY burn_block_height
        ), outputs AS (
            SELECT burn_block_height, sum(amount)::BIGINT AS sats, count(DISTINCT tx_id) AS miners,
                   sum(amount) FILTER (tx_id = miner_txid)::BIGINT AS winner_sats
            FROM burn_block_pox_txs JOIN parts USING (burn_block_height) GROUP BY ALL
        ), sent AS ({SENT}), sortitions AS ({SORTITIONS}), missed AS ({MISSED})
        SELECT burn_block_height, first_block_height,
               {hex0x("first_index_block_hash")} AS first_index_block_hash, mined_at, miner_address,
               winner_sats AS miner_commit_sats,
               COALESCE(outputs.sats, reward_sats) + COALESCE(burn_sats, 0) AS total_commit_sats, miners,
               CASE WHEN miner_address IS NULL THEN 0 ELSE coinbase_ustx(burn_block_height) + COALESCE(
                   list_sum(list_transform(range(last_sortition + 1, burn_block_height), lambda h: coinbase_ustx(h))), 0
               ) END::BIGINT AS coinbase_ustx,
               COALESCE(fees_ustx, 0) AS fees_ustx
        FROM parts
        LEFT JOIN spent USING (burn_block_height)
        LEFT JOIN sent USING (burn_block_height)
        LEFT JOIN outputs USING (burn_block_height)
        LEFT JOIN missed USING (burn_block_height)
        ORDER BY burn_block_height
    """).to_arrow_table()


# Also read at landing, by which no declaration is at hand.
MICROBLOCK_READS = {"microblocks": ("microblock_hash",)}


def daily_microblocks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Microblocks that the day's canonical blocks confirmed, and a digest of them.

    The digest is md5 of each microblock's hash and its block's index hash, as lower-case hex, by hash, joined with
    commas; it is the source's too (`extractors.stacks_db.digests`).

    Reads: microblocks.
    Columns: microblocks, microblocks_digest.
    """
    return day.sql("""
        SELECT count(*) AS microblocks,
               md5(COALESCE(string_agg(lower(hex(microblock_hash) || hex(index_block_hash)), ','
                                       ORDER BY microblock_hash, index_block_hash), '')) AS microblocks_digest
        FROM microblocks
    """).to_arrow_table()
