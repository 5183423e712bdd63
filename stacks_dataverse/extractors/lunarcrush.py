"""Social figures and the fallback prices of Stacks from LunarCrush, as they came."""

import time
from email.utils import parsedate_to_datetime
from typing import Any

from stacks_dataverse.http import Client, Reply

CONNECTION = "lunarcrush"
HOST = "https://lunarcrush.com"

# By number: the symbol STX has been other coins' too.
COIN = "/api4/public/coins/830"
SYMBOL, NAME = "STX", "stacks"

# In unix seconds, and in words. It answers earlier days with no rows, or with an error.
BEGAN = 1_577_836_800
FIRST_DAY = "2020-01-01"

DEMO_NOTICE = "DEMO DATA MODE"
USER_AGENT_REFUSED = "error code: 1010"
# The vendor counts calls by the minute: a reset is at most a minute away, and its clock may differ by seconds.
LONGEST_WAIT_SECONDS = 65
MAX_CALLS = 3


class LunarCrush:
    """The coin Stacks; `base_url` and `key` are of the Airflow Connection, `base_url` empty for the vendor's own.

    Raises:
        Terminal: no key. A caller without one skips.
    """

    def __init__(self, base_url: str, key: str) -> None:
        self._client = Client(CONNECTION, base_url or HOST, "Bearer", key)

    def snapshot(self) -> dict[str, Any]:
        """Return the coin's present figures: `asked` and `answer`, the JSON as it came.

        Raises:
            Terminal: a refused key, a plan without this endpoint, a used-up day, an answer about another coin.
            Retryable: the vendor cannot be reached, fails, or is asked too often for a moment.
        """
        return self._ask(f"{COIN}/v1", {}, {}, dict)

    def daily(self, start: int, end: int) -> dict[str, Any]:
        """Return the daily rows that begin in `[start, end)`, unix seconds, in one call; see `snapshot`."""
        request = {"unit": "day", "start": start, "end": end}
        return self._ask(f"{COIN}/time-series/v2", {"bucket": "day", "start": start, "end": end - 1}, request, list)

    def _ask(self, path: str, params: dict[str, str | int], request: dict[str, Any], shape: type) -> dict[str, Any]:
        reply = self._patiently(path, params)
        _refuse_errors(reply)
        _refuse_another_coin(reply, shape)
        return {"asked": {**request, "path": path, "params": params}, "answer": reply.body}

    def _patiently(self, path: str, params: dict[str, str | int]) -> Reply:
        """Ask again when a minute's calls are used up and the next minute is near."""
        for _ in range(MAX_CALLS - 1):
            reply = self._client.get(path, params)
            wait = _seconds_until_reset(reply)
            if wait is None:
                return reply
            time.sleep(wait)
        return self._client.get(path, params)


def _seconds_until_reset(reply: Reply) -> float | None:
    """By the vendor's own clock; None where there is nothing to wait for, or it is far."""
    if reply.status != 429 or _day_is_used_up(reply):
        return None
    try:
        reset = float(reply.headers["x-rate-limit-minute-reset"])
        wait = reset - parsedate_to_datetime(reply.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None
    return max(wait, 0.0) if wait <= LONGEST_WAIT_SECONDS else None


def _day_is_used_up(reply: Reply) -> bool:
    return reply.headers.get("x-rate-limit-day-remaining") == "0"


def _refuse_errors(reply: Reply) -> None:
    # The notice has come with status 401, and with 200 over made-up figures.
    if reply.status == 401 or DEMO_NOTICE in reply.text:
        raise reply.terminal(
            f"The key of the connection {CONNECTION} was rejected. Correct the key or its subscription"
        )
    if reply.status == 402:
        raise reply.terminal(
            f"The plan of the connection {CONNECTION} does not include this endpoint. Choose a larger plan"
        )
    if reply.status == 403 and USER_AGENT_REFUSED in reply.text:
        raise reply.terminal("The vendor's firewall rejected the User-Agent of this client; the key is not the cause")
    if reply.status == 429 and _day_is_used_up(reply):
        raise reply.terminal("The plan's limit of calls per day is reached. Run again tomorrow")
    if reply.status == 429:
        raise reply.retryable("The rate limit is exceeded; a retry may succeed")
    if reply.status == 403 or not isinstance(reply.body, dict):
        raise reply.terminal(f"Correct the connection {CONNECTION}, its host or key")
    if reply.status != 200 or reply.body.get("error"):
        raise reply.terminal(
            "The vendor rejected the request but not the key; see its message. Its history begins with "
            f"{FIRST_DAY}. Correct the connection {CONNECTION} or its host, or choose other days"
        )


def _refuse_another_coin(reply: Reply, shape: type) -> None:
    config, data = reply.body.get("config"), reply.body.get("data")
    sides = [config, data] if shape is dict else [config]
    if not isinstance(data, shape) or not all(isinstance(side, dict) and _is_stacks(side) for side in sides):
        raise reply.terminal(
            f"The response must have data of coin 830 with the symbol {SYMBOL} and the name Stacks; it was rejected"
        )


def _is_stacks(side: dict[str, Any]) -> bool:
    return side.get("symbol") == SYMBOL and NAME in str(side.get("name")).lower()
