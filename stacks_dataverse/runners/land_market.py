"""Copy what the vendors said to the raw archive as it came: the answers first, then a manifest that names them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from gzip import decompress
from typing import Any

from stacks_dataverse import files, paths
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.extractors.cryptocompare import CryptoCompare, Unit
from stacks_dataverse.extractors.lunarcrush import BEGAN, FIRST_DAY, LunarCrush
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.window import MarketWindow, Span

SYMBOLS = ("STX", "BTC")

CRYPTOCOMPARE = "cryptocompare"
LUNARCRUSH = "lunarcrush"
TIME_SERIES = "time-series"
SNAPSHOT = "snapshot"

Answer = Mapping[str, Any]


def candles(vendor: CryptoCompare, archive: ObjectStore, window: MarketWindow) -> dict[str, int]:
    """Land hours and days of every coin; returns how many answers each took."""
    return {
        series: _land(archive, CRYPTOCOMPARE, series, span, vendor.candles(symbol, unit, span.start, span.end))
        for series, symbol, unit, span in candles_of(window)
    }


def fallback_prices(vendor: LunarCrush, archive: ObjectStore, window: MarketWindow) -> dict[str, int]:
    """Land LunarCrush's days, for their prices; returns how many answers they took.

    Raises:
        Terminal: days before its history begins.
    """
    return {TIME_SERIES: _time_series(vendor, archive, window.days)}


def social_figures(vendor: LunarCrush, archive: ObjectStore, window: MarketWindow) -> dict[str, int]:
    """Land daily figures, and the present ones of the moment of the run; returns how many answers each took.

    Raises:
        Terminal: days before LunarCrush's history begins.
    """
    days = _time_series(vendor, archive, window.social)
    return {TIME_SERIES: days, SNAPSHOT: _land(archive, LUNARCRUSH, SNAPSHOT, moment(window), [vendor.snapshot()])}


PRICES: Mapping[str, Callable[[Any, ObjectStore, MarketWindow], dict[str, int]]] = {
    CRYPTOCOMPARE: candles,
    LUNARCRUSH: fallback_prices,
}


def landed(archive: ObjectStore, vendor: str, series: str, span: Span | str) -> list[Answer]:
    """Return landed answers, the newest first.

    Raises:
        Retryable: there is no manifest, or a file is not the one that it names.
    """
    manifest = archive.get_json(paths.RAW_ANSWERS_MANIFEST.format(vendor=vendor, series=series, span=span))
    if manifest is None:
        raise Retryable(f"{series} of {vendor} for {span} is not landed; run its landing task first.")
    return [_read(archive, **part) for part in manifest["parts"]]


def candles_of(window: MarketWindow) -> Iterator[tuple[str, str, Unit, Span]]:
    """Yield the series of candles that a run is about: its name in the archive, symbol, unit and span."""
    for symbol in SYMBOLS:
        yield f"{symbol}/hours", symbol, "hour", window.hours
        yield f"{symbol}/days", symbol, "day", window.days


def moment(window: MarketWindow) -> str:
    """Name the moment of a run in the archive."""
    return f"{datetime.fromtimestamp(window.asked_at, UTC):%Y-%m-%dT%H-%M-%S}"


def _time_series(vendor: LunarCrush, archive: ObjectStore, span: Span) -> int:
    if span and span.start < BEGAN:
        raise Terminal(f"LunarCrush has no data before {FIRST_DAY}; {span} is too early, choose later days.")
    answers = [vendor.daily(span.start, span.end)] if span else []
    return _land(archive, LUNARCRUSH, TIME_SERIES, span, answers)


def _land(archive: ObjectStore, vendor: str, series: str, span: Span | str, answers: Iterable[Answer]) -> int:
    parts = []
    for number, answer in enumerate(answers):
        key = paths.RAW_ANSWER.format(vendor=vendor, series=series, span=span, number=number)
        body = files.answer_gz(answer)
        archive.put(key, body, files.headers(key))
        parts.append({"key": key, "sha256": hashlib.sha256(body).hexdigest()})
    archive.put_json(paths.RAW_ANSWERS_MANIFEST.format(vendor=vendor, series=series, span=span), {"parts": parts})
    return len(parts)


def _read(archive: ObjectStore, key: str, sha256: str) -> Answer:
    body = archive.get(key) or b""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Retryable(
            f"s3://{archive.bucket}/{key} does not match its manifest: it is being landed again, or it is lost. "
            "Land it again."
        )
    return json.loads(decompress(body))
