"""An opinion on the tables of vendors, by what the vendors' stand-in says: of the sample, an hour after five."""

from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.local.vendors import social
from scripts.local.vendors.series import COINS, DAY, HOUR, bars
from tests.second_opinion.chain import Rows
from tests.second_opinion.objects.run import Run
from tests.second_opinion.objects.unix_days import days_to, unix

SOURCE = "cryptocompare data_api"
DAYS_OF_HOURS, DAYS, DAYS_OF_SCORES = 4, 300, 30
SCORES = (
    *("galaxy_score", "alt_rank", "sentiment", "social_dominance"),
    *("interactions", "posts_active", "contributors_active"),
)


def asked_at(run: Run) -> int:
    """When the vendors were asked: a minute past five, after the last loaded day."""
    return unix(run.days[-1] + timedelta(days=1)) + 5 * HOUR + 60


def _candles(symbol: str, step: int, first: int, now: int) -> list[tuple[datetime, dict[str, Any]]]:
    """The closed candles from a time on."""
    count = (now - first) // step
    found = bars(COINS[symbol], step, first, count, now)
    columns = {
        **{f"{name}_usd": getattr(found, name).tolist() for name in ("open", "high", "low", "close")},
        "volume_base": found.volume.tolist(),
        "volume_usd": found.quote.tolist(),
    }
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    starts = [datetime.fromtimestamp(start, UTC) for start in found.start.tolist()]
    return list(zip(starts, rows, strict=True))


def price_hourly(run: Run) -> Rows:
    """The closed hours of the last four days, and of the day that is open."""
    first = unix(days_to(run.days[-1], DAYS_OF_HOURS)[0])
    return [
        {"symbol": symbol, "hour_at": hour, "source": SOURCE} | prices
        for symbol in COINS
        for hour, prices in _candles(symbol, HOUR, first, asked_at(run))
    ]


def price_daily(run: Run) -> Rows:
    """The last 300 closed days."""
    first = unix(days_to(run.days[-1], DAYS)[0])
    return [
        {"symbol": symbol, "day": day.date(), "market_cap_usd": None, "source": SOURCE} | prices
        for symbol in COINS
        for day, prices in _candles(symbol, DAY, first, asked_at(run))
    ]


def daily_social(run: Run) -> Rows:
    """The scores of the last 30 closed days."""
    now, days = asked_at(run), days_to(run.days[-1], DAYS_OF_SCORES)
    stated = social.rows(social.STACKS, DAY, unix(days[0]), unix(days[-1]), now)
    return [
        {"day": datetime.fromtimestamp(row["time"], UTC).date(), "generated_at": datetime.fromtimestamp(now, UTC)}
        | {name: row[name] for name in SCORES}
        for row in stated
    ]


def social_snapshots(run: Run) -> Rows:
    """The scores when the vendor was asked."""
    now = asked_at(run)
    said = social.snapshot(social.STACKS, now, has_nulls=False)
    scores = {name: said[name] for name in ("galaxy_score", "alt_rank")}
    return [{"taken_at": datetime.fromtimestamp(now, UTC)} | scores]


TABLES = {
    "price_hourly": price_hourly,
    "price_daily": price_daily,
    "daily_social": daily_social,
    "social_snapshots": social_snapshots,
}
