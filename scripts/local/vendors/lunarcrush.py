"""LunarCrush v4: snapshot and time series of Stacks, and every way in which it refuses them.

| kind of fault | makes |
|---|---|
| `demo` | the notice of a missing subscription in HTTP 200 |
| `nulls`, `missing_keys`, `duplicate` | of the last closed row; by the snapshot, nulls only |
| `revised` | the last three closed rows changed, `generated` a minute later |
| `another_coin` | Stox, whose symbol is STX as well |
| `long_rate` | the calls of the day are used up |
"""

import re
import time
from typing import Any

from fastapi import Response
from fastapi.responses import PlainTextResponse

from scripts.local.vendors import social
from scripts.local.vendors.calls import Call, as_json
from scripts.local.vendors.series import DAY, HOUR

NAME = "lunarcrush"
PREFIX = "/api"
KINDS = {"demo", "nulls", "missing_keys", "duplicate", "revised", "another_coin"}
SNAPSHOT = re.compile(r"/api4/public/coins/([^/]+)/v1")
SERIES = re.compile(r"/api4/public/coins/([^/]+)/time-series/v2")
BUCKETS = {"hour": HOUR, "day": DAY}
INTERVALS = {"1d": 1, "1w": 7, "1m": 30, "3m": 90, "6m": 180, "1y": 365, "all": 36_500}
PARAMETERS = {"bucket", "interval", "start", "end"}

REFUSED_AGENTS = ("python-requests/", "Python-urllib/")
DEMO = "DEMO DATA MODE: You must have a LunarCrush subscription to unlock real data"
MESSAGES = {402: "Payment Required", 404: "Invalid endpoint (2)", 429: "Too Many Requests"}
MAX_CALLS = {"day": 2000, "minute": 10}
REVISION_SECONDS = 60

# By number, Stacks; by its symbol, a coin that has the same one.
COINS = {"830": social.STACKS, "stx": social.STOX}


def refusal(call: Call, key: str) -> Response | None:
    """Return the firewall's 403 to a library's own User-Agent, and 401 unless the key stands in the header."""
    if call.headers.get("user-agent", REFUSED_AGENTS[0]).startswith(REFUSED_AGENTS):
        return PlainTextResponse("error code: 1010", 403)
    is_accepted = call.headers.get("authorization") == f"Bearer {key}" and "api_key" not in call.params
    return None if is_accepted else failure(call, 401)


def failure(call: Call, status: int) -> Response:
    """Return the error that belongs to a status below 500."""
    message = DEMO if status == 401 else MESSAGES.get(status, "Refused")
    return as_json({"error": message}, status, _limits(call))


def answer(call: Call) -> Response:
    """Return a coin's snapshot or time series."""
    snapshot, series = SNAPSHOT.fullmatch(call.path), SERIES.fullmatch(call.path)
    found = snapshot or series
    if found is None:
        return failure(call, 404)
    if call.kind in ("minute_rate", "long_rate"):
        return failure(call, 429)
    coin = social.STOX if call.kind == "another_coin" else COINS.get(found[1].lower())
    if coin is None:
        return as_json({"config": {}, "error": "Coin not found"}, 404, _limits(call))
    generated = call.now + (REVISION_SECONDS if call.kind == "revised" else 0)
    if call.kind == "demo":
        return as_json({"config": coin.config(generated), "data": {}, "error": DEMO})
    if snapshot:
        data = social.snapshot(coin, call.now, has_nulls=call.kind == "nulls")
        return as_json({"config": coin.snapshot_config(generated), "data": data}, headers=_limits(call))
    return _series(call, coin, generated)


def _series(call: Call, coin: social.Asset, generated: int) -> Response:
    bucket, interval = call.params.get("bucket", "hour"), call.params.get("interval", "1w")
    end, start = call.params.get("end", str(call.now)), call.params.get("start")
    fit = call.params.keys() <= PARAMETERS and bucket in BUCKETS and interval in INTERVALS
    if not fit or not end.isdecimal() or not (start or "0").isdecimal():
        return failure(call, 400)
    since = int(start) if start else max(int(end) - INTERVALS[interval] * DAY, 0)
    asked = {"interval": interval, "start": since, "end": int(end), "bucket": bucket, "metrics": []}
    rows = social.rows(coin, BUCKETS[bucket], since, int(end), call.now)
    config = {"coin": str(coin.id)} | coin.config(0) | asked | {"generated": generated}
    return as_json({"config": config, "data": _marred(rows, call.kind)}, headers=_limits(call))


def _marred(rows: list[dict[str, Any]], kind: str | None) -> list[dict[str, Any]]:
    """The rows with a fault of theirs; the last row is the open one, that before it the last closed."""
    if len(rows) < 2:
        return rows
    *before, closed, last = rows
    if kind == "nulls":
        return [*before, {name: value if name == "time" else None for name, value in closed.items()}, last]
    if kind == "missing_keys":
        return [*before, {"time": closed["time"], "close": closed["close"]}, last]
    if kind == "duplicate":
        return [*before, closed, closed, last]
    if kind == "revised":
        return [*rows[:-4], *(_revised(row) for row in rows[-4:-1]), last]
    return rows


def _revised(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"interactions": row["interactions"] + 1000, "galaxy_score": row["galaxy_score"] + 1}


def _limits(call: Call) -> dict[str, str]:
    """The headers that count calls. The reset is by the machine's clock, for so is the header `date`."""
    now = time.time()
    short, long = call.kind == "minute_rate" or call.status == 429, call.kind == "long_rate"
    seconds = call.fault.seconds if call.fault and short else 60.0
    return {
        "x-rate-limit-day": str(MAX_CALLS["day"]),
        "x-rate-limit-day-remaining": "0" if long else str(MAX_CALLS["day"] - 1),
        "x-rate-limit-minute": str(MAX_CALLS["minute"]),
        "x-rate-limit-minute-remaining": "0" if short or long else str(MAX_CALLS["minute"] - 1),
        "x-rate-limit-minute-reset": str(int(now + seconds) + 1),
        "cache-control": "s-max-age=86400",
        "x-lunar-generated": str(call.now),
    }
