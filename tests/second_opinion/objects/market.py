"""An opinion on objects of prices, of social figures, and of what exchanges traded."""

from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from tests.second_opinion.chain import Row, Rows
from tests.second_opinion.objects.run import Answer, Judge, Run
from tests.second_opinion.objects.unix_days import days_from, days_to, series, unix

EXCHANGE_DAYS, SOCIAL_DAYS = 90, 30
HOUR = timedelta(hours=1)
STX, BTC = 1_000_000, 100_000_000


def closes(run: Run, symbol: str) -> dict[date, float]:
    """Closing prices of a coin by day."""
    return {row["day"]: row["close_usd"] for row in run.tables["price_daily"] if row["symbol"] == symbol}


def hourly(run: Run, symbol: str) -> dict[datetime, float]:
    """Closing prices of a coin by the start of the hour."""
    rows = [row for row in run.tables["price_hourly"] if row["symbol"] == symbol]
    return {row["hour_at"].astimezone(UTC): row["close_usd"] for row in rows}


def price_of(days: int) -> Judge:
    """The hourly closes of so many days."""

    def judge(run: Run, _: date | None) -> Answer:
        prices = hourly(run, "STX")
        if not prices:
            return Answer([], {})
        end = max(prices) + HOUR
        hours = [end - number * HOUR for number in reversed(range(1, 24 * days + 1))]
        rows = [{"hour_at": hour, "close_usd": prices.get(hour)} for hour in hours if hour >= min(prices)]
        return Answer(rows, series(rows, "hour_at", "close_usd"))

    return judge


def lunar_history(run: Run, _: date | None) -> Answer:
    """Daily scores of the last 30 days, null where one is not stored."""
    stored = {row["day"]: row for row in run.tables["daily_social"]}
    if not stored:
        return Answer([], {})
    first = max(min(stored), days_to(max(stored), SOCIAL_DAYS)[0])
    rows = [{"day": day, **_scores(stored.get(day))} for day in days_from(first, max(stored))]
    return Answer(rows, {unix(row["day"]): {name: row[name] for name in ("galaxy", "alt_rank")} for row in rows})


def _scores(row: Row | None) -> dict[str, Any]:
    return {"galaxy": row and row["galaxy_score"], "alt_rank": row and row["alt_rank"]}


def lunar_spot(run: Run, _: date | None) -> Answer:
    """The newest scores, and the median rank of the last 30 days."""
    newest = max(run.tables["social_snapshots"], key=lambda row: row["taken_at"], default=None)
    last = max((row["day"] for row in run.tables["daily_social"]), default=None)
    days = days_to(last, SOCIAL_DAYS) if last else []
    ranks = [row["alt_rank"] for row in run.tables["daily_social"] if row["day"] in days]
    known = [rank for rank in ranks if rank is not None]
    row = _scores(newest) | {"alt_rank_30d": median(known) if known else None}
    return Answer([row] if newest or known else [], row)


def exchange_volume(run: Run, day: date | None) -> Answer:
    """Swaps of each exchange and day, with their volumes at the day's close."""
    stx, btc = closes(run, "STX"), closes(run, "BTC")
    days = days_to(day, EXCHANGE_DAYS) if day else []
    traded = [row for row in run.tables["daily_exchange_volume"] if row["day"] in days and row["day"] in run.days]
    return Answer([_traded(row, stx.get(row["day"]), btc.get(row["day"])) for row in sorted(traded, key=_by_exchange)])


def _by_exchange(row: Row) -> tuple[date, str]:
    return row["day"], row["protocol"]


def _traded(row: Row, stx: float | None, btc: float | None) -> Row:
    counts = ("day", "protocol", "swaps", "transactions", "traders", "pools", "unvalued_swaps")
    amounts = {
        "volume": (row["volume_ustx"], row["volume_sats"]),
        "user_volume": (row["user_volume_ustx"], row["user_volume_sats"]),
        "fees": (row["fee_ustx"], row["fee_sats"]),
    }
    values = {name: _valued(*amount, stx, btc) for name, amount in amounts.items()}
    in_both = {
        f"{name}_{unit}": value
        for name, both in values.items()
        for unit, value in zip(("stx", "usd"), both, strict=True)
    }
    return {name: row[name] for name in counts} | in_both


def _valued(ustx: Any, sats: Any, stx: float | None, btc: float | None) -> tuple[float | None, float | None]:
    """An amount in STX and in USD, of which a part is BTC; None without a price that it needs."""
    if ustx is None and sats is None:
        return None, None
    coins, bitcoin = int(ustx or 0) / STX, int(sats or 0) / BTC
    of_coins, of_bitcoin = _in_usd(coins, stx), _in_usd(bitcoin, btc)
    in_usd = None if of_coins is None or of_bitcoin is None else of_coins + of_bitcoin
    if not bitcoin:
        return coins, in_usd
    return (None if stx is None or of_bitcoin is None else coins + of_bitcoin / stx), in_usd


def _in_usd(amount: float, price: float | None) -> float | None:
    if not amount:
        return 0.0
    return None if price is None else amount * price


def stx_historical_prices(run: Run) -> Rows:
    """Hourly closes in the former columns."""
    return [{"unix_timestamp": unix(hour), "price_usd": close} for hour, close in hourly(run, "STX").items()]


JUDGES = {
    "price_7d": price_of(7),
    "price_30d": price_of(30),
    "price_90d": price_of(90),
    "lunar_spot": lunar_spot,
    "lunar_history": lunar_history,
    "exchange_volume": exchange_volume,
}
TABLES = {"stx_historical_prices": stx_historical_prices}
