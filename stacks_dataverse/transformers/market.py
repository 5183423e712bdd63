"""Prices: candles of either API of CryptoCompare, or LunarCrush's days, to one schema with the source in each row.

A candle that is filled in because nothing was traded keeps the price before it, and has volume 0. One that was
converted from another pair is refused. A candle of zeros is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pyarrow as pa

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers.lunarcrush import closed_days, number
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
CONVERTED_TYPE = "986"

# What a row says that was asked not to be converted; older answers say nothing.
UNCONVERTED = (None, "direct", "force_direct")

# Until late 2020 vendors' symbol STX was Stox, another coin.
STX_BEGAN = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())

# Another coin's data shows as a jump between neighbours; over a longer gap a price may well have moved as far.
MOST_JUMP = 5
NEIGHBOURS_WITHIN = 30 * SECONDS_PER_DAY
NAMED_AT_MOST = 20


def price_hourly(answers: Answers, symbol: str, span: Span, stored: Mapping[str, Any]) -> pa.Table:
    """Return the closed hours of a span; see `price_daily`."""
    candles = _whole(answers, symbol, span, SECONDS_PER_HOUR, stored)
    rows = [candle | {"symbol": symbol, "hour_at": datetime.fromtimestamp(candle["at"], UTC)} for candle in candles]
    return pa.Table.from_pylist(rows, HOURLY)


def price_daily(answers: Answers, symbol: str, span: Span, stored: Mapping[str, Any]) -> pa.Table:
    """Return the closed days of a span, in US dollars and coins, by time.

    Args:
        answers: landed answers of one vendor, `asked` and `answer`, the newest first.
        stored: the stored candles beside the span: `before_at`, `before_close`, `after_at`, `after_close`, in
            unix seconds and US dollars; None where there is none.
    Raises:
        Terminal: STX before 2021, a converted candle, a hole after history began, or a jump of more than five
            times between neighbouring closes. LunarCrush leaves out values of single days: there a hole stays one.
    """
    candles = _whole(answers, symbol, span, SECONDS_PER_DAY, stored)
    rows = [candle | {"symbol": symbol, "day": datetime.fromtimestamp(candle["at"], UTC).date()} for candle in candles]
    return pa.Table.from_pylist(rows, DAILY)


def data_api(answers: Answers, span: Span) -> Iterator[Candle]:
    """Yield the candles of CryptoCompare's current API."""
    for row in (row for landed in answers for row in landed["answer"]["Data"]):
        if row.get("TYPE") == CONVERTED_TYPE:
            raise Terminal(_converted(row.get("INSTRUMENT"), row.get("TIMESTAMP")))
        yield _candle(row, "TIMESTAMP", DATA_API_NAMES, "cryptocompare data_api")


def min_api(answers: Answers, span: Span) -> Iterator[Candle]:
    """Yield the candles of CryptoCompare's legacy API."""
    for landed in answers:
        for row in landed["answer"]["Data"]["Data"]:
            if row.get("conversionType") not in UNCONVERTED:
                raise Terminal(_converted(landed["asked"]["symbol"], row.get("time")))
            yield _candle(row, "time", MIN_API_NAMES, "cryptocompare min_api")


def lunarcrush(answers: Answers, span: Span) -> Iterator[Candle]:
    """Yield LunarCrush's closed days; the volume is that of the 24 hours before the day's last figure."""
    for at, row in closed_days(answers, span).items():
        candle = _candle(row | {"time": at}, "time", LUNARCRUSH_NAMES, "lunarcrush")
        yield candle | {"market_cap_usd": _positive(row.get("market_cap"))}


NORMALISERS = {"data_api": data_api, "min_api": min_api, "lunarcrush": lunarcrush}
MAY_HAVE_HOLES = {"lunarcrush"}


def _whole(answers: Answers, symbol: str, span: Span, step: int, stored: Mapping[str, Any]) -> list[Candle]:
    flavour = answers[0]["asked"].get("flavour", "lunarcrush") if answers else ""
    candles = _closed(NORMALISERS[flavour](answers, span), symbol, span, step) if answers else []
    if symbol == "STX" and candles and candles[0]["at"] < STX_BEGAN:
        raise Terminal(f"STX was another coin before 2021, and {_moment(candles[0]['at'])} is: ask for later days.")
    if flavour not in MAY_HAVE_HOLES:
        _refuse_holes(candles, symbol, span, step, stored)
    _refuse_jumps(candles, symbol, stored)
    return candles


def _closed(candles: Iterable[Candle], symbol: str, span: Span, step: int) -> list[Candle]:
    """Those with a price that begin and end in the span, by time; of two at one time the newer answer's."""
    found: dict[int, Candle] = {}
    for candle in candles:
        at = candle["at"]
        if at % step:
            raise Terminal(f"{symbol}: a candle begins at {at}, no multiple of {step} s: see the landed answer.")
        if candle["close_usd"] is not None and at in span and at + step <= span.end:
            found.setdefault(at, candle)
    return [found[at] for at in sorted(found)]


def _refuse_holes(candles: list[Candle], symbol: str, span: Span, step: int, stored: Mapping[str, Any]) -> None:
    """Once history began, every candle of the span must be there: what was stored before the span is history too."""
    began = span.start if stored["before_at"] is not None else (candles[0]["at"] if candles else span.end)
    expected = range(-(-began // step) * step, span.end - step + 1, step)
    missing = sorted(set(expected) - {candle["at"] for candle in candles})
    if missing:
        named = ", ".join(map(_moment, missing[:NAMED_AT_MOST])) + (", …" if missing[NAMED_AT_MOST:] else "")
        raise Terminal(
            f"{symbol}: {len(missing)} of {len(expected)} candles of {step // SECONDS_PER_HOUR} h are missing from "
            f"what was landed for {span}: {named}. Nothing is stored: land it again, or ask for other days."
        )


def _refuse_jumps(candles: list[Candle], symbol: str, stored: Mapping[str, Any]) -> None:
    closes = [(candle["at"], candle["close_usd"]) for candle in candles]
    before, after = (stored["before_at"], stored["before_close"]), (stored["after_at"], stored["after_close"])
    closes = [close for close in (before, *closes, after) if close[0] is not None] if candles else []
    for (at, close), (next_at, next_close) in pairwise(closes):
        if next_at - at <= NEIGHBOURS_WITHIN and max(close, next_close) > MOST_JUMP * min(close, next_close):
            raise Terminal(
                f"{symbol} jumps from {close} USD at {_moment(at)} to {next_close} USD at {_moment(next_at)}, more "
                f"than {MOST_JUMP} times: that is another coin's data. Nothing is stored: see the landed answers."
            )


def _candle(row: Mapping[str, Any], time: str, names: Sequence[str], source: str) -> Candle:
    at = row.get(time)
    if not isinstance(at, int):
        raise Terminal(f"{source}: a candle has {at!r} for {time}: see whether the vendor's API has changed.")
    prices = [_positive(row.get(name)) for name in names[:4]]
    volumes = [number(row.get(name)) for name in names[4:]]
    return {"at": at, **dict(zip((*PRICES, *VOLUMES), (*prices, *volumes), strict=True)), "source": source}


def _positive(value: Any) -> float | None:
    found = number(value)
    return found if found is not None and found > 0 else None


def _converted(what: Any, at: Any) -> str:
    return f"{what}: the candle of {at} was converted from another pair, and is no price of it. Nothing is stored."


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"
