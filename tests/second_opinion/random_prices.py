"""Made-up prices around the days of a chain, with hours and days that the vendor does not have."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg2
from psycopg2.extras import execute_values

FIRST_PRICE_USD = {"STX": 1.5, "BTC": 60_000.0}
DAYS_BEFORE, DAYS_AFTER = 4, 1
HAS_A_DAY, HAS_AN_HOUR = 0.85, 0.8

COLUMNS = "symbol, {when}, open_usd, high_usd, low_usd, close_usd, volume_base, volume_usd, source"

Candle = tuple[Any, ...]


def store_prices(seed: int, days: Sequence[date], dsn: str) -> None:
    """Write hourly and daily prices of both coins to a warehouse, other ones of another seed."""
    chance = random.Random(seed)
    span = [days[0] + timedelta(days=n) for n in range(-DAYS_BEFORE, (days[-1] - days[0]).days + DAYS_AFTER + 1)]
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        for table, when, moments in (
            ("price_daily", "day", span),
            ("price_hourly", "hour_at", [*_hours(chance, span)]),
        ):
            rows = [_candle(chance, symbol, at) for symbol in FIRST_PRICE_USD for at in moments]
            kept = [row for row in rows if chance.random() < HAS_A_DAY]
            execute_values(cursor, f"INSERT INTO {table} ({COLUMNS.format(when=when)}) VALUES %s", kept)


def _hours(chance: random.Random, days: Sequence[date]) -> list[datetime]:
    """Most hours of most days."""
    kept = [day for day in days if chance.random() < HAS_A_DAY]
    hours = [datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for day in kept for hour in range(24)]
    return [hour for hour in hours if chance.random() < HAS_AN_HOUR]


def _candle(chance: random.Random, symbol: str, at: date) -> Candle:
    opened, closed = (FIRST_PRICE_USD[symbol] * chance.uniform(0.9, 1.1) for _ in range(2))
    traded = chance.choice((0.0, chance.uniform(1, 1e6)))
    high, low = max(opened, closed) * 1.01, min(opened, closed) * 0.99
    return symbol, at, opened, high, low, closed, traded, traded * closed, "made up"
