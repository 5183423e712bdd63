"""The API's tables of the present state, recomputed from the canonical rows after a fork."""

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.chain_state import ChainState, Lock
from scripts.local.sample_chain.pools import FAST_POOL, FAST_SIGNER, POOLS_SIGNER, SOLO_SIGNER
from scripts.local.sample_chain.stacking import write_locked
from scripts.local.sample_chain.staking_tables import write_staking

CANONICAL = "JOIN blocks AS b USING (index_block_hash) WHERE b.canonical AND t.microblock_canonical"


def holdings(condition: str = "true") -> str:
    """A query of each address's balance of each token, from the blocks `b` that meet a condition."""
    moves = " UNION ALL ".join(
        f"SELECT unnest(ARRAY[t.sender, t.recipient]) AS address, {token} AS token,"
        f" unnest(ARRAY[-amount, amount]::numeric[]) AS amount FROM {table} AS t {CANONICAL} AND {condition}"
        for table, token in (("stx_events", "'stx'"), ("ft_events", "asset_identifier"))
    )
    return f"""
        SELECT address, token, sum(amount) AS balance FROM (
            {moves}
            UNION ALL
            SELECT COALESCE(sponsor_address, sender_address), 'stx', -fee_rate FROM txs AS t {CANONICAL}
            AND {condition} AND fee_rate > 0
            UNION ALL
            SELECT recipient, 'stx', coinbase_amount + tx_fees_anchored + tx_fees_streamed_confirmed
                                     + tx_fees_streamed_produced
            FROM miner_rewards JOIN blocks AS b USING (index_block_hash) WHERE b.canonical AND {condition}
        ) AS moves WHERE address IS NOT NULL GROUP BY address, token
    """


def rewrite(cursor: Cursor) -> None:
    """Recompute ft_balances, nft_custody, stx_locked_balances, chain_tip and the tables of staking."""
    cursor.execute(FEES_SQL)
    cursor.execute("DELETE FROM ft_balances")
    cursor.execute(f"INSERT INTO ft_balances (address, token, balance) {holdings()} ORDER BY address, token")
    cursor.execute("DELETE FROM nft_custody")
    cursor.execute(CUSTODY_SQL)
    cursor.execute("DELETE FROM stx_locked_balances")
    write_locked(cursor, locks(cursor))
    cursor.execute(TIP_SQL)
    write_staking(cursor)


def locks(cursor: Cursor, up_to: int = 2**31 - 1) -> ChainState:
    """Return the last lock of each stacker up to a block height; the state holds nothing else."""
    cursor.execute(LOCKS_SQL, (up_to,))
    state = ChainState()
    for stacker, delegator, locked, unlock, tx_id, height, burn_height, version, manager in cursor.fetchall():
        signer = {None: SOLO_SIGNER, FAST_POOL: FAST_SIGNER}.get(delegator, POOLS_SIGNER)
        state.locked[stacker] = Lock(int(locked), unlock, bytes(tx_id), height, burn_height, version, signer, manager)
    return state


# The fees that `rewards` gives each of the two rows of a tenure, of the transactions that are in it now.
FEES_SQL = """
    WITH tenures AS (
        SELECT b.burn_block_height, b.signer_bitvec IS NOT NULL AS is_nakamoto,
               COALESCE(sum(fee_rate) FILTER (WHERE microblock_hash = ''), 0) AS anchored,
               COALESCE(sum(fee_rate) FILTER (WHERE microblock_hash <> ''), 0) AS streamed
        FROM blocks AS b LEFT JOIN txs AS t ON t.index_block_hash = b.index_block_hash AND t.microblock_canonical
        WHERE b.canonical GROUP BY 1, 2
    ), earning AS (
        SELECT *, lag(CASE WHEN is_nakamoto THEN anchored ELSE 0 END) OVER (ORDER BY burn_block_height) AS before
        FROM tenures
    )
    UPDATE miner_rewards AS r SET
        tx_fees_anchored = CASE WHEN coinbase_amount > 0 AND NOT is_nakamoto THEN anchored ELSE 0 END,
        tx_fees_streamed_confirmed =
            CASE WHEN coinbase_amount > 0 AND NOT is_nakamoto THEN trunc(streamed * 3 / 5) ELSE 0 END,
        tx_fees_streamed_produced =
            CASE WHEN coinbase_amount > 0 THEN 0 WHEN is_nakamoto THEN before ELSE trunc(streamed * 2 / 5) END
    FROM earning JOIN blocks AS b USING (burn_block_height)
    WHERE b.index_block_hash = r.from_index_block_hash AND b.canonical AND r.canonical
"""

CUSTODY_SQL = f"""
    INSERT INTO nft_custody (
        asset_identifier, value, recipient, block_height, index_block_hash, parent_index_block_hash, microblock_hash,
        microblock_sequence, tx_id, tx_index, event_index)
    SELECT DISTINCT ON (asset_identifier, value) asset_identifier, value, recipient, t.block_height, index_block_hash,
           t.parent_index_block_hash, microblock_hash, microblock_sequence, tx_id, tx_index, event_index
    FROM nft_events AS t {CANONICAL}
    ORDER BY asset_identifier, value, t.block_height DESC, microblock_sequence DESC, tx_index DESC, event_index DESC
"""

# A lock is written in the order of its event; a forced unlock leaves no lock event.
LOCKS_SQL = f"""
    SELECT DISTINCT ON (stacker) stacker, delegator, locked, burnchain_unlock_height, tx_id, b.block_height,
           b.burn_block_height, version, manager
    FROM (
        SELECT 3 AS version, name, stacker, delegator, locked, burnchain_unlock_height, tx_id, index_block_hash,
               microblock_canonical, tx_index, NULL AS manager FROM pox3_events
        UNION ALL
        SELECT 4, name, stacker, delegator, locked, burnchain_unlock_height, tx_id, index_block_hash,
               microblock_canonical, tx_index, NULL FROM pox4_events
        UNION ALL
        SELECT 5, name, data ->> 'staker', NULL, (data ->> 'amount_ustx')::numeric,
               (data ->> 'unlock_burn_height')::bigint, tx_id, index_block_hash, microblock_canonical, tx_index,
               data ->> 'signer' FROM pox5_events WHERE name IN ('stake', 'stake-update', 'unstake')
    ) AS t {CANONICAL} AND (version = 5 OR name SIMILAR TO '%%stack-(stx|extend|increase)' OR name = 'handle-unlock')
    AND b.block_height <= %s
    ORDER BY stacker, b.block_height DESC, tx_index DESC
"""

TIP_SQL = f"""
    UPDATE chain_tip SET block_height = tip.block_height, block_count = tip.block_height, block_hash = tip.block_hash,
        index_block_hash = tip.index_block_hash, burn_block_height = tip.burn_block_height,
        tx_count = counted.n, tx_count_unanchored = counted.n + 1, stx_supply = supply.ustx
    FROM (SELECT * FROM blocks WHERE canonical ORDER BY block_height DESC LIMIT 1) AS tip,
         (SELECT sum(tx_count) AS n FROM blocks WHERE canonical) AS counted,
         (SELECT (SELECT sum(CASE asset_event_type_id WHEN 2 THEN amount WHEN 3 THEN -amount ELSE 0 END)
                  FROM stx_events AS t {CANONICAL})
                 + (SELECT COALESCE(sum(coinbase_amount), 0) FROM miner_rewards
                    JOIN blocks AS b USING (index_block_hash) WHERE b.canonical) AS ustx) AS supply
"""
