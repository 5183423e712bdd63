"""Figures of the moment: the chain at its tip, beside what the last evening says and what STX costs."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.live import FRESH_HOURS, NEWEST
from stacks_dataverse.dataset import Kind, PublicObject, Schedule, Table
from stacks_dataverse.runners import live, publish, recent
from stacks_dataverse.units import PERCENT, SHARE, STX, USD, USD_PER_BYTE, USD_PRICE, USTX_PER_BYTE

SPOT = {
    "refresh_ts": "when the source was looked at, unix seconds",
    "total_txs_alltime": "canonical transactions up to the tip; null while blocks are missing",
    "total_txs_past24": "canonical transactions of the 24 hours before the tip",
    "current_cycle_no": "reward cycle of the tip's Bitcoin block",
    "current_cycle_open_price": USD_PRICE(
        "USD per STX, opening of the hour of the cycle's first tenure; null as above, or without a price"
    ),
    "cycle_blocks_left": "Bitcoin blocks from the tip's to the first of the next cycle",
    "current_cycle_phase": "prepare or reward. Before cycle 141 prepare is the Bitcoin blocks in which miners burn, on "
    "mainnet the last 99 of a cycle and the first of the next; since then the last 100, in which nobody may stake",
    "total_stackers": "principals with STX locked at the tip; null while blocks are missing",
    "total_stacked": STX(
        "STX locked at the tip, bonds included; locked is not earning, as daily_stacking says; null while blocks are "
        "missing"
    ),
    "total_stacked_usd": USD("USD; null as above, or without a price"),
    "slot_minimum": STX(
        "STX that a reward slot of the cycle takes; null before its reward set, and since cycle 141, when PoX-5 ended "
        "slots"
    ),
    "current_stx_block_height": "height of the tip",
    "stacking_apy": PERCENT(
        "percent a year; null while blocks are missing, without prices, and since the pool of rewards without a "
        "distribution in the cycle or the one before"
    ),
    "gini_coefficient": SHARE(
        "0 = all equal; of the last loaded evening, null before there is one, or without its past"
    ),
    "median_balance": STX("STX; of the last loaded evening; null likewise"),
    "nonzero_bal_addx": "accounts with a positive balance; of the last loaded evening; null likewise",
    "whale_percent": PERCENT(
        "percent of these that hold 100,000 STX or more; of the last loaded evening; null likewise"
    ),
    "latest_whale_amount": STX("STX of the last canonical transfer of 1,000,000 STX or more; null before the first"),
    "latest_whale_timestamp": "time of its Bitcoin block, unix seconds",
    "ath": USD_PRICE("highest price of STX in the hours that are stored, USD; null without prices"),
    "perc_from_ath": PERCENT("percent by which STX costs more than that; negative below, null without a price"),
    "mstx_fee": USTX_PER_BYTE("median fee of waiting token transfers, µSTX per byte; null when none waits"),
    "usd_fee": USD_PER_BYTE("the same in USD, at the price of STX"),
    "latest_transfer_fee": STX("median fee of the last ten canonical token transfers, STX; null without one"),
    "now_in_mempool": "transactions that wait to be mined, as in mempool_snapshots",
    "circulating_supply": STX(
        "STX: the last loaded evening's supply and what was minted, burned and matured since; null while blocks are "
        "missing"
    ),
}

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
BURN_BLOCKS_A_YEAR = 52_560

# What stacking earns in BTC for an STX and a Bitcoin block. While miners pay stackers themselves: what was paid in the
# cycle so far, by the STX of its reward set; before there were sets by those locked now, which since PoX-5 are others.
EARNED = f"""
    SELECT sum(reward_sats) / 1e8::double precision / ({CYCLE_PLACE} + 1) / NULLIF(COALESCE(
               (SELECT stacked_ustx FROM {recent.up_to_the_tip("reward_cycles")}
                WHERE cycle = {CYCLE} ORDER BY block_height DESC LIMIT 1),
               CASE WHEN {{burn_block_height}} < {{pox_5_height}} THEN {{stacked_ustx}}::bigint END
           ) / 1e6::double precision, 0) AS btc
    FROM {recent.up_to_the_tip("burn_block_rewards")} WHERE {IN_CYCLE}
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
        FROM ({recent.newest("stacking_distributions", "calculation_height DESC", 3)}) AS last_three
        ORDER BY calculation_height DESC LIMIT 2
    ) AS last_two
    WHERE calculation_height >= {{waterfall_height}} AND cycle >= {CYCLE} - 1
"""

SPOT_ROW = f"""
    WITH moment AS (
        SELECT to_timestamp({{tip_at}}) AS tip_at
    ), prices AS (
        SELECT {recent.price("STX", "tip_at")} AS stx_usd, {recent.price("BTC", "tip_at")} AS btc_usd,
               (SELECT max(high_usd) FROM price_hourly WHERE symbol = 'STX') AS ath
        FROM moment
    ), opening AS (
        SELECT {recent.price("STX", "mined_at", "open_usd")} AS usd
        FROM (SELECT mined_at FROM {recent.up_to_the_tip("tenures")}
              WHERE {IN_CYCLE} ORDER BY burn_block_height LIMIT 1) AS first
        WHERE {{is_whole}}
    ), earned AS ({EARNED}
    ), distributed AS ({DISTRIBUTED}
    ), stacked AS (
        SELECT CASE WHEN {{is_whole}} THEN {{stacked_ustx}} / 1e6::double precision END AS stx,
               CASE WHEN {{is_whole}} THEN {{stackers}} END::bigint AS stackers
    ), evening AS (
        SELECT day, gini, median_balance_ustx / 1e6 AS median_balance, holders, supply_ustx,
               (SELECT COALESCE(sum(binned.holders), 0) FROM daily_balance_histogram AS binned
                WHERE binned.day = daily.day AND from_stx >= 100000) AS whales
        FROM daily_balances AS daily WHERE day = {{day}}
    ), whale AS (
        {recent.newest("large_transfers", NEWEST, 1)}
    ), since AS (
        SELECT (SELECT COALESCE(sum(tx_count), 0) FROM live_daily_transactions)::bigint AS txs,
               (SELECT sum(minted_ustx - burned_ustx + coinbase_ustx) FROM live_stx_supply_changes) AS supply_ustx,
               (SELECT sum(tx_count) FROM live_mempool_snapshots)::bigint AS waiting
    )
    SELECT {{taken_at}}::timestamptz AS taken_at,
           date_part('epoch', {{taken_at}}::timestamptz)::bigint AS refresh_ts,
           CASE WHEN {{is_whole}} THEN {{built_tx_count}} + since.txs END AS total_txs_alltime,
           {{txs_past24}} AS total_txs_past24,
           ({{burn_block_height}} - {{first_burn_height}}) / {{cycle_length}} AS current_cycle_no,
           opening.usd AS current_cycle_open_price,
           {{cycle_length}} - {CYCLE_PLACE} AS cycle_blocks_left,
           CASE WHEN {IS_PREPARE} THEN 'prepare' ELSE 'reward' END AS current_cycle_phase,
           stacked.stackers AS total_stackers,
           stacked.stx AS total_stacked,
           stacked.stx * stx_usd AS total_stacked_usd,
           {{min_threshold_ustx}} / 1e6::double precision AS slot_minimum,
           {{block_height}} AS current_stx_block_height,
           CASE WHEN {{is_whole}} THEN
               CASE WHEN {{burn_block_height}} < {{waterfall_height}} THEN earned.btc ELSE distributed.btc END
               * btc_usd / stx_usd * {BURN_BLOCKS_A_YEAR} * 100
           END AS stacking_apy,
           evening.gini AS gini_coefficient,
           evening.median_balance,
           evening.holders AS nonzero_bal_addx,
           100.0::double precision * evening.whales / NULLIF(evening.holders, 0) AS whale_percent,
           whale.amount_ustx / 1e6::double precision AS latest_whale_amount,
           whale.burn_block_time AS latest_whale_timestamp,
           prices.ath,
           100 * (stx_usd - prices.ath) / prices.ath AS perc_from_ath,
           {{fee_per_byte_ustx}}::double precision AS mstx_fee,
           {{fee_per_byte_ustx}}::double precision / 1e6 * stx_usd AS usd_fee,
           {{latest_transfer_fee_ustx}}::double precision / 1e6 AS latest_transfer_fee,
           since.waiting AS now_in_mempool,
           CASE WHEN {{is_whole}} THEN (CASE WHEN evening.day IS NULL THEN 0 ELSE evening.supply_ustx END
                                        + since.supply_ustx) / 1e6 END::double precision AS circulating_supply
    FROM moment, prices, earned, distributed, stacked, since
    LEFT JOIN opening ON true
    LEFT JOIN evening ON true
    LEFT JOIN whale ON true
"""

TABLES = (
    Table(
        name="spot_snapshots",
        kind=Kind.SNAPSHOT,
        runner=live.published,
        rows=SPOT_ROW,
        method="The chain at its tip at each look. The yield is the BTC paid over the STX that earned it, both in USD "
        "at the tip's time, times the Bitcoin blocks of a year (52,560) over those that it was paid for. Until "
        "Bitcoin height 962,150 (mainnet) this is the cycle so far: its burn_block_rewards and the STX of its reward "
        "set, or, before there were sets, those locked at the tip. Since then it is the last two "
        "stacking_distributions of this cycle and the one before: the BTC and the STX of those who stake STX alone. "
        "A price is that of the hour, else the latest of the 48 hours before.",
        fields={"taken_at": "when the source was looked at"} | SPOT,
    ),
)

YIELD = "Since Bitcoin height 962,150 (mainnet) the yield is of STX that are staked alone: bonds have another."

LAST_EVENING = (
    "Gini coefficient, median, holders and whales are of the last loaded evening, for they need every balance; null "
    "where a day of the chain is missing before it.",
    "Figures that need the whole past are null while a block is neither in a built day nor in the look.",
)

OBJECTS = (
    PublicObject(
        name="spot_stats",
        path=paths.SPOT_STATS,
        shape="record",
        rows=f"SELECT {', '.join(SPOT)} FROM spot_snapshots WHERE taken_at = {{taken_at}}",
        method="The last look at the tip, as in spot_snapshots.",
        fields=SPOT,
        runner=publish.written,
        dated=False,
        schedule=Schedule.HALF_HOURLY,
        freshness_hours=FRESH_HOURS,
        warnings=(*LAST_EVENING, YIELD),
    ),
    PublicObject(
        name="spot_stats_historical",
        path=paths.SPOT_STATS_HISTORICAL,
        shape="records_by_number",
        subject="live_objects",
        rows="""
            SELECT date_part('epoch', calendar.day)::bigint AS number,
                   last.median_balance, last.whale_percent, last.stacking_apy
            FROM generate_series(
                (SELECT date_trunc('day', min(taken_at)) FROM spot_snapshots),
                (SELECT max(taken_at) FROM spot_snapshots), '1 day'
            ) AS calendar (day)
            LEFT JOIN LATERAL (
                SELECT median_balance, whale_percent, stacking_apy FROM spot_snapshots
                WHERE taken_at >= calendar.day AND taken_at < calendar.day + interval '1 day'
                ORDER BY taken_at DESC LIMIT 1
            ) AS last ON true
        """,
        method="The last look of each UTC day.",
        fields={
            "<unix seconds of UTC midnight>.median_balance": STX("STX; null for a day without a look"),
            "<unix seconds of UTC midnight>.whale_percent": PERCENT(
                "percent of holders with 100,000 STX; null likewise"
            ),
            "<unix seconds of UTC midnight>.stacking_apy": PERCENT(
                "percent a year; null likewise, and as in spot_stats"
            ),
        },
        runner=publish.written,
        dated=False,
        schedule=Schedule.HALF_HOURLY,
        freshness_hours=FRESH_HOURS,
        warnings=(
            LAST_EVENING[0],
            YIELD,
            "A snapshot is never made again: it keeps the yield that was published then.",
        ),
    ),
)
