"""Prices, indicators and social figures: what the vendors say, and what is made of it."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.quality import Check, Limit, Place, Severity
from stacks_dataverse.runners import build_market
from stacks_dataverse.units import INDEX, PERCENT, USD, USD_PRICE

# Before, the symbol was another coin's.
STX_PRICES_BEGAN = date(2021, 1, 1)

FIGURES = {
    "open_usd": "first price, USD",
    "high_usd": "highest price, USD",
    "low_usd": "lowest price, USD",
    "close_usd": "last price, USD",
    "volume_base": "traded, coins",
    "volume_usd": "traded, USD",
}
SOURCE = {"source": "vendor and its API: `cryptocompare data_api`, `cryptocompare min_api`, `lunarcrush`"}
CANDLES = (
    "A candle in which nothing was traded is the vendor's own: the price before, and volume 0.",
    "A candle that the vendor lacks is no row; the checks hours_without_price and days_without_price name it.",
    "Volumes of two sources do not compare: each counts other venues and pairs.",
)

INDICATORS = DAY | {
    "close_usd": USD_PRICE("USD"),
    "volume_usd": USD("traded, USD"),
    "market_cap_usd": USD("USD; null while the supply is not known"),
    "change_pct": PERCENT("percent, against the day before"),
    "rsi_7": INDEX("relative strength index, 0 to 100"),
    "rvi_7": INDEX("relative volatility index, 0 to 100"),
    "ema_7": USD_PRICE("exponential moving average, USD"),
    "nvt": INDEX("market cap in volumes of a day; null without volume"),
    "nvt_28": INDEX("market cap in mean volumes of 28 days; null before there are 28 in a row"),
}

TABLES = (
    Table(
        name="price_hourly",
        kind=Kind.SERIES,
        subject="market",
        runner=build_market.candles,
        first_day=STX_PRICES_BEGAN,
        method="Closed hourly candles of STX and BTC in US dollars, of the index cadli (data_api) or the aggregate "
        "CCCAGG (min_api). The trailing four days are asked for again and revised.",
        fields={"symbol": "STX or BTC", "hour_at": "beginning of the hour"} | FIGURES | SOURCE,
        warnings=CANDLES,
    ),
    Table(
        name="price_daily",
        kind=Kind.SERIES,
        subject="market",
        runner=build_market.candles,
        first_day=STX_PRICES_BEGAN,
        method="Closed candles of UTC days, from the same source; the trailing 300 days are asked for again and "
        "revised. With LunarCrush as the source of prices, its days of STX.",
        fields={"symbol": "STX or BTC", "day": "UTC day"}
        | FIGURES
        | {"market_cap_usd": "USD, as the vendor has it; null where it gives none"}
        | SOURCE,
        warnings=(*CANDLES, "LunarCrush's volume is that of the 24 hours before its last figure of the day."),
    ),
    Table(
        name="stx_historical_prices",
        kind=Kind.VIEW,
        runner=build_market.candles,
        first_day=STX_PRICES_BEGAN,
        method="Hourly closes of STX: price_hourly in the columns of old.",
        fields={"unix_timestamp": "beginning of the hour, unix seconds", "price_usd": "USD"},
    ),
    Table(
        name="daily_indicators",
        kind=Kind.SERIES,
        subject="indicators",
        runner=build_market.indicators,
        first_day=STX_PRICES_BEGAN,
        method="Of STX, from all days of price_daily. RSI by Wilder, 7 days; EMA of 7 days, alpha 1/4, from the mean "
        "of the first 7; RVI by Dorsey (1993): Wilder's smoothing, 7 days, of the population deviation of 10 closes. "
        "Market cap = close × supply at the end of the day, from the chain. NVT = market cap ÷ volume of the day; "
        "nvt_28 = market cap ÷ mean volume of the last 28 days.",
        fields=INDICATORS,
        warnings=(
            "Computed over runs of consecutive days of one source; RSI, EMA and RVI are null in the first 120 days "
            "of a run, while they depend on where it began.",
            "NVT is a proxy: it is on volume at exchanges, not on what moved on the chain.",
            "Where the chain's supply is not known, the market cap is that of the price's source, if it gives one.",
        ),
    ),
    Table(
        name="daily_social",
        kind=Kind.SERIES,
        subject="social",
        runner=build_market.social_figures,
        first_day=STX_PRICES_BEGAN,
        method="LunarCrush's daily figures of coin 830, Stacks. The trailing 30 days are asked for again: a later "
        "answer revises an earlier one, and what it does not know stays.",
        fields=DAY
        | {
            "galaxy_score": "LunarCrush's score, 0 to 100",
            "alt_rank": "rank among all coins, 1 is best",
            "sentiment": "percent of positive interactions, 0 to 100",
            "social_dominance": "percent of all coins' interactions",
            "interactions": "interactions",
            "posts_active": "posts with interactions",
            "contributors_active": "contributors with interactions",
            "generated_at": "when the vendor made the answer; null where it does not say",
        },
    ),
    Table(
        name="social_snapshots",
        kind=Kind.SERIES,
        subject="social",
        runner=build_market.social_figures,
        first_day=STX_PRICES_BEGAN,
        method="LunarCrush's present figures of coin 830, Stacks, once a run.",
        fields={
            "taken_at": "when the vendor made the answer",
            "galaxy_score": "LunarCrush's score, 0 to 100",
            "alt_rank": "rank among all coins, 1 is best",
        },
    ),
)


def holes(table: str, moment: str, step: str, form: str) -> str:
    """A query of the candles that are missing between each coin's first and last stored one, the newest first.

    Args:
        moment: SQL for when a row of the table begins, as a timestamp in UTC.
        step: the length of a candle, as an interval; `form` is how a moment is written.
    """
    return f"""
        WITH stored AS (
            SELECT symbol, {moment} AS at, lag({moment}) OVER (PARTITION BY symbol ORDER BY {moment}) AS before
            FROM {table}
        ), holes AS (
            SELECT symbol, at, to_char(before + interval '{step}', '{form}') AS first,
                   to_char(at - interval '{step}', '{form}') AS last
            FROM stored WHERE at > before + interval '{step}'
        ), named AS (
            SELECT symbol || ' ' || first || CASE WHEN first < last THEN ' to ' || last ELSE '' END AS hole,
                   row_number() OVER (ORDER BY at DESC, symbol) AS number
            FROM holes
        )
        SELECT 'none' AS expected,
               COALESCE(string_agg(hole, ', ' ORDER BY number) FILTER (WHERE number <= {{named}}), 'none')
               || CASE WHEN count(*) > {{named}} THEN ' and ' || count(*) - {{named}} || ' more' ELSE '' END AS actual
        FROM named
    """


CHECKS = tuple(
    Check(
        name=name,
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method=f"Between a coin's first and last {unit} in {table}, every {unit} is stored.",
        remedy="The vendor sent no price for them, or no run covered them. Run market_daily by hand with from_day and "
        f"to_day around them. What the vendor lacks for good stays missing: {effect}",
        query=query,
        limits={"named": Limit(20, "So many stretches are named, the newest; more are counted.")},
    )
    for name, table, unit, effect, query in (
        (
            "hours_without_price",
            "price_hourly",
            "hour",
            "published prices are null there.",
            holes("price_hourly", "(hour_at AT TIME ZONE 'UTC')", "1 hour", "YYYY-MM-DD HH24:MI"),
        ),
        (
            "days_without_price",
            "price_daily",
            "day",
            "published figures are null there, and RSI, EMA and RVI for the 120 days after.",
            holes("price_daily", "day::timestamp", "1 day", "YYYY-MM-DD"),
        ),
    )
)
