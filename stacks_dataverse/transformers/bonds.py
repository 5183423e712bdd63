"""Bonds of PoX-5: their terms, what is bound in them, and what they yield. Source: pox-5.clar of stacks-core.

The API's events name numbers in text. A bond is set up once, and no event says that it has ended.
"""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.event_order import EARLIEST_FIRST


def _count(name: str, condition: str = "true") -> str:
    return f"count(*) FILTER (name = '{name}' AND {condition})"


def _sum(name: str, field: str, condition: str = "true") -> str:
    amount = f"sum((data ->> '{field}')::BIGINT) FILTER (name = '{name}' AND {condition})"
    return f"COALESCE({amount}, 0)::BIGINT"


EXITS = f"""
    {_sum("unstake-sbtc", "amount_withdrawn_sats")} AS withdrawn_sats,
    {_sum("announce-l1-early-exit", "amount_sats_released")} AS released_sats,
    {_count("announce-l1-early-exit")}
    + {_count("unstake-sbtc", "data ->> 'new_amount_sats' = '0'")}
"""


def bond_setups(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The bonds that were set up on the day, and their terms.

    Reads: blocks, pox5_events.
    Columns: bond_index, block_height, microblock_sequence, tx_index, event_index, tx_id, target_rate_bp,
        stx_value_ratio, min_ustx_ratio, first_cycle, start_height, unlock_cycle, unlock_height.
    """
    return day.sql(f"""
        SELECT (data ->> 'bond_index')::INTEGER AS bond_index,
               block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
               (data ->> 'target_rate')::BIGINT AS target_rate_bp,
               (data ->> 'stx_value_ratio')::BIGINT AS stx_value_ratio,
               (data ->> 'min_ustx_ratio')::BIGINT AS min_ustx_ratio,
               (data ->> 'first_reward_cycle')::INTEGER AS first_cycle,
               (data ->> 'bond_start_height')::BIGINT AS start_height,
               (data ->> 'unlock_cycle')::INTEGER AS unlock_cycle,
               (data ->> 'unlock_burn_height')::BIGINT AS unlock_height
        FROM pox5_events JOIN blocks USING (index_block_hash)
        WHERE name = 'setup-bond'
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def bond_changes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the day's events add to each bond, in satoshis and µSTX.

    A registration counts whole, also where it rolls over from another bond or stake, of which only the difference
    moves: nothing is taken from a bond that ends. A change of signer changes no amount. Sats leave by `unstake-sbtc`
    and `announce-l1-early-exit`, before the bond's end and after it; STX stay until its end. The exit of a member is
    either the announcement, or the withdrawal of all its sats.

    A bond that is set up without an allowlist has a row of zeros.

    Reads: pox5_events.
    Columns: bond_index, allowed, capacity_sats, registrations, registered_sats, l1_sats, registered_ustx,
        withdrawn_sats, released_sats, early_exits, distributions, target_sats, paid_sats, claimed_sats.
    """
    return day.sql(f"""
        SELECT (data ->> 'bond_index')::INTEGER AS bond_index,
               {_count("add-to-allowlist")} AS allowed,
               {_sum("add-to-allowlist", "max_sats")} AS capacity_sats,
               {_count("register-for-bond")} AS registrations,
               {_sum("register-for-bond", "sats_total")} AS registered_sats,
               {_sum("register-for-bond", "sats_total", "(data ->> 'is_l1_lock')::BOOLEAN")} AS l1_sats,
               {_sum("register-for-bond", "amount_ustx")} AS registered_ustx,
               {EXITS} AS early_exits,
               {_count("bond-distribution")} AS distributions,
               {_sum("bond-distribution", "target_yield")} AS target_sats,
               {_sum("bond-distribution", "bond_rewards")} AS paid_sats,
               {_sum("claim-staker-rewards-for-signer", "rewards_claimed")} AS claimed_sats
        FROM pox5_events
        WHERE data ->> 'bond_index' IS NOT NULL
              AND name IN ('setup-bond', 'add-to-allowlist', 'register-for-bond', 'unstake-sbtc',
                           'announce-l1-early-exit', 'bond-distribution', 'claim-staker-rewards-for-signer')
        GROUP BY ALL ORDER BY bond_index
    """).to_arrow_table()


def bond_exits(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What left each bond on the day, in satoshis, by the reward cycle in which it left.

    A bond's end prints nothing: members take their sBTC out with the same call before it and after it, and only the
    cycle tells which it was. None can in the prepare phase before the end.

    Reads: blocks, pox5_events.
    Columns: bond_index, cycle, withdrawn_sats, released_sats, exits.
    """
    return day.sql(f"""
        SELECT (data ->> 'bond_index')::INTEGER AS bond_index,
               ((burn_block_height - cycle_start(0)) // (cycle_start(1) - cycle_start(0)))::INTEGER AS cycle,
               {EXITS} AS exits
        FROM pox5_events JOIN blocks USING (index_block_hash)
        WHERE name IN ('unstake-sbtc', 'announce-l1-early-exit')
        GROUP BY ALL ORDER BY bond_index, cycle
    """).to_arrow_table()


def bond_distributions(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each `calculate-rewards` gave each bond, in satoshis; half a cycle's target is a fiftieth of a year's.

    The prints of the bonds come before that of the calculation, in the same transaction.

    Reads: blocks, pox5_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, bond_index, cycle, calculation_height,
        staked_sats, target_sats, paid_sats.
    """
    return day.sql(f"""
        SELECT block_height, bond.microblock_sequence, bond.tx_index, bond.event_index,
               {hex0x("bond.tx_id")} AS tx_id,
               (bond.data ->> 'bond_index')::INTEGER AS bond_index,
               (calculated.data ->> 'stx_cycle')::INTEGER AS cycle,
               (calculated.data ->> 'calculation_height')::BIGINT AS calculation_height,
               (bond.data ->> 'bond_staked_sats')::BIGINT AS staked_sats,
               (bond.data ->> 'target_yield')::BIGINT AS target_sats,
               (bond.data ->> 'bond_rewards')::BIGINT AS paid_sats
        FROM (FROM pox5_events WHERE name = 'bond-distribution') AS bond
        JOIN blocks USING (index_block_hash)
        ASOF LEFT JOIN (FROM pox5_events WHERE name = 'calculate-rewards') AS calculated
            ON calculated.index_block_hash = bond.index_block_hash AND calculated.tx_id = bond.tx_id
               AND bond.event_index < calculated.event_index
        ORDER BY block_height, bond.microblock_sequence, bond.tx_index, bond.event_index
    """).to_arrow_table()


def daily_bonds(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every bond at the end of the day: its terms and the sums of all that happened to it, in satoshis and µSTX.

    What members took out after its end did not leave early: a bond that has ended keeps what it ended with.

    Reads: bond_sums, bond_exit_sums, bond_terms, pox.
    Columns: bond_index, status, target_rate_bp, first_cycle, start_height, unlock_cycle, unlock_height, allowed,
        capacity_sats, registrations, bound_sats, bound_l1_sats, bound_ustx, early_exits, exited_sats, distributions,
        target_sats, paid_sats, shortfall_sats, claimed_sats.
    """
    return state.sql("""
        WITH early AS (
            SELECT terms.bond_index, COALESCE(sum(withdrawn_sats + released_sats), 0)::BIGINT AS exited_sats,
                   COALESCE(sum(released_sats), 0)::BIGINT AS exited_l1_sats,
                   COALESCE(sum(exits), 0)::BIGINT AS early_exits
            FROM bond_terms AS terms LEFT JOIN bond_exit_sums AS exit
                ON exit.bond_index = terms.bond_index AND cycle < unlock_cycle
            GROUP BY terms.bond_index
        )
        SELECT bond_index,
               CASE WHEN last_burn_block_height < start_height THEN 'open'
                    WHEN last_burn_block_height < unlock_height THEN 'running' ELSE 'ended' END AS status,
               target_rate_bp, first_cycle, start_height, unlock_cycle, unlock_height,
               allowed, capacity_sats, registrations,
               registered_sats - exited_sats AS bound_sats, l1_sats - exited_l1_sats AS bound_l1_sats,
               registered_ustx AS bound_ustx, early.early_exits, exited_sats,
               distributions, target_sats, paid_sats, target_sats - paid_sats AS shortfall_sats, claimed_sats
        FROM bond_sums JOIN bond_terms USING (bond_index) JOIN early USING (bond_index), pox
        ORDER BY bond_index
    """).to_arrow_table()
