"""Prices, indicators and social figures: what the vendors say, and what is made of it."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.caveats import about, of_rows
from stacks_dataverse.data_check import Check, Limit, Place, Severity
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import indicators, market, social
from stacks_dataverse.units import INDEX, PERCENT, USD, USD_PRICE

# Before, the symbol was another coin's.
STX_PRICES_BEGAN = date(2021, 1, 1)

UNKNOWN = "if the vendor has none"
FIGURES = (
    Column("open_usd", "double precision", "first price", unit="USD", null=UNKNOWN),
    Column("high_usd", "double precision", "highest price", unit="USD", null=UNKNOWN),
    Column("low_usd", "double precision", "lowest price", unit="USD", null=UNKNOWN),
    Column("close_usd", "double precision", "last price", unit="USD"),
    Column("volume_base", "double precision", "traded, coins", null=UNKNOWN),
    Column("volume_usd", "double precision", "traded", unit="USD", null=UNKNOWN),
)
SOURCE = (Column("source", "text", "vendor and its API: cryptocompare data_api, cryptocompare min_api, lunarcrush"),)
# Other tables have a volume_usd too: of the candles' volumes, both follow the one that they alone have.
VOLUME = ("volume_base",)
OF_SOURCES = "Volumes of two sources are not comparable: each covers other venues and pairs."
OF_LUNARCRUSH = "LunarCrush's volume covers the 24 hours before the last value of the day."
CANDLES = (
    "A candle without trades is the vendor's own: the previous price and volume 0.",
    of_rows(
        "A candle that the vendor does not have is not stored; the checks hours_without_price and "
        "days_without_price name it."
    ),
    about(OF_SOURCES, *VOLUME),
)

FIRST_DAY = "on the first of consecutive days"
NO_CAP = "neither the supply nor the vendor's market cap is known"
WARMING_UP = "in the first 120 of consecutive days"
UNMOVED = f"{WARMING_UP}, and while no close has changed"
INDICATORS = (
    DAY,
    Column("close_usd", "double precision", "closing price", unit=USD_PRICE),
    Column("volume_usd", "double precision", "traded, USD", unit=USD, null=UNKNOWN),
    Column("market_cap_usd", "double precision", "closing price times the supply", USD, f"if {NO_CAP}"),
    Column("change_pct", "double precision", "change from the day before", unit=PERCENT, null=FIRST_DAY),
    Column("rsi_7", "double precision", "relative strength index, 0 to 100", unit=INDEX, null=UNMOVED),
    Column("rvi_7", "double precision", "relative volatility index, 0 to 100", unit=INDEX, null=UNMOVED),
    Column("ema_7", "double precision", "exponential moving average, USD", unit=USD_PRICE, null=WARMING_UP),
    Column("nvt", "double precision", "market cap ÷ 24-hour exchange volume", INDEX, "without volume or market cap"),
    Column(
        "nvt_28",
        "double precision",
        "market cap ÷ mean daily exchange volume of 28 days",
        unit=INDEX,
        null="without market cap, and unless the last 28 consecutive days all have a volume above 0",
    ),
)

TABLES = (
    Table(
        name="price_hourly",
        title="STX and BTC prices per hour",
        group=Group.MARKET,
        kind=Kind.SERIES,
        transform=market.price_hourly,
        first_day=STX_PRICES_BEGAN,
        method="Closed hourly candles of STX and BTC in US dollars, from the index cadli (data_api) or the "
        "aggregate CCCAGG (min_api). The last four days are requested again with each run, because the "
        "vendor revises them.",
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
        title="STX and BTC prices per day",
        group=Group.MARKET,
        kind=Kind.SERIES,
        transform=market.price_daily,
        first_day=STX_PRICES_BEGAN,
        method="Closed candles of UTC days, from the same source. The last 300 days are requested again with each "
        "run, because the vendor revises them. If the source of prices is LunarCrush, STX has its daily "
        "prices.",
        columns=(
            Column("symbol", "text", "STX or BTC"),
            Column("day", "date", "UTC day"),
            *FIGURES,
            Column("market_cap_usd", "double precision", "USD, from the vendor", null=UNKNOWN),
            *SOURCE,
        ),
        key=("symbol", "day"),
        warnings=(
            *CANDLES,
            about(OF_LUNARCRUSH, *VOLUME),
        ),
    ),
    Table(
        name="stx_historical_prices",
        title="STX prices per hour, in their former columns",
        group=Group.MARKET,
        kind=Kind.VIEW,
        made_of=("price_hourly",),
        first_day=STX_PRICES_BEGAN,
        method="Hourly closes of STX: price_hourly with the column names of the previous system.",
        columns=(
            Column("unix_timestamp", "integer", "beginning of the hour", unit="unix seconds"),
            Column("price_usd", "double precision", "closing price", unit="USD"),
        ),
        key=(),
    ),
    Table(
        name="daily_indicators",
        title="STX indicators per day: RSI, EMA, RVI, NVT, market cap",
        group=Group.MARKET,
        headline="close_usd",
        kind=Kind.SERIES,
        transform=indicators.daily_indicators,
        made_of=("price_daily", "daily_balances"),
        first_day=STX_PRICES_BEGAN,
        method="Of STX, from all days of price_daily. RSI by Wilder, 7 days; EMA of 7 days, alpha 1/4, from the "
        "mean of the first 7; RVI by Dorsey (1993): Wilder's smoothing, 7 days, of the population deviation "
        "of 10 closes; a day with an unchanged close is neither a rise nor a fall. Market cap = close × supply at the "
        "end of the day, from the chain. NVT = market cap ÷ volume of the day; nvt_28 = market cap ÷ mean volume of "
        "the last 28 days.",
        columns=INDICATORS,
        warnings=(
            about(
                "Computed over consecutive days of one source. RSI, EMA and RVI are null for the first 120 days of "
                "such a period, because they still depend on its start.",
                *("rsi_7", "rvi_7", "ema_7"),
            ),
            about("NVT is a proxy: it uses exchange volume, not on-chain transfer volume.", "nvt", "nvt_28"),
            about(
                "If the chain's supply is not known, the market cap is the price source's, if it has one.",
                *("market_cap_usd", "nvt", "nvt_28"),
            ),
            *(about(warning, "volume_usd", "nvt", "nvt_28") for warning in (OF_SOURCES, OF_LUNARCRUSH)),
        ),
    ),
    Table(
        name="daily_social",
        title="Social media scores of Stacks per day",
        group=Group.MARKET,
        headline="galaxy_score",
        kind=Kind.SERIES,
        transform=social.daily_social,
        first_day=STX_PRICES_BEGAN,
        method="LunarCrush's daily figures of coin 830, Stacks. The last 30 days are requested again with each "
        "run: newer values replace older ones, and missing values replace nothing.",
        columns=(
            DAY,
            Column("galaxy_score", "double precision", "LunarCrush's score, 0 to 100", null=UNKNOWN),
            Column("alt_rank", "bigint", "rank among all coins, 1 is best", null=UNKNOWN),
            Column("sentiment", "double precision", "percent of positive interactions, 0 to 100", null=UNKNOWN),
            Column("social_dominance", "double precision", "percent of all coins' interactions", null=UNKNOWN),
            Column("interactions", "bigint", "interactions", null=UNKNOWN),
            Column("posts_active", "bigint", "posts with interactions", null=UNKNOWN),
            Column("contributors_active", "bigint", "contributors with interactions", null=UNKNOWN),
            Column(
                "generated_at",
                "timestamptz",
                "when the vendor generated the data",
                null="if the vendor does not state it",
            ),
        ),
    ),
    Table(
        name="social_snapshots",
        title="Social media scores of Stacks at each run",
        group=Group.MARKET,
        kind=Kind.SERIES,
        transform=social.social_snapshots,
        first_day=STX_PRICES_BEGAN,
        method="LunarCrush's current figures of coin 830, Stacks, one row per run.",
        columns=(
            Column("taken_at", "timestamptz", "when the vendor generated the data"),
            Column("galaxy_score", "double precision", "LunarCrush's score, 0 to 100", null=UNKNOWN),
            Column("alt_rank", "bigint", "rank among all coins, 1 is best", null=UNKNOWN),
        ),
        key=("taken_at",),
    ),
)


def missing_prices(table: str, moment: str, step: str, form: str) -> str:
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


MARKET_CHECKS = tuple(
    Check(
        name=name,
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method=f"Every {unit} between a coin's first and last {unit} in {table} is stored.",
        remedy="The vendor sent no price for them, or no run covered them. Run market_daily manually with from_day "
        f"and to_day around them. If the vendor does not have them, they stay missing: {effect}",
        query=query,
        limits={"named": Limit(20, "The newest ranges that are listed by name; more are counted.")},
    )
    for name, table, unit, effect, query in (
        (
            "hours_without_price",
            "price_hourly",
            "hour",
            "published prices are null there.",
            missing_prices("price_hourly", "(hour_at AT TIME ZONE 'UTC')", "1 hour", "YYYY-MM-DD HH24:MI"),
        ),
        (
            "days_without_price",
            "price_daily",
            "day",
            "published figures are null there, and RSI, EMA and RVI also for the next 120 days.",
            missing_prices("price_daily", "day::timestamp", "1 day", "YYYY-MM-DD"),
        ),
    )
)
