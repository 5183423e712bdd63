"""STX locked for Proof of Transfer: the locks of a day, and the state of locks at its end."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.event_order import EARLIEST_FIRST
from stacks_dataverse.raw_tables import CYCLES

# The functions of PoX-5 that name a signer manager: what is locked after each, and until when. A change of a bond's
# signer prints the cycles that are left instead of a height; the STX stay locked until the first cycle after them
# (stacks-core, boot/pox-5.clar: reward-cycle-to-burn-height of the unlock cycle).
STAKES = """
    SELECT *, data ->> 'staker' AS address, data ->> 'signer' AS signer,
           (data ->> 'amount_ustx')::BIGINT AS locked_ustx,
           COALESCE((data ->> 'unlock_burn_height')::BIGINT,
                    cycle_start((data ->> 'first_reward_cycle')::BIGINT + (data ->> 'num_cycles')::BIGINT)
           ) AS unlock_height
    FROM pox5_events
    WHERE name IN ('stake', 'stake-update', 'unstake', 'register-for-bond', 'update-bond-registration')
"""

# From each of these heights on no lock of a PoX version holds.
POX_HEIGHTS = tuple(f"pox_v{version}_unlock_height" for version in (1, 2, 3, 4))

# A lock ends with the Bitcoin block at its unlock height, or at the height from which its PoX version holds none
# (stacks-core, clarity/src/vm/database/structures.rs, has_unlockable_tokens_at_burn_block).
STILL_LOCKED = """
    unlock_height > pox.last_burn_block_height
    AND COALESCE(CASE pox_version WHEN 1 THEN NULLIF(pox.pox_v1_unlock_height, 0)
                                  WHEN 2 THEN NULLIF(pox.pox_v2_unlock_height, 0)
                                  WHEN 3 THEN NULLIF(pox.pox_v3_unlock_height, 0)
                                  WHEN 4 THEN NULLIF(pox.pox_v4_unlock_height, 0) END
                 > pox.last_burn_block_height, true)
"""


def stx_locks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each principal has locked after every lock and unlock of the day, in µSTX.

    By lock events, which give the new total, and by `handle-unlock` of PoX-2 to PoX-4, which leaves nothing. A lock of
    PoX-5 has the position of its function's print, which precedes it, where the API keeps prints (since 9).

    Reads: blocks, stx_lock_events, pox2_events, pox3_events, pox4_events, pox5_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, address, pox_version, locked_ustx,
        unlock_height.
    """
    lock = "index_block_hash, microblock_sequence, tx_index, event_index, tx_id, address, locked_ustx, unlock_height"
    unlocks = _pox_events(
        "index_block_hash, microblock_sequence, tx_index, event_index, tx_id, stacker, 0, burnchain_unlock_height",
        "name = 'handle-unlock'",
    )
    return day.sql(f"""
        SELECT block_height, microblock_sequence, tx_index, event_index,
               {hex0x("tx_id")} AS tx_id, address, pox_version::SMALLINT AS pox_version,
               locked_ustx, unlock_height
        FROM (
            SELECT {lock}, pox_version FROM (
                SELECT *, locked_address AS address, locked_amount AS locked_ustx,
                       COALESCE(NULLIF(regexp_extract(contract_name, '^pox-([0-9]+)$', 1), ''), '1') AS pox_version
                FROM stx_lock_events
            ) ANTI JOIN ({STAKES}) USING (index_block_hash, tx_id, address, locked_ustx, unlock_height)
            UNION ALL {unlocks}
            UNION ALL SELECT {lock}, 5 FROM ({STAKES}) WHERE name <> 'update-bond-registration'
        )
        JOIN blocks USING (index_block_hash)
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def delegated_locks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every lock that a pool holds for a stacker, in µSTX, and what ended a delegation.

    A row names the delegate of `delegate-stack-stx`, `-extend` or `-increase`, or the signer manager of a function of
    PoX-5; it is null after `revoke-delegate-stx` and `handle-unlock`.

    Reads: blocks, pox2_events, pox3_events, pox4_events, pox5_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, stacker, delegate, pox_version, locked_ustx,
        unlock_height.
    """
    delegated = _pox_events(
        """index_block_hash, microblock_sequence, tx_index, event_index, stacker,
           CASE WHEN name IN ('revoke-delegate-stx', 'handle-unlock') THEN NULL ELSE delegator END AS delegate,
           CASE WHEN name = 'handle-unlock' THEN 0 ELSE locked END AS locked_ustx,
           burnchain_unlock_height AS unlock_height""",
        "delegator IS NOT NULL OR name IN ('revoke-delegate-stx', 'handle-unlock')",
    )
    return day.sql(f"""
        SELECT block_height, microblock_sequence, tx_index, event_index, stacker, pox_version::SMALLINT AS pox_version,
               delegate, locked_ustx, unlock_height
        FROM (
            {delegated}
            UNION ALL
            SELECT index_block_hash, microblock_sequence, tx_index, event_index, address, signer, locked_ustx,
                   unlock_height, 5
            FROM ({STAKES})
        )
        JOIN blocks USING (index_block_hash)
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def _pox_events(columns: str, condition: str) -> str:
    """SQL for events of PoX-2 to PoX-4, which have one layout; the table says `pox_version`, the last column."""
    return " UNION ALL ".join(
        f"SELECT {columns}, {version} AS pox_version FROM pox{version}_events WHERE {condition}"
        for version in (2, 3, 4)
    )


def reward_cycles(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reward sets that were written on the day: of a cycle, its threshold and totals in µSTX, and its signers.

    A cycle of PoX-5 has no threshold: what the API stores for it, 50,000 STX, is its stand-in for null.

    Reads: blocks, pox_cycles, pox_sets.
    Columns: cycle, block_height, min_threshold_ustx, stacked_ustx, signers.
    """
    return day.sql("""
        SELECT cycle_number AS cycle, block_height,
               CASE WHEN cycle_start(cycle_number) < waterfall_height() THEN (
                   SELECT max(pox_ustx_threshold) FROM pox_sets
                   WHERE pox_sets.index_block_hash = pox_cycles.index_block_hash
                     AND pox_sets.cycle_number = pox_cycles.cycle_number) END AS min_threshold_ustx,
               total_stacked_amount AS stacked_ustx, total_signers AS signers
        FROM pox_cycles
        JOIN blocks USING (index_block_hash)
        ORDER BY cycle, block_height
    """).to_arrow_table()


def stacking_distributions(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """How each `calculate-rewards` of PoX-5 split the sBTC that had come in since the one before, in satoshis.

    Bonds come first; of the rest the reserve has its share, and who stakes STX alone in the cycle the other. Where
    no account does, the event still names their share, which the reserve's deposit holds already: they get
    nothing. Source: stacks-core, stackslib/src/chainstate/stacks/boot/pox-5.clar, `calculate-rewards`.

    Reads: blocks, pox5_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, cycle, calculation_height, gross_sats,
        bond_sats, stx_staker_sats, reserve_sats, reserve_balance_sats, staked_ustx.
    """
    return day.sql(f"""
        SELECT block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
               (data ->> 'stx_cycle')::INTEGER AS cycle,
               (data ->> 'calculation_height')::INTEGER AS calculation_height,
               (data ->> 'gross_accrued_rewards')::BIGINT AS gross_sats,
               (data ->> 'total_bond_rewards')::BIGINT AS bond_sats,
               CASE WHEN staked_ustx = 0 THEN 0 ELSE (data ->> 'total_stx_staker_rewards')::BIGINT END
                   AS stx_staker_sats,
               (data ->> 'reserve_deposit')::BIGINT AS reserve_sats,
               (data ->> 'reserve_balance')::BIGINT AS reserve_balance_sats,
               staked_ustx
        FROM (SELECT *, (data ->> 'cycle_staked_ustx')::BIGINT AS staked_ustx
              FROM pox5_events WHERE name = 'calculate-rewards')
        JOIN blocks USING (index_block_hash)
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def daily_pox_heights(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's last Bitcoin height, and what the API knows of PoX: from which heights on the versions hold no lock,
    and the chain's reward cycles.

    Reads: pox_state.
    Columns: last_burn_block_height, pox_v1_unlock_height, pox_v2_unlock_height, pox_v3_unlock_height,
        pox_v4_unlock_height, pox_first_burnchain_block_height, pox_reward_cycle_length,
        pox_prepare_phase_block_length.
    """
    heights = ", ".join(f"max({column}) AS {column}" for column in (*POX_HEIGHTS, *CYCLES))
    return day.sql(f"""
        SELECT (SELECT max(burn_block_height) FROM blocks) AS last_burn_block_height,
               {heights}
        FROM pox_state
    """).to_arrow_table()


def daily_stacking(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """STX locked at the end of the day, in µSTX, by how many, in which cycle and above which threshold.

    Each address counts with its latest lock, while that lasts. No row before the first Bitcoin block.

    Reads: locks, pox.
    Columns: cycle, stacked_ustx, stackers, min_threshold_ustx.
    """
    return state.sql(f"""
        SELECT any_value(pox.cycle) AS cycle,
               COALESCE(sum(locked_ustx), 0)::BIGINT AS stacked_ustx,
               count(address) AS stackers,
               any_value(pox.min_threshold_ustx) AS min_threshold_ustx
        FROM pox LEFT JOIN locks ON locked_ustx > 0 AND {STILL_LOCKED}
        HAVING count(*) > 0
    """).to_arrow_table()


def daily_stacking_rewards(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """BTC of the day in satoshis, by reward cycle: what stackers were paid, and what miners sent.

    A cycle is that of a Bitcoin block, or the one that a distribution was for, which may have ended before.

    Reads: rewards, distributions.
    Columns: cycle, reward_sats, miner_sats, bond_sats, reserve_sats.
    """
    return state.sql("""
        SELECT cycle, sum(reward_sats)::BIGINT AS reward_sats, sum(miner_sats)::BIGINT AS miner_sats,
               sum(bond_sats)::BIGINT AS bond_sats, sum(reserve_sats)::BIGINT AS reserve_sats
        FROM (
            SELECT cycle, reward_sats, miner_sats, 0 AS bond_sats, 0 AS reserve_sats FROM rewards
            UNION ALL BY NAME
            SELECT cycle, stx_staker_sats AS reward_sats, 0 AS miner_sats, bond_sats, reserve_sats FROM distributions
        )
        GROUP BY cycle ORDER BY cycle
    """).to_arrow_table()


def stacking_pools(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each pool has locked for others at the end of the day, in µSTX, and for how many.

    Each stacker counts with the latest lock that names a pool, while that lasts and is not revoked.

    Reads: delegated, pox.
    Columns: delegate, stacked_ustx, stackers.
    """
    return state.sql(f"""
        SELECT delegate, sum(locked_ustx)::BIGINT AS stacked_ustx, count(*) AS stackers
        FROM delegated, pox
        WHERE delegate IS NOT NULL AND locked_ustx > 0 AND {STILL_LOCKED}
        GROUP BY delegate
        ORDER BY delegate
    """).to_arrow_table()
