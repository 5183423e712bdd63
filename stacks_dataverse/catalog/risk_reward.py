"""What stacking was worth, cycle by cycle: the STX that earned, and the BTC that they earned."""

from dataclasses import replace

from stacks_dataverse import paths
from stacks_dataverse.catalog.market_objects import market_object
from stacks_dataverse.dataset import Column
from stacks_dataverse.labels import Group
from stacks_dataverse.queries.days import HELD_DAYS
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import USD

# A cycle has ended when a day of a later one is stored, none while a published day is rebuilt. The
# first of those days, `day_after`, may hold its last Bitcoin blocks. Its last rewards come on the day `paid_on`: that
# one, or since miners pay into the pool the day of the distribution for its second half, or of any later one, for then
# none follows; at the latest when that half cycle's turn is over.
CYCLES = f"""
    WITH days AS (
        SELECT daily_stacking.*, first_block_height FROM daily_stacking JOIN loaded_days USING (day)
        WHERE day <= {{day}} AND NOT EXISTS ({HELD_DAYS})
    ), cycles AS (
        SELECT cycle, {{first_burn_height}} + (cycle + 1) * {{cycle_length}} AS end_height,
               min(day) AS first_day, max(day) AS last_day, lag(max(day)) OVER (ORDER BY cycle) AS day_before,
               lead(min(day)) OVER (ORDER BY cycle) AS day_after, min(first_block_height) AS first_block_height
        FROM days GROUP BY cycle
    ), finished AS (
        SELECT cycles.*, paid_on, last_day + 1 = day_after AS has_end,
               (SELECT count(*) = paid_on - first_day + 1 FROM days WHERE day BETWEEN first_day AND paid_on)
               AND (first_day - 1 = day_before OR first_block_height <= 1) AS is_whole
        FROM cycles CROSS JOIN LATERAL (
            SELECT CASE WHEN end_height <= {{waterfall_height}} THEN day_after ELSE LEAST(
                (SELECT min(day) FROM stacking_distributions JOIN days USING (day)
                 WHERE calculation_height >= end_height - 1),
                (SELECT min(day) FROM daily_pox_heights JOIN days USING (day)
                 WHERE last_burn_block_height >= end_height + {{cycle_length}} / 2)
            ) END AS paid_on
        ) AS settled
        WHERE day_after IS NOT NULL AND paid_on IS NOT NULL
    )
"""

# STX that earn in a cycle, µSTX, null where those that count are of a day that is not loaded. Before there were reward
# sets they are those locked on its last day; since Stacks 4.0 these are others.
EARNING = """
    SELECT CASE WHEN end_height > {waterfall_height} THEN (
        SELECT CASE WHEN day IN (SELECT day FROM days) THEN staked_ustx END FROM stacking_distributions AS paid
        WHERE paid.cycle = finished.cycle
        ORDER BY calculation_height DESC LIMIT 1
    ) WHEN finished.cycle IN (SELECT cycle FROM reward_cycles) THEN (
        SELECT CASE WHEN day IN (SELECT day FROM days) THEN stacked_ustx END FROM reward_cycles
        WHERE reward_cycles.cycle = finished.cycle ORDER BY block_height DESC LIMIT 1
    ) WHEN end_height <= {pox_5_height} THEN (
        SELECT stacked_ustx FROM days WHERE day = finished.last_day
    ) END AS ustx
"""

RISK_REWARD = f"""
    {CYCLES}
    SELECT finished.cycle,
           CASE WHEN has_end THEN earning.ustx / 1e6::double precision * stx.close_usd END AS locked_usd,
           CASE WHEN is_whole THEN rewards.usd END AS rewarded_usd
    FROM finished
    LEFT JOIN price_daily AS stx ON stx.symbol = 'STX' AND stx.day = finished.last_day
    CROSS JOIN LATERAL ({EARNING}) AS earning
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_and(reward_sats = 0 OR btc.close_usd IS NOT NULL) THEN
                   sum(reward_sats * COALESCE(btc.close_usd, 0) ORDER BY paid.day) / 1e8::double precision
               END AS usd
        FROM daily_stacking_rewards AS paid
        LEFT JOIN price_daily AS btc ON btc.symbol = 'BTC' AND btc.day = paid.day
        WHERE paid.cycle = finished.cycle AND paid.day BETWEEN finished.first_day AND finished.paid_on
    ) AS rewards
    ORDER BY finished.cycle DESC
"""

COLUMNS = (
    Column("cycle", "integer", "reward cycle"),
    Column(
        "locked_usd",
        "double precision",
        "value of the STX that earned in the cycle",
        USD,
        "if a day, its price or the STX are not known",
    ),
    Column(
        "rewarded_usd",
        "double precision",
        "value of the BTC paid to stackers",
        USD,
        "if a day of the cycle or a price is missing",
    ),
)

OBJECTS = tuple(
    replace(
        market_object(
            name,
            path,
            shapes.records,
            rows,
            f"{cycles} reward cycles, newest first: the STX that earned in the cycle, at the close of its last day, "
            "and the BTC paid to stackers, each day's at its close. The last day of a cycle is the last one at whose "
            "end it still runs; it is finished once a later cycle runs at the end of a loaded day, and a cycle in "
            "which no day ends has no row. The STX are those of the reward set, or, where none is stored, those "
            "locked at the end of the last day, which are not known once Stacks 4.0 has begun. Since cycle 141 "
            "(mainnet) the STX are those staked alone, and the BTC is their share in stacking_distributions; such a "
            "cycle is finished with the distribution for its second half, or half a cycle after its end if that "
            "distribution was not called.",
            {f"<reward cycle>.{column.name}": USD(f"USD; null {column.null}") for column in COLUMNS[1:]},
            COLUMNS,
            title=f"USD locked and earned by stackers {of_cycles}",
            group=Group.STACKING,
        ),
        warnings=(
            "The BTC price is from CryptoCompare; with another price source rewards have no USD value.",
            "Since cycle 141 (mainnet) neither figure includes bonds.",
        ),
    )
    for name, of_cycles, cycles, path, rows in (
        ("stacking_riskreward", "in each cycle", "Finished", paths.STACKING_RISKREWARD, RISK_REWARD),
        (
            "stacking_riskreward_small",
            "in the last 10 cycles",
            "The last 10 finished",
            paths.STACKING_RISKREWARD_SMALL,
            f"{RISK_REWARD} LIMIT 10",
        ),
    )
)
