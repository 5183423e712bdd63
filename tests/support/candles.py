"""Vendors' answers written by hand: candles of consecutive buckets from their closes."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

NOTHING_STORED = {"before_at": None, "before_close": None, "after_at": None, "after_close": None}
HOUR, DAY = 3600, 86_400


def data_api_row(at: int, close: float, **changes: Any) -> dict[str, Any]:
    """A candle in which something was traded."""
    row = {"UNIT": "HOUR", "TIMESTAMP": at, "TYPE": "267", "MARKET": "cadli", "INSTRUMENT": "STX-USD"}
    row |= {"OPEN": close, "HIGH": close * 2, "LOW": close / 2, "CLOSE": close, "LAST_MESSAGE_TIMESTAMP": at + 60}
    return row | {"TOTAL_INDEX_UPDATES": 9, "VOLUME": 100.0, "QUOTE_VOLUME": 100.0 * close} | changes


def filled_row(at: int, close: float) -> dict[str, Any]:
    """A candle in which nothing was traded: no messages, and no volume."""
    row = data_api_row(at, close, HIGH=close, LOW=close, TOTAL_INDEX_UPDATES=0, VOLUME=0, QUOTE_VOLUME=0)
    del row["LAST_MESSAGE_TIMESTAMP"]
    return row


def min_api_row(at: int, close: float, **changes: Any) -> dict[str, Any]:
    """A candle of the legacy API; a close of 0 is one from before the coin was listed."""
    row = {"time": at, "high": close * 2, "low": close / 2, "open": close, "volumefrom": 100.0 * (close > 0)}
    row |= {"volumeto": 100.0 * close, "close": close, "conversionType": "direct", "conversionSymbol": ""}
    return row | changes


def data_api(rows: Iterable[dict[str, Any]], symbol: str = "STX") -> dict[str, Any]:
    """A landed answer of the current API, whose rows of Stacks become another coin's where one is named."""
    named = [row | ({} if symbol == "STX" else {"INSTRUMENT": f"{symbol}-USD"}) for row in rows]
    return {"asked": {"symbol": symbol, "flavour": "data_api"}, "answer": {"Data": named, "Err": {}}}


def min_api(rows: Iterable[dict[str, Any]], symbol: str = "STX") -> dict[str, Any]:
    """A landed answer of the legacy API."""
    body = {"Response": "Success", "Type": 100, "Data": {"Aggregated": False, "Data": list(rows)}}
    return {"asked": {"symbol": symbol, "flavour": "min_api"}, "answer": body}


def lunarcrush(rows: Iterable[dict[str, Any]], generated: int | None = None) -> dict[str, Any]:
    """A landed time series of LunarCrush."""
    config = {"symbol": "STX", "name": "Stacks"} | ({} if generated is None else {"generated": generated})
    return {"asked": {"unit": "day"}, "answer": {"config": config, "data": list(rows)}}


def buckets(first: int, step: int, closes: Iterable[float]) -> Iterator[tuple[int, float]]:
    """When each of consecutive candles begins, with its close."""
    return zip(count(first, step), closes, strict=False)
