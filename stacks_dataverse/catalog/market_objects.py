"""Published prices, indicators and social figures."""

from dataclasses import replace

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.market import INDICATORS, STX_PRICES_BEGAN
from stacks_dataverse.dataset import Column, PublicObject, Schedule, Shape, fields_of
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import INDEX, RANK, USD, USD_PRICE

DAY_KEY = "<unix seconds of UTC midnight>"
OF_INDICATORS = {column.name: column for column in INDICATORS}
SOCIAL = (
    Column("galaxy", "double precision", "LunarCrush's score, 0 to 100", INDEX, "if not known"),
    Column("alt_rank", "bigint", "rank among all coins, 1 is best", null="if not known"),
)
NOT_STORED = "if the day is not stored"
# The length of the public series, as consumers have it.
DAYS = 180


def hourly_closes(days: int) -> str:
    """A query of the closes of STX in the days that end with the last stored hour; null for an hour not stored."""
    return f"""
        SELECT calendar.hour_at, price.close_usd
        FROM generate_series(
            (SELECT GREATEST(max(hour_at) - interval '{days * 24 - 1} hours', min(hour_at))
             FROM price_hourly WHERE symbol = 'STX'),
            (SELECT max(hour_at) FROM price_hourly WHERE symbol = 'STX'), '1 hour') AS calendar (hour_at)
        LEFT JOIN price_hourly AS price ON price.symbol = 'STX' AND price.hour_at = calendar.hour_at
        ORDER BY calendar.hour_at
    """


def last_days(table: str, days: int, columns: str, *, condition: str = "true") -> str:
    """A query of columns in the days that end with a table's last; a day it does not have has nulls."""
    return f"""
        SELECT calendar.day::date AS day, {columns}
        FROM generate_series(
            (SELECT GREATEST(max(day) - {days - 1}, min(day)) FROM {table}),
            (SELECT max(day) FROM {table}), '1 day') AS calendar (day)
        LEFT JOIN {table} ON {table}.day = calendar.day
        WHERE {condition}
        ORDER BY calendar.day
    """


HOURS_END = "SELECT max(hour_at) + interval '1 hour' FROM price_hourly WHERE symbol = 'STX'"


def days_end(table: str, known: str) -> str:
    """A query of the end of the last day for which a column of a table is not null."""
    return f"SELECT max(day) + 1 FROM {table} WHERE {known} IS NOT NULL"


def market_object(
    name: str,
    path: str,
    shape: Shape,
    rows: str,
    method: str,
    fields: dict[str, str],
    columns: tuple[Column, ...],
    *,
    title: str,
    group: Group = Group.MARKET,
    headline: str = "",
    as_of: str = "",
) -> PublicObject:
    """An object of the market's schedule: one version, left as it is while nothing is known of it."""
    return PublicObject(
        name=name,
        title=title,
        group=group,
        headline=headline,
        path=path,
        shape=shape,
        rows=rows,
        method=method,
        fields=fields,
        columns=columns,
        keep_if_empty=True,
        schedule=Schedule.MARKET,
        as_of=as_of,
        first_day=STX_PRICES_BEGAN,
    )


PRICES = tuple(
    market_object(
        f"price_{days}d",
        path,
        shapes.series,
        hourly_closes(days),
        f"Hourly closes of STX in the {days} days up to and with the last stored hour, by the start of the hour; none "
        "before the first stored one.",
        {"<unix seconds of the hour>": USD_PRICE("USD; null if the hour is not stored")},
        (
            Column("hour_at", "timestamptz", "beginning of the hour"),
            Column("close_usd", "double precision", "closing price of STX", USD_PRICE, "if the hour is not stored"),
        ),
        title=f"STX price per hour, last {days} days",
        headline="daily_indicators.close_usd",
        as_of=HOURS_END,
    )
    for days, path in ((7, paths.PRICE_7D), (30, paths.PRICE_30D), (90, paths.PRICE_90D))
)

VOLUMES_AND_CAPS = tuple(
    market_object(
        name,
        path,
        shapes.series,
        last_days("daily_indicators", DAYS, column),
        f"{what} of STX, the last {DAYS} days.",
        {DAY_KEY: USD("USD; null if not known")},
        (DAY, replace(OF_INDICATORS[column], null="if not known")),
        title=f"{title}, last {DAYS} days",
        headline=f"daily_indicators.{column}",
        as_of=days_end("daily_indicators", column),
    )
    for name, title, path, column, what in (
        ("vols_180d", "STX trading volume", paths.VOLUMES_180D, "volume_usd", "What was traded"),
        ("caps_180d", "STX market cap", paths.CAPS_180D, "market_cap_usd", "Market cap"),
    )
)

INDICATOR_SERIES = tuple(
    market_object(
        f"{name}_latest",
        path,
        shapes.series,
        last_days("daily_indicators", DAYS, column, condition=f"{column} IS NOT NULL"),
        f"{column} of daily_indicators, the last {DAYS} days; days without a value are omitted.",
        {DAY_KEY: fields_of([replace(OF_INDICATORS[column], null="")])[column]},
        (DAY, replace(OF_INDICATORS[column], null="")),
        title=title,
        headline=f"daily_indicators.{column}",
        as_of=days_end("daily_indicators", column),
    )
    for name, title, path, column in (
        ("rsi", "Relative strength index of STX (RSI)", paths.RSI, "rsi_7"),
        ("rvi", "Relative volatility index of STX (RVI)", paths.RVI, "rvi_7"),
        ("ema", "Exponential moving average of the STX price (EMA)", paths.EMA, "ema_7"),
        ("nvt", "STX market cap to exchange volume (NVT)", paths.NVT, "nvt"),
    )
)

OBJECTS = (
    *PRICES,
    *VOLUMES_AND_CAPS,
    market_object(
        "financial_indicators",
        paths.FINANCIAL_INDICATORS,
        shapes.csv_table,
        last_days("daily_indicators", DAYS, ", ".join(column.name for column in INDICATORS if column != DAY)),
        f"daily_indicators, the last {DAYS} days.",
        fields_of(INDICATORS),
        (
            DAY,
            *(replace(column, null=", or ".join(filter(None, (NOT_STORED, column.null)))) for column in INDICATORS[1:]),
        ),
        title=f"All STX indicators, last {DAYS} days",
        headline="daily_indicators.close_usd",
        as_of=days_end("daily_indicators", "close_usd"),
    ),
    *INDICATOR_SERIES,
    market_object(
        "lunar_spot",
        paths.LUNAR_SPOT,
        shapes.record,
        """
            SELECT galaxy_score AS galaxy, alt_rank,
                   (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY alt_rank) FROM daily_social
                    WHERE day > (SELECT max(day) FROM daily_social) - 30) AS alt_rank_30d
            FROM social_snapshots ORDER BY taken_at DESC LIMIT 1
        """,
        "LunarCrush's current figures of Stacks.",
        {
            "galaxy": INDEX("LunarCrush's score, 0 to 100"),
            "alt_rank": "rank among all coins, 1 is best",
            "alt_rank_30d": RANK("median of the stored ones of the last 30 days"),
        },
        (
            *SOCIAL,
            Column(
                "alt_rank_30d",
                "double precision",
                "median of the stored ranks of the last 30 days",
                RANK,
                "without any",
            ),
        ),
        title="Social media scores of Stacks now",
        headline="daily_social.galaxy_score",
        as_of="SELECT max(taken_at) FROM social_snapshots",
    ),
    market_object(
        "lunar_history",
        paths.LUNAR_HISTORY,
        shapes.records,
        last_days("daily_social", 30, "galaxy_score AS galaxy, alt_rank"),
        "LunarCrush's daily figures of Stacks, the last 30 days.",
        {
            f"{DAY_KEY}.galaxy": INDEX("LunarCrush's score, 0 to 100; null if not known"),
            f"{DAY_KEY}.alt_rank": "rank among all coins, 1 is best; null if not known",
        },
        (DAY, *SOCIAL),
        title="Social media scores of Stacks, last 30 days",
        headline="daily_social.galaxy_score",
        as_of=days_end("daily_social", "galaxy_score"),
    ),
)
