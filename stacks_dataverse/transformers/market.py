"""Prices: candles of either API of CryptoCompare, or LunarCrush's days, to one schema with the source in each row.

A candle that is filled in because nothing was traded keeps the price before it, and has volume 0. One that was
converted from another pair, or is of another instrument, is refused. A candle of zeros is none. What lies outside the
span is left out before it is judged: a vendor may add rows that were not requested.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pyarrow as pa

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers.lunarcrush import closed_days, read_figure
from stacks_dataverse.window import SECONDS_PER_DAY, SECONDS_PER_HOUR, Span

Candle = dict[str, Any]
Answers = Sequence[Mapping[str, Any]]

PRICES = ("open_usd", "high_usd", "low_usd", "close_usd")
VOLUMES = ("volume_base", "volume_usd")
FIGURES = [(name, pa.float64()) for name in (*PRICES, *VOLUMES)]
HOURLY = pa.schema([("symbol", pa.string()), ("hour_at", pa.timestamp("us", "UTC")), *FIGURES, ("source", pa.string())])
DAILY = pa.schema(
    [("symbol", pa.string()), ("day", pa.date32()), *FIGURES, ("market_cap_usd", pa.float64()), ("source", pa.string())]
)

DATA_API_NAMES = ("OPEN", "HIGH", "LOW", "CLOSE", "VOLUME", "QUOTE_VOLUME")
MIN_API_NAMES = ("open", "high", "low", "close", "volumefrom", "volumeto")
# It does not say how many coins were traded.
LUNARCRUSH_NAMES = ("open", "high", "low", "close", "", "volume_24h")
# Where an answer has its rows, and what a row calls its beginning.
ROWS = {"data_api": (("Data",), "TIMESTAMP"), "min_api": (("Data", "Data"), "time")}
CONVERTED_TYPE = "986"
QUOTE = "USD"

# The conversion types of an unconverted price; older answers have none.
UNCONVERTED = (None, "direct", "force_direct")

# Until late 2020 vendors' symbol STX was Stox, another coin.
STX_BEGAN = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())

# Another coin's data shows as a jump between neighbours; over a longer gap a price may well have moved as far.
MAX_JUMP = 5
NEIGHBOURS_WITHIN = 30 * SECONDS_PER_DAY


def price_hourly(answers: Answers, symbol: str, span: Span, stored: Mapping[str, Any]) -> pa.Table:
    """Return the closed hours of a span; see `price_daily`.

    Columns: symbol, hour_at, open_usd, high_usd, low_usd, close_usd, volume_base, volume_usd, source.
    """
    candles = _validate(answers, symbol, span, SECONDS_PER_HOUR, stored)
    rows = [candle | {"symbol": symbol, "hour_at": datetime.fromtimestamp(candle["at"], UTC)} for candle in candles]
    return pa.Table.from_pylist(rows, HOURLY)


def price_daily(answers: Answers, symbol: str, span: Span, stored: Mapping[str, Any]) -> pa.Table:
    """Return the closed days of a span, in US dollars and coins, by time.

    Args:
        answers: landed answers of one vendor, `asked` and `answer`, the newest first.
        stored: the stored candles next to the span: `before_at`, `before_close`, `after_at`, `after_close`, in
            unix seconds and US dollars; None where there is none.
    Raises:
        Terminal: STX before 2021, a converted candle, another instrument, candles of another length, a figure of
            2^63 or more, no candle at all after history began, or a jump of more than five times between
            neighbouring closes. Single candles that are missing stay missing: the check of the stored prices names
            them.

    Columns: symbol, day, open_usd, high_usd, low_usd, close_usd, volume_base, volume_usd, market_cap_usd, source.
    """
    candles = _validate(answers, symbol, span, SECONDS_PER_DAY, stored)
    rows = [candle | {"symbol": symbol, "day": datetime.fromtimestamp(candle["at"], UTC).date()} for candle in candles]
    return pa.Table.from_pylist(rows, DAILY)


def read_data_api(answers: Answers, symbol: str, span: Span) -> Iterator[Candle]:
    """Yield the candles of CryptoCompare's current API in a span."""
    instrument = f"{symbol}-{QUOTE}"
    for row in _rows_in(span, answers, "data_api"):
        if row.get("TYPE") == CONVERTED_TYPE:
            raise Terminal(_describe_conversion(row.get("INSTRUMENT"), row["TIMESTAMP"]))
        if row.get("INSTRUMENT", instrument) != instrument:
            raise Terminal(
                f"The landed data of {instrument} has a candle of {row['INSTRUMENT']!r}. Nothing was stored."
            )
        yield _candle(row, "TIMESTAMP", DATA_API_NAMES, "cryptocompare data_api")


def read_min_api(answers: Answers, symbol: str, span: Span) -> Iterator[Candle]:
    """Yield the candles of CryptoCompare's legacy API in a span; its answers do not name the coin."""
    for row in _rows_in(span, answers, "min_api"):
        if row.get("conversionType") not in UNCONVERTED:
            raise Terminal(_describe_conversion(symbol, row["time"]))
        yield _candle(row, "time", MIN_API_NAMES, "cryptocompare min_api")


def read_lunarcrush(answers: Answers, _symbol: str, span: Span) -> Iterator[Candle]:
    """Yield LunarCrush's closed days; the volume is that of the 24 hours before the day's last figure."""
    for at, row in closed_days(answers, span).items():
        candle = _candle(row | {"time": at}, "time", LUNARCRUSH_NAMES, "lunarcrush")
        yield candle | {"market_cap_usd": _positive(row, "market_cap")}


def rows_outside(answers: Answers, span: Span) -> int:
    """Return how many candles CryptoCompare sent beyond a span: legacy pages overlap by one, others are stray."""
    return sum(time not in span for landed in answers for time, _ in _rows([landed], landed["asked"]["flavour"]))


NORMALISERS = {"data_api": read_data_api, "min_api": read_min_api, "lunarcrush": read_lunarcrush}
MAY_BE_EMPTY = {"lunarcrush"}


def _validate(answers: Answers, symbol: str, span: Span, step: int, stored: Mapping[str, Any]) -> list[Candle]:
    flavour = answers[0]["asked"].get("flavour", "lunarcrush") if answers else ""
    candles = _keep_closed(NORMALISERS[flavour](answers, symbol, span), symbol, span, step) if answers else []
    if symbol == "STX" and candles and candles[0]["at"] < STX_BEGAN:
        raise Terminal(
            f"Before 2021 STX was the symbol of another coin, and {_moment(candles[0]['at'])} is before. Request "
            "later days."
        )
    if not candles and flavour not in MAY_BE_EMPTY:
        _refuse_empty_span(symbol, span, step, stored)
    _refuse_days_as_hours(candles, symbol, step)
    _refuse_jumps(candles, symbol, stored)
    return candles


def _keep_closed(candles: Iterable[Candle], symbol: str, span: Span, step: int) -> list[Candle]:
    """Return candles that have a price and end in the span, by time; of two at one time the newer answer's."""
    by_time: dict[int, Candle] = {}
    for candle in candles:
        at = candle["at"]
        if at % step:
            raise Terminal(
                f"{symbol}: a candle begins at {at}, which is not a multiple of {step} s; check the landed response."
            )
        if candle["close_usd"] is not None and at + step <= span.end:
            by_time.setdefault(at, candle)
    return [by_time[at] for at in sorted(by_time)]


def _refuse_empty_span(symbol: str, span: Span, step: int, stored: Mapping[str, Any]) -> None:
    """Raise Terminal for a span without candles: after the first stored price that is a failure of the vendor."""
    expected = len(range(-(-span.start // step) * step, span.end - step + 1, step))
    if stored["before_at"] is not None and expected:
        raise Terminal(
            f"{symbol}: all {expected} candles of {step // SECONDS_PER_HOUR} h for {span} are missing. Nothing was "
            "stored. Land the span again, or choose other days."
        )


def _refuse_days_as_hours(candles: list[Candle], symbol: str, step: int) -> None:
    """Raise Terminal for daily candles in place of hourly ones: all of them begin at midnight."""
    if step < SECONDS_PER_DAY and len(candles) > 1 and not any(candle["at"] % SECONDS_PER_DAY for candle in candles):
        raise Terminal(
            f"{symbol}: every candle begins at midnight: these are daily candles, not hourly. Nothing was stored."
        )


def _refuse_jumps(candles: list[Candle], symbol: str, stored: Mapping[str, Any]) -> None:
    closes = [(candle["at"], candle["close_usd"]) for candle in candles]
    before, after = (stored["before_at"], stored["before_close"]), (stored["after_at"], stored["after_close"])
    closes = [close for close in (before, *closes, after) if close[0] is not None] if candles else []
    for (at, close), (next_at, next_close) in pairwise(closes):
        if next_at - at <= NEIGHBOURS_WITHIN and max(close, next_close) > MAX_JUMP * min(close, next_close):
            raise Terminal(
                f"{symbol} jumps from {close} USD at {_moment(at)} to {next_close} USD at {_moment(next_at)}, by "
                f"more than a factor of {MAX_JUMP}: this is data of another coin. Nothing was stored; check the "
                "landed responses."
            )


def _rows_in(span: Span, answers: Answers, flavour: str) -> Iterator[dict[str, Any]]:
    return (row for time, row in _rows(answers, flavour) if time in span)


def _rows(answers: Answers, flavour: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of all answers, each with when it begins; the newest answer's first."""
    path, time = ROWS[flavour]
    for rows in (landed["answer"] for landed in answers):
        for name in path:
            rows = rows.get(name) if isinstance(rows, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Terminal("A landed response has no list of candles; check whether the vendor's API has changed.")
        yield from ((_time(row, time), row) for row in rows)


def _time(row: Mapping[str, Any], name: str) -> int:
    at = row.get(name)
    if not isinstance(at, int):
        raise Terminal(f"A candle has {at!r} for {name}; check whether the vendor's API has changed.")
    return at


def _candle(row: Mapping[str, Any], time: str, names: Sequence[str], source: str) -> Candle:
    prices = [_positive(row, name) for name in names[:4]]
    volumes = [read_figure(row, name) for name in names[4:]]
    return {"at": row[time], **dict(zip((*PRICES, *VOLUMES), (*prices, *volumes), strict=True)), "source": source}


def _positive(row: Mapping[str, Any], name: str) -> float | None:
    price = read_figure(row, name)
    return price if price is not None and price > 0 else None


def _describe_conversion(what: Any, at: Any) -> str:
    return (
        f"{what}: the candle of {at} was converted from another trading pair and is not a price of this one. "
        "Nothing was stored."
    )


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"
