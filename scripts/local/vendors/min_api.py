"""The legacy API of CryptoCompare: a row more than asked for, zeros before listing, errors in HTTP 200."""

from typing import Any

from fastapi import Response

from scripts.local.vendors.calls import Call, as_json
from scripts.local.vendors.series import COINS, DAY, HOUR, Coin, bars

STEPS = {"/data/v2/histohour": HOUR, "/data/v2/histoday": DAY}
DEFAULT_LIMITS = {HOUR: "168", DAY: "30"}
MAX_ROWS = 2000
PARAMETERS = {"fsym", "tsym", "limit", "toTs", "tryConversion"}
HEADERS = {"Cache-Control": "public, max-age=610", "X-CryptoCompare-Cache-HIT": "false"}
VOLUME_SHARE = 0.125
# How far the last close of an open bucket has been seen above its high.
ABOVE_HIGH = 1.0025

# Dollars of one unit, for prices that are converted where the caller lets the vendor convert.
CONVERTED = {"EUR": 1.08}

MAX_CALLS = {"second": 20, "minute": 300, "hour": 3000, "day": 7500, "month": 50_000}
CALLS_MADE = {"second": 1, "minute": 3, "hour": 4, "day": 773, "month": 11_627}
OVER_THE_RATE = "You are over your rate limit please upgrade your account!"


class _Refused(Exception):
    """An error in HTTP 200: type, message, and further fields."""


def answer(call: Call) -> Response:
    """Return `limit` rows and one up to the bucket of `toTs`."""
    try:
        data = _data(call)
    except _Refused as error:
        kind, message, more = error.args
        frame = {"Response": "Error", "Message": message, "HasWarning": False, "Type": kind, "RateLimit": {}}
        return as_json(frame | {"Data": {}} | more, headers=HEADERS)
    frame = {"Response": "Success", "Message": "", "HasWarning": False, "Type": 100, "RateLimit": {}}
    return as_json(frame | {"Data": data}, headers=HEADERS)


def _data(call: Call) -> dict[str, Any]:
    _raise_fault(call)
    step = STEPS[call.path]
    coin, dollars = _pair(call)
    limit = _number(call, "limit", DEFAULT_LIMITS[step])
    if not 1 <= limit <= MAX_ROWS:
        raise _refused(f"limit has to be from 1 to {MAX_ROWS}.", "limit")
    last = min(_number(call, "toTs", str(call.now)), call.now) // step * step
    rows = _rows(call, coin, step, last - limit * step, limit + 1, dollars)
    return {"Aggregated": False, "TimeFrom": rows[0]["time"], "TimeTo": last, "Data": rows}


def _raise_fault(call: Call) -> None:
    if call.kind in ("minute_rate", "long_rate"):
        window = "minute" if call.kind == "minute_rate" else "month"
        made = CALLS_MADE | {window: MAX_CALLS[window] + 1}
        raise _Refused(99, OVER_THE_RATE, {"RateLimit": {"calls_made": made, "max_calls": MAX_CALLS}})
    if call.kind == "depth":
        raise _refused("The history of your subscription does not reach back that far.", "toTs")
    if call.kind == "warning":
        text = f"There is no data for the toSymbol/s {call.params.get('tsym')} "
        more = {"HasWarning": True, "Warning": text, "ParamWithError": "tsyms"}
        raise _Refused(2, "There is no data for any of the toSymbols .", more)


def _pair(call: Call) -> tuple[Coin, float | None]:
    for name in ("fsym", "tsym"):
        if name not in call.params:
            raise _refused(f"{name} is a required param.", name)
    for name in call.params.keys() - PARAMETERS:
        raise _refused(f"This server does not know the param {name}.", name)
    symbol, quote = call.params["fsym"], call.params["tsym"]
    if symbol not in COINS:
        raise _refused(f"There is no data for the symbol {symbol} .", "fsym")
    may_convert = call.params.get("tryConversion", "true") == "true"
    if quote != "USD" and not (quote in CONVERTED and may_convert):
        raise _refused(f"There is no data for the toSymbol {quote} .", "tsym")
    return COINS[symbol], CONVERTED.get(quote)


def _number(call: Call, name: str, default: str) -> int:
    text = call.params.get(name, default)
    if not text.isdecimal():
        raise _refused(f"{name} has to be a whole number.", name)
    return int(text)


def _refused(message: str, parameter: str) -> _Refused:
    return _Refused(2, message, {"ParamWithError": parameter})


def _rows(call: Call, coin: Coin, step: int, first: int, count: int, dollars: float | None) -> list[dict[str, Any]]:
    found, rate = bars(coin, step, first, count, call.now), dollars or 1.0
    prices = [price / rate for price in (found.high, found.low, found.open, found.close)]
    columns = (found.start, *prices, found.volume * VOLUME_SHARE, found.quote * VOLUME_SHARE / rate, found.part)
    is_converted = dollars is not None or call.kind == "converted"
    conversion = ("multiply", "BTC") if is_converted else ("direct", "")
    rows = []
    for start, high, low, open_, close, volume, quote, part in zip(*(c.tolist() for c in columns), strict=True):
        if call.kind == "filled":
            high, low, close, volume, quote = open_, open_, open_, 0, 0
        elif part < 1:
            close = high * ABOVE_HIGH
        if start < coin.first or call.kind == "zeros":
            high = low = open_ = close = volume = quote = 0
        values = {"time": start, "high": high, "low": low, "open": open_, "volumefrom": volume, "volumeto": quote}
        rows.append(values | {"close": close, "conversionType": conversion[0], "conversionSymbol": conversion[1]})
    return rows
