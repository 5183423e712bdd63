"""Proof of Transfer from the miners' side: what they sent in Bitcoin, and the tenures they won."""

import duckdb
import pyarrow as pa

# Coinbases: to the miner, to another recipient, and Nakamoto's.
COINBASE_TYPES = "(4, 5, 8)"


def burn_block_rewards(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each Bitcoin block paid to stackers and burned, in satoshis.

    `burned_at` is null where no Stacks block of the day stands on that Bitcoin block.
    """
    return day.sql("""
        SELECT burn_block_height,
               (SELECT to_timestamp(any_value(burn_block_time)) FROM blocks
                WHERE blocks.burn_block_height = burnchain_rewards.burn_block_height) AS burned_at,
               sum(reward_amount)::BIGINT AS reward_sats,
               max(burn_amount) AS burn_sats,
               count(DISTINCT reward_recipient) FILTER (reward_amount > 0) AS recipients
        FROM burnchain_rewards
        GROUP BY burn_block_height
        ORDER BY burn_block_height
    """).to_arrow_table()


def tenures(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's share of each tenure: its miner and commits where it begins, its fees so far.

    A tenure is the Stacks blocks of one Bitcoin block; before Nakamoto there is one. Commits in satoshis, from
    the outputs of each miner where they are known, else from what stackers were paid; null where nobody was
    paid, as in the prepare phase. Coinbase by schedule and fees in µSTX, both provisional.
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
        ), paid AS (
            SELECT burn_block_height, sum(reward_amount)::BIGINT AS sats FROM burnchain_rewards GROUP BY ALL
        ), commits AS (
            SELECT burn_block_height, sum(amount)::BIGINT AS sats, count(DISTINCT tx_id) AS miners,
                   sum(amount) FILTER (tx_id = miner_txid)::BIGINT AS winner_sats
            FROM burn_block_pox_txs JOIN parts USING (burn_block_height) GROUP BY ALL
        )
        SELECT burn_block_height, first_block_height,
               '0x' || lower(hex(first_index_block_hash)) AS first_index_block_hash, mined_at, miner_address,
               winner_sats AS miner_commit_sats, COALESCE(commits.sats, paid.sats) AS total_commit_sats, miners,
               CASE WHEN miner_address IS NULL THEN 0 ELSE coinbase_ustx(burn_block_height) END AS coinbase_ustx,
               COALESCE(fees_ustx, 0) AS fees_ustx
        FROM parts
        LEFT JOIN spent USING (burn_block_height)
        LEFT JOIN paid USING (burn_block_height)
        LEFT JOIN commits USING (burn_block_height)
        ORDER BY burn_block_height
    """).to_arrow_table()


def daily_microblocks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Microblocks that the day's canonical blocks confirmed, and a digest that tells them from any others.

    The digest is md5 of each microblock's hash and its block's index hash, as lower-case hex, by hash, joined with
    commas; it is the source's too (`extractors.stacks_db.digests`).
    """
    return day.sql("""
        SELECT count(*) AS microblocks,
               md5(COALESCE(string_agg(lower(hex(microblock_hash) || hex(index_block_hash)), ','
                                       ORDER BY microblock_hash, index_block_hash), '')) AS microblocks_digest
        FROM microblocks
    """).to_arrow_table()
