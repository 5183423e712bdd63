"""Prices, indicators and social figures: what the vendors say, and what is made of it."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.quality import Check, Limit, Place, Severity
from stacks_dataverse.transformers import indicators, market, social
from stacks_dataverse.units import INDEX, PERCENT, USD, USD_PRICE

# Before, the symbol was another coin's.
STX_PRICES_BEGAN = date(2021, 1, 1)

FIGURES = (
    Column("open_usd", "double precision", "first price", unit="USD"),
    Column("high_usd", "double precision", "highest price", unit="USD"),
    Column("low_usd", "double precision", "lowest price", unit="USD"),
    Column("close_usd", "double precision", "last price", unit="USD"),
    Column("volume_base", "double precision", "traded, coins"),
    Column("volume_usd", "double precision", "traded", unit="USD"),
)
SOURCE = (
    Column("source", "text", "vendor and its API: `cryptocompare data_api`, `cryptocompare min_api`, `lunarcrush`"),
)
CANDLES = (
    "A candle in which nothing was traded is the vendor's own: the price before, and volume 0.",
    "A candle that the vendor lacks is no row; the checks hours_without_price and days_without_price name it.",
    "Volumes of two sources do not compare: each counts other venues and pairs.",
)

INDICATORS = (
    DAY,
    Column("close_usd", "double precision", "closing price", unit=USD_PRICE),
    Column("volume_usd", "double precision", "traded, USD", unit=USD),
    Column(
        "market_cap_usd",
        "double precision",
        "closing price times the supply",
        unit=USD,
        null="while the supply is not known",
    ),
    Column("change_pct", "double precision", "percent, against the day before", unit=PERCENT),
    Column("rsi_7", "double precision", "relative strength index, 0 to 100", unit=INDEX),
    Column("rvi_7", "double precision", "relative volatility index, 0 to 100", unit=INDEX),
    Column("ema_7", "double precision", "exponential moving average, USD", unit=USD_PRICE),
    Column("nvt", "double precision", "market cap in volumes of a day", unit=INDEX, null="without volume"),
    Column(
        "nvt_28",
        "double precision",
        "market cap in mean volumes of 28 days",
        unit=INDEX,
        null="before there are 28 in a row",
    ),
)

TABLES = (
    Table(
        name="price_hourly",
        kind=Kind.SERIES,
        transform=market.price_hourly,
        first_day=STX_PRICES_BEGAN,
        method="Closed hourly candles of STX and BTC in US dollars, of the index cadli (data_api) or the aggregate "
        "CCCAGG (min_api). The trailing four days are asked for again and revised.",
        columns=(
            Column("symbol", "text", "STX or BTC"),
            Column("hour_at", "timestamptz", "beginning of the hour"),
            *FIGURES,
            *SOURCE,
        ),
        key=("symbol", "hour_at"),
        warnings=CANDLES,
    ),
    Table(
        name="price_daily",
        kind=Kind.SERIES,
        transform=market.price_daily,
        first_day=STX_PRICES_BEGAN,
        method="Closed candles of UTC days, from the same source; the trailing 300 days are asked for again and "
        "revised. With LunarCrush as the source of prices, its days of STX.",
        columns=(
            Column("symbol", "text", "STX or BTC"),
            Column("day", "date", "UTC day"),
            *FIGURES,
            Column("market_cap_usd", "double precision", "USD, as the vendor has it", null="where it gives none"),
            *SOURCE,
        ),
        key=("symbol", "day"),
        warnings=(*CANDLES, "LunarCrush's volume is that of the 24 hours before its last figure of the day."),
    ),
    Table(
        name="stx_historical_prices",
        kind=Kind.VIEW,
        first_day=STX_PRICES_BEGAN,
        method="Hourly closes of STX: price_hourly in the columns of old.",
        columns=(
            Column("unix_timestamp", "integer", "beginning of the hour", unit="unix seconds"),
            Column("price_usd", "double precision", "closing price", unit="USD"),
        ),
        key=(),
    ),
    Table(
        name="daily_indicators",
        kind=Kind.SERIES,
        transform=indicators.daily_indicators,
        first_day=STX_PRICES_BEGAN,
        method="Of STX, from all days of price_daily. RSI by Wilder, 7 days; EMA of 7 days, alpha 1/4, from the mean "
        "of the first 7; RVI by Dorsey (1993): Wilder's smoothing, 7 days, of the population deviation of 10 closes. "
        "Market cap = close × supply at the end of the day, from the chain. NVT = market cap ÷ volume of the day; "
        "nvt_28 = market cap ÷ mean volume of the last 28 days.",
        columns=INDICATORS,
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
        transform=social.daily_social,
        first_day=STX_PRICES_BEGAN,
        method="LunarCrush's daily figures of coin 830, Stacks. The trailing 30 days are asked for again: a later "
        "answer revises an earlier one, and what it does not know stays.",
        columns=(
            DAY,
            Column("galaxy_score", "double precision", "LunarCrush's score, 0 to 100"),
            Column("alt_rank", "bigint", "rank among all coins, 1 is best"),
            Column("sentiment", "double precision", "percent of positive interactions, 0 to 100"),
            Column("social_dominance", "double precision", "percent of all coins' interactions"),
            Column("interactions", "bigint", "interactions"),
            Column("posts_active", "bigint", "posts with interactions"),
            Column("contributors_active", "bigint", "contributors with interactions"),
            Column("generated_at", "timestamptz", "when the vendor made the answer", null="where it does not say"),
        ),
    ),
    Table(
        name="social_snapshots",
        kind=Kind.SERIES,
        transform=social.social_snapshots,
        first_day=STX_PRICES_BEGAN,
        method="LunarCrush's present figures of coin 830, Stacks, once a run.",
        columns=(
            Column("taken_at", "timestamptz", "when the vendor made the answer"),
            Column("galaxy_score", "double precision", "LunarCrush's score, 0 to 100"),
            Column("alt_rank", "bigint", "rank among all coins, 1 is best"),
        ),
        key=("taken_at",),
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
