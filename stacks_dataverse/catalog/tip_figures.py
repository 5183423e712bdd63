"""Figures of the tip: the chain at its tip, the end of the last loaded day, and the price of STX."""

from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.event_order import LATEST_FIRST
from stacks_dataverse.labels import Group
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.queries.cycles import BURN_BLOCKS_A_YEAR, CYCLE_PLACE, DISTRIBUTED, EARNED, IN_CYCLE, IS_PREPARE
from stacks_dataverse.units import PERCENT, SHARE, STX, USD, USD_PER_BYTE, USD_PRICE, USTX_PER_BYTE

SPOT = (
    Column("refresh_ts", "bigint", "when the source was read", unit="unix seconds"),
    Column("total_txs_alltime", "bigint", "canonical transactions up to the tip", null="while blocks are missing"),
    Column("total_txs_past24", "bigint", "canonical transactions of the 24 hours before the tip"),
    Column("current_cycle_no", "integer", "reward cycle of the tip's Bitcoin block"),
    Column(
        "current_cycle_open_price",
        "double precision",
        "USD per STX, opening of the hour of the cycle's first tenure",
        unit=USD_PRICE,
        null="while blocks are missing, or without a price",
    ),
    Column("cycle_blocks_left", "integer", "Bitcoin blocks from the tip's to the first of the next cycle"),
    Column(
        "current_cycle_phase",
        "text",
        "prepare or reward. Before cycle 141 prepare is the Bitcoin blocks in which miners burn, on mainnet the "
        "last 99 of a cycle and the first of the next; since then the last 100, in which staking is closed",
    ),
    Column("total_stackers", "bigint", "principals with STX locked at the tip", null="while blocks are missing"),
    Column(
        "total_stacked",
        "double precision",
        "STX locked at the tip, bonds included; locked is not earning, see daily_stacking",
        unit=STX,
        null="while blocks are missing",
    ),
    Column(
        "total_stacked_usd",
        "double precision",
        "value of the STX locked at the tip",
        unit=USD,
        null="while blocks are missing, or without a price",
    ),
    Column(
        "slot_minimum",
        "double precision",
        "STX required for a reward slot of the cycle",
        unit=STX,
        null="before its reward set, and since cycle 141, when PoX-5 ended slots",
    ),
    Column("current_stx_block_height", "integer", "height of the tip"),
    Column(
        "stacking_apy",
        "double precision",
        "percent a year",
        unit=PERCENT,
        null="while blocks are missing, without prices, and, since the reward pool, without a distribution in this "
        "or the previous cycle",
    ),
    Column(
        "gini_coefficient",
        "double precision",
        "0 = all equal; at the end of the last loaded day",
        unit=SHARE,
        null="before there is a loaded day, or if history is missing",
    ),
    Column(
        "median_balance",
        "double precision",
        "STX; at the end of the last loaded day",
        unit=STX,
        null="before there is a loaded day, or if history is missing",
    ),
    Column(
        "nonzero_bal_addx",
        "bigint",
        "accounts with a positive balance; at the end of the last loaded day",
        null="before there is a loaded day, or if history is missing",
    ),
    Column(
        "whale_percent",
        "double precision",
        "percent of these accounts with 100,000 STX or more; at the end of the last loaded day",
        unit=PERCENT,
        null="before there is a loaded day, or if history is missing",
    ),
    Column(
        "latest_whale_amount",
        "double precision",
        "STX of the last canonical transfer of 1,000,000 STX or more",
        unit=STX,
        null="before the first",
    ),
    Column(
        "latest_whale_timestamp",
        "bigint",
        "time of its Bitcoin block",
        unit="unix seconds",
        null="before the first",
    ),
    Column(
        "ath",
        "double precision",
        "highest price of STX in the hours that are stored, USD",
        unit=USD_PRICE,
        null="without prices",
    ),
    Column(
        "perc_from_ath",
        "double precision",
        "difference of the STX price at the tip's time from that in percent; negative if it is lower",
        unit=PERCENT,
        null="without a price",
    ),
    Column(
        "mstx_fee",
        "double precision",
        "median fee of token transfers in the mempool, of two in the middle their mean, µSTX per byte",
        unit=USTX_PER_BYTE,
        null="when none waits",
    ),
    Column(
        "usd_fee",
        "double precision",
        "the same in USD, at the price of STX at the tip's time",
        unit=USD_PER_BYTE,
        null="when none waits, or without a price",
    ),
    Column(
        "latest_transfer_fee",
        "double precision",
        "median fee of the last ten canonical token transfers, of two in the middle their mean, STX",
        unit=STX,
        null="without one",
    ),
    Column("now_in_mempool", "bigint", "transactions in the mempool, as in mempool_snapshots"),
    Column(
        "circulating_supply",
        "double precision",
        "STX: supply at the end of the last loaded day, plus mints and matured coinbase, minus burns since then",
        unit=STX,
        null="while blocks are missing",
    ),
)

SPOT_ROW = f"""
    WITH moment AS (
        SELECT to_timestamp({{tip_at}}) AS tip_at
    ), prices AS (
        SELECT {tip_queries.price("STX", "tip_at")} AS stx_usd, {tip_queries.price("BTC", "tip_at")} AS btc_usd,
               (SELECT max(high_usd) FROM price_hourly WHERE symbol = 'STX') AS ath
        FROM moment
    ), opening AS (
        SELECT {tip_queries.price("STX", "mined_at", "open_usd")} AS usd
        FROM (SELECT mined_at FROM {tip_queries.up_to_the_tip("tenures")}
              WHERE {IN_CYCLE} ORDER BY burn_block_height LIMIT 1) AS first
        WHERE {{is_whole}}
    ), earned AS ({EARNED}
    ), distributed AS ({DISTRIBUTED}
    ), stacked AS (
        SELECT CASE WHEN {{is_whole}} THEN {{stacked_ustx}} / 1e6::double precision END AS stx,
               CASE WHEN {{is_whole}} THEN {{stackers}} END::bigint AS stackers
    ), end_of_day AS (
        SELECT day, gini, median_balance_ustx / 1e6 AS median_balance, holders, supply_ustx,
               (SELECT COALESCE(sum(binned.holders), 0) FROM daily_balance_histogram AS binned
                WHERE binned.day = daily.day AND from_stx >= 100000) AS whales
        FROM daily_balances AS daily WHERE day = {{day}}
    ), whale AS (
        {tip_queries.newest("large_transfers", LATEST_FIRST, 1)}
    ), since AS (
        SELECT (SELECT COALESCE(sum(tx_count), 0) FROM tip_daily_transactions)::bigint AS txs,
               (SELECT sum(minted_ustx - burned_ustx + coinbase_ustx) FROM tip_stx_supply_changes) AS supply_ustx,
               (SELECT sum(tx_count) FROM tip_mempool_snapshots)::bigint AS waiting
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
           end_of_day.gini AS gini_coefficient,
           end_of_day.median_balance,
           end_of_day.holders AS nonzero_bal_addx,
           100.0::double precision * end_of_day.whales / NULLIF(end_of_day.holders, 0) AS whale_percent,
           whale.amount_ustx / 1e6::double precision AS latest_whale_amount,
           whale.burn_block_time AS latest_whale_timestamp,
           prices.ath,
           100 * (stx_usd - prices.ath) / prices.ath AS perc_from_ath,
           {{fee_per_byte_ustx}}::double precision AS mstx_fee,
           {{fee_per_byte_ustx}}::double precision / 1e6 * stx_usd AS usd_fee,
           {{latest_transfer_fee_ustx}}::double precision / 1e6 AS latest_transfer_fee,
           since.waiting AS now_in_mempool,
           CASE WHEN {{is_whole}} THEN (CASE WHEN end_of_day.day IS NULL THEN 0 ELSE end_of_day.supply_ustx END
                                        + since.supply_ustx) / 1e6 END::double precision AS circulating_supply
    FROM moment, prices, earned, distributed, stacked, since
    LEFT JOIN opening ON true
    LEFT JOIN end_of_day ON true
    LEFT JOIN whale ON true
"""

TABLES = (
    Table(
        name="spot_snapshots",
        title="Key figures of the chain at each poll",
        group=Group.NETWORK,
        kind=Kind.SNAPSHOT,
        rows=SPOT_ROW,
        method="The chain at its tip in each tip snapshot. The yield is the BTC paid divided by the STX that "
        "earned it, both in USD at the tip's time, times the Bitcoin blocks of a year (52,560), divided by "
        "the Bitcoin blocks that it was paid for. Until Bitcoin height 962,150 (mainnet) it covers the "
        "cycle so far: its burn_block_rewards and the STX of its reward set, or, before reward sets "
        "existed, those locked at the tip. Since then it covers the last two stacking_distributions of this "
        "cycle and the previous one: the BTC of both, and the mean of the STX, of accounts that stake STX alone. A "
        "price is that of the hour, otherwise that of the latest hour that began in the 48 hours before.",
        columns=(
            Column("taken_at", "timestamptz", "when the source was read"),
            *SPOT,
        ),
        key=("taken_at",),
    ),
)
