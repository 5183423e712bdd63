"""CryptoCompare: what its two APIs have in common, and which of them a path belongs to.

| kind of fault | makes |
|---|---|
| `filled`, `converted` | all rows without trades; all rows converted from another pair |
| `zeros` | all rows as before the coin was listed; by min-api only |
| `depth`, `warning` | errors in HTTP 200 of min-api: history beyond the plan; an error with a warning |
| `long_rate` | the calls of the month are used up |
"""

from typing import Any

from fastapi import Response

from scripts.local.vendors import data_api, min_api
from scripts.local.vendors.calls import Call, as_json

NAME = "cryptocompare"
PREFIX = "/"
KINDS = {"filled", "converted", "zeros", "depth", "warning"}
NEEDED = "API key required, please refer to the documentation at https://developers.coindesk.com/"
IN_THE_HEADER = "The key goes in the header Authorization; this server takes none in a URL"
OVER_THE_RATE = "You are over your rate limit please upgrade your account!"


def refusal(call: Call, key: str) -> Response | None:
    """Return 401 unless the key stands in the header and nowhere else."""
    if "api_key" in call.params:
        return _unauthorised(IN_THE_HEADER)
    return None if call.headers.get("authorization") == f"Apikey {key}" else _unauthorised(NEEDED)


def failure(call: Call, status: int) -> Response:
    """Return the envelope that both hosts give a status below 500."""
    if status == 401:
        return _unauthorised(NEEDED)
    kind, message = (99, OVER_THE_RATE) if status == 429 else (1, f"Refused with status {status}")
    return as_json({"Data": {}, "Err": {"type": kind, "message": message, "other_info": {}}}, status)


def answer(call: Call) -> Response:
    """Return candles, or the API's own error."""
    if call.path in min_api.STEPS:
        return min_api.answer(call)
    if call.kind in ("minute_rate", "long_rate"):
        return failure(call, 429)
    return data_api.answer(call) if call.path in data_api.STEPS else failure(call, 404)


def _unauthorised(message: str) -> Response:
    error: dict[str, Any] = {"type": 2, "message": message, "http_status_code": 401}
    return as_json({"Data": {}, "Err": {**error, "frontend": {"type": 2, "message": message}}}, 401)
