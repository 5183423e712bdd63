"""The reward cycle of the tip, and what stacking earns in it; as SQL on the warehouse."""

from stacks_dataverse.queries.tip import newest, up_to_the_tip

# In these queries the tip's reward cycle is arithmetic on values, which the planner folds into one.
CYCLE = "(({burn_block_height} - {first_burn_height}) / {cycle_length})"
CYCLE_PLACE = "({burn_block_height} - {first_burn_height}) % {cycle_length}"
CYCLE_START = f"({{burn_block_height}} - {CYCLE_PLACE})"

# As the node has it (stacks-core, burnchains/mod.rs, is_in_prepare_phase); since cycle 141 as the contract of PoX-5.
IS_PREPARE = f"""
    CASE WHEN {{burn_block_height}} >= {{waterfall_height}} THEN {CYCLE_PLACE} >= {{cycle_length}} - {{prepare_length}}
         ELSE {{burn_block_height}} > {{first_burn_height}}
              AND ({CYCLE_PLACE} = 0 OR {CYCLE_PLACE} > {{cycle_length}} - {{prepare_length}}) END
"""
IN_CYCLE = f"burn_block_height >= {CYCLE_START}"
# One Bitcoin block every ten minutes, over 365 days.
BURN_BLOCKS_A_YEAR = 52_560

# What stacking earns in BTC for an STX and a Bitcoin block. While miners pay stackers themselves: what was paid in the
# cycle so far, by the STX of its reward set; before there were sets by those locked now, which since PoX-5 are others.
EARNED = f"""
    SELECT sum(reward_sats) / 1e8::double precision / ({CYCLE_PLACE} + 1) / NULLIF(COALESCE(
               (SELECT stacked_ustx FROM {up_to_the_tip("reward_cycles")}
                WHERE cycle = {CYCLE} ORDER BY block_height DESC LIMIT 1),
               CASE WHEN {{burn_block_height}} < {{pox_5_height}} THEN {{stacked_ustx}}::bigint END
           ) / 1e6::double precision, 0) AS btc
    FROM {up_to_the_tip("burn_block_rewards")} WHERE {IN_CYCLE}
"""

# Since they pay into the pool: the last two distributions of this cycle and the one before, each over the Bitcoin
# blocks since the one before it, or since the pool began.
DISTRIBUTED = f"""
    SELECT sum(stx_staker_sats) / 1e8::double precision
           / NULLIF(sum(blocks * (staked_ustx / 1e6::double precision)), 0) AS btc
    FROM (
        SELECT *, calculation_height - GREATEST(
                   lag(calculation_height) OVER (ORDER BY calculation_height), {{waterfall_height}} - 1
               ) AS blocks
        FROM ({newest("stacking_distributions", "calculation_height DESC", 3)}) AS last_three
        ORDER BY calculation_height DESC LIMIT 2
    ) AS last_two
    WHERE calculation_height >= {{waterfall_height}} AND cycle >= {CYCLE} - 1
"""
