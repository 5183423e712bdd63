"""An opinion on the indicators of the STX price, and on the objects that publish them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import fsum, sqrt
from typing import Any

from tests.second_opinion.chain import Row, Rows
from tests.second_opinion.objects.run import Answer, Judge, Run
from tests.second_opinion.objects.unix_days import days_from, days_to, series

WINDOW, SETTLING, DEVIATION, MEAN_VOLUME = 7, 120, 10, 28
PUBLISHED = 180
COLUMNS = (
    *("day", "close_usd", "volume_usd", "market_cap_usd", "change_pct"),
    *("rsi_7", "rvi_7", "ema_7", "nvt", "nvt_28"),
)


def daily_indicators(run: Run) -> Rows:
    """The indicators of every day that has a price of STX."""
    supply = {row["day"]: row["supply_ustx"] for row in run.tables["daily_balances"]}
    prices = sorted((row for row in run.tables["price_daily"] if row["symbol"] == "STX"), key=lambda row: row["day"])
    return [row for period in _periods(prices) for row in _of_period(period, supply)]


def _periods(prices: Rows) -> Iterable[Rows]:
    """The prices, split where a day is missing and where the source changes."""
    period: Rows = []
    for row in prices:
        follows = period and row["day"] - period[-1]["day"] == timedelta(days=1)
        if period and not (follows and row["source"] == period[-1]["source"]):
            yield period
            period = []
        period.append(row)
    if period:
        yield period


def _of_period(period: Rows, supply: dict[date, Any]) -> Rows:
    closes = [row["close_usd"] for row in period]
    changes = [None, *(new - old for old, new in pairwise(closes))]
    indexes = {"rsi_7": rsi(changes), "rvi_7": rvi(closes, changes), "ema_7": ema(closes)}
    rows = []
    for number, price in enumerate(period):
        known = supply.get(price["day"])
        cap = price["market_cap_usd"] if known is None else price["close_usd"] * int(known) / 1_000_000
        volumes = [row["volume_usd"] for row in period[max(number + 1 - MEAN_VOLUME, 0) : number + 1]]
        is_whole = len(volumes) == MEAN_VOLUME and all(volumes)
        settled = {name: values[number] if number >= SETTLING else None for name, values in indexes.items()}
        rows.append(
            {
                "day": price["day"],
                "close_usd": price["close_usd"],
                "volume_usd": price["volume_usd"],
                "market_cap_usd": cap,
                "change_pct": _change(closes, number),
                **settled,
                "nvt": _ratio(cap, price["volume_usd"]),
                "nvt_28": _ratio(cap, fsum(volumes) / MEAN_VOLUME if is_whole else None),
            }
        )
    return rows


def _change(closes: Sequence[float], number: int) -> float | None:
    return 100 * (closes[number] / closes[number - 1] - 1) if number and closes[number - 1] else None


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def wilder(values: Sequence[float | None]) -> list[float | None]:
    """Wilder's smoothing: the mean of the first values, then each new one has the weight of one in seven."""
    return _smoothed(values, 1 / WINDOW)


def ema(closes: Sequence[float]) -> list[float | None]:
    """The exponential moving average, from the mean of the first values."""
    return _smoothed(closes, 2 / (WINDOW + 1))


def _smoothed(values: Sequence[float | None], weight: float) -> list[float | None]:
    smoothed: list[float | None] = []
    first: list[float] = []
    for value in values:
        if value is not None and len(first) < WINDOW:
            first.append(value)
            smoothed.append(fsum(first) / WINDOW if len(first) == WINDOW else None)
        elif value is not None and smoothed[-1] is not None:
            smoothed.append(smoothed[-1] + weight * (value - smoothed[-1]))
        else:
            smoothed.append(None)
    return smoothed


def rsi(changes: Sequence[float | None]) -> list[float | None]:
    """The relative strength index: how much of the movement was upward."""
    ups, downs = (wilder([None if change is None else max(sign * change, 0) for change in changes]) for sign in (1, -1))
    return _shares(ups, downs)


def rvi(closes: Sequence[float], changes: Sequence[float | None]) -> list[float | None]:
    """The relative volatility index: how much of the deviation was on days with a rise, and not with a fall."""
    deviations = [
        _deviation(closes[number + 1 - DEVIATION : number + 1]) if number + 1 >= DEVIATION else None
        for number in range(len(closes))
    ]
    both = list(zip(deviations, changes, strict=True))
    ups, downs = (
        wilder([value and (value if sign * (change or 0) > 0 else 0) for value, change in both]) for sign in (1, -1)
    )
    return _shares(ups, downs)


def _deviation(values: Sequence[float]) -> float:
    mean = fsum(values) / len(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / len(values))


def _shares(ups: Sequence[float | None], downs: Sequence[float | None]) -> list[float | None]:
    pairs = zip(ups, downs, strict=True)
    return [None if up is None or down is None or up + down == 0 else 100 * up / (up + down) for up, down in pairs]


def window(run: Run, *columns: str) -> Rows:
    """Columns of the last 180 days up to the newest, null where a day is not stored."""
    stored = {row["day"]: row for row in run.tables["daily_indicators"]}
    if not stored:
        return []
    last = max(stored)
    first = max(min(stored), days_to(last, PUBLISHED)[0])
    unknown: Row = dict.fromkeys(COLUMNS)
    return [{"day": day} | {name: stored.get(day, unknown)[name] for name in columns} for day in days_from(first, last)]


def financial_indicators(run: Run, _: date | None) -> Answer:
    """All of them; the predecessor's file has them as a CSV."""
    rows = window(run, *COLUMNS[1:])
    return Answer(rows, rows)


def of_one(name: str) -> Judge:
    """One of the last days, null where it is not known."""

    def judge(run: Run, _: date | None) -> Answer:
        rows = window(run, name)
        return Answer(rows, series(rows, "day", name))

    return judge


def without_gaps(name: str) -> Callable[[Run, date | None], Answer]:
    """One of the last days that have it."""

    def judge(run: Run, _: date | None) -> Answer:
        rows = [row for row in window(run, name) if row[name] is not None]
        return Answer(rows, series(rows, "day", name))

    return judge


JUDGES = {
    "financial_indicators": financial_indicators,
    "vols_180d": of_one("volume_usd"),
    "caps_180d": of_one("market_cap_usd"),
    "rsi_latest": without_gaps("rsi_7"),
    "rvi_latest": without_gaps("rvi_7"),
    "ema_latest": without_gaps("ema_7"),
    "nvt_latest": without_gaps("nvt"),
}
TABLES = {"daily_indicators": daily_indicators}
