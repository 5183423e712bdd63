"""The current API of CryptoCompare: the index cadli, errors by their status, 404 before history begins."""

from typing import Any

from fastapi import Response

from scripts.local.vendors.calls import Call, as_json
from scripts.local.vendors.series import COINS, DAY, HOUR, Bars, Coin, bars

STEPS = {"/index/cc/v1/historical/hours": HOUR, "/index/cc/v1/historical/days": DAY}
UNITS = {HOUR: "HOUR", DAY: "DAY"}
MAX_ROWS = {HOUR: 2000, DAY: 5000}
DEFAULT_ROWS = "30"
PARAMETERS = {"market", "instrument", "limit", "to_ts"}
MARKET = "cadli"
HEADERS = {"Cache-Control": "public, max-age=300", "X-CryptoCompare-Cache-Hit": "false"}

# Dollars of one unit. Prices in anything but dollars are converted ones.
QUOTES = {"USD": 1.0, "EUR": 1.08}
NATIVE, CONVERTED = "267", "986"

UPDATES_AN_HOUR = 4096
# Each as a part of the whole volume.
SHARES = {"": 1.0, "_TOP_TIER": 0.5625, "_DIRECT": 0.125, "_TOP_TIER_DIRECT": 0.09375}


class _Invalid(Exception):
    """A parameter that the vendor refuses: status, name, value, and what it says."""


def answer(call: Call) -> Response:
    """Return exactly `limit` rows up to the bucket of `to_ts`, fewer where history begins among them."""
    try:
        return as_json({"Data": _rows(call), "Err": {}}, headers=HEADERS)
    except _Invalid as error:
        status, parameter, value, message, more = error.args
        info = {"param": parameter, "values": [value], **more}
        body = {"type": 1, "message": f"Invalid: {parameter} parameter. {message}", "other_info": info}
        return as_json({"Data": [], "Err": body}, status, HEADERS)


def _rows(call: Call) -> list[dict[str, Any]]:
    step = STEPS[call.path]
    instrument = call.params.get("instrument", "")
    coin, quote = _pair(call, instrument)
    rows = _number(call, "limit", DEFAULT_ROWS)
    if not 1 <= rows <= MAX_ROWS[step]:
        raise _Invalid(400, "limit", rows, f"It has to be from 1 to {MAX_ROWS[step]}.", {})
    until = min(_number(call, "to_ts", str(call.now)), call.now)
    if until < coin.first:
        raise _Invalid(404, "to_ts", until, _untraded(coin, instrument, until), _first(coin))
    last = until // step * step
    first = max(last - (rows - 1) * step, coin.first)
    candles = bars(coin, step, first, (last - first) // step + 1, call.now)
    is_converted = quote != "USD" or call.kind == "converted"
    return _shaped(candles, step, instrument, QUOTES[quote], is_converted, call.kind == "filled")


def _pair(call: Call, instrument: str) -> tuple[Coin, str]:
    for name in call.params.keys() - PARAMETERS:
        raise _Invalid(400, name, call.params[name], "This server does not know it.", {})
    market = call.params.get("market")
    if market != MARKET:
        raise _Invalid(404, "market", market, "There is no such index here.", {})
    symbol, _, quote = instrument.partition("-")
    if symbol not in COINS or quote not in QUOTES:
        raise _Invalid(404, "instrument", instrument, f"It does not exist or is not mapped on {MARKET}.", {})
    return COINS[symbol], quote


def _number(call: Call, name: str, default: str) -> int:
    text = call.params.get(name, default)
    if not text.isdecimal():
        raise _Invalid(400, name, text, "It has to be a whole number.", {})
    return int(text)


def _untraded(coin: Coin, instrument: str, until: int) -> str:
    return f"{instrument} was not traded on {MARKET} at {until}; the first bucket of the index begins at {coin.first}."


def _first(coin: Coin) -> dict[str, Any]:
    return {"instrument_status": "ACTIVE", "first": coin.first}


def _shaped(
    candles: Bars, step: int, instrument: str, dollars: float, is_converted: bool, is_filled: bool
) -> list[dict[str, Any]]:
    columns = (
        *(candles.start, candles.open, candles.high, candles.low, candles.close),
        *(candles.volume, candles.quote, candles.part),
    )
    rows = []
    for *bar, is_quiet in zip(*(column.tolist() for column in columns), candles.is_quiet.tolist(), strict=True):
        start, open_, high, low, close, volume, quote, part = bar
        if is_filled or is_quiet:
            high = low = close = open_
            volume = quote = 0
        head = {"UNIT": UNITS[step], "TIMESTAMP": start, "TYPE": CONVERTED if is_converted else NATIVE}
        prices = [price / dollars for price in (open_, high, low, close)]
        row = head | {"MARKET": MARKET, "INSTRUMENT": instrument} | _ohlc(prices)
        if not (is_filled or is_quiet):
            row |= _messages(start, int(part * step), prices)
        updates = 0 if is_converted or not volume else int(UPDATES_AN_HOUR * part * step / HOUR)
        rows.append(row | {"TOTAL_INDEX_UPDATES": updates} | _volumes(volume, quote / dollars, is_converted))
    return rows


def _ohlc(prices: list[float]) -> dict[str, float]:
    return dict(zip(("OPEN", "HIGH", "LOW", "CLOSE"), prices, strict=True))


def _messages(start: int, seconds: int, prices: list[float]) -> dict[str, float]:
    open_, high, low, close = prices
    last = start + max(seconds - 1, 0)
    return {
        "FIRST_MESSAGE_TIMESTAMP": start,
        "LAST_MESSAGE_TIMESTAMP": last,
        "FIRST_MESSAGE_VALUE": open_,
        "HIGH_MESSAGE_VALUE": high,
        "HIGH_MESSAGE_TIMESTAMP": start + (last - start) // 3,
        "LOW_MESSAGE_VALUE": low,
        "LOW_MESSAGE_TIMESTAMP": start + (last - start) // 2,
        "LAST_MESSAGE_VALUE": close,
    }


def _volumes(volume: float, quote: float, is_converted: bool) -> dict[str, float]:
    volumes = {}
    for name, share in SHARES.items():
        part = 0 if is_converted and "DIRECT" in name else share
        volumes |= {f"VOLUME{name}": volume * part, f"QUOTE_VOLUME{name}": quote * part}
    return volumes
