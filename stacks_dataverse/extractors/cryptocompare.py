"""Candles from CryptoCompare, by either of its two APIs, as they came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from stacks_dataverse.errors import Terminal
from stacks_dataverse.http import Client, Reply

CONNECTION = "cryptocompare"
QUOTE = "USD"
STEP_SECONDS = {"hour": 3600, "day": 86_400}

# Until late 2020 the vendor's symbol STX was Stox, another coin.
STACKS_SINCE = {"STX": 1_609_459_200}

LONG_WINDOWS = {"hour", "day", "month"}
# The error type of both APIs for an exceeded rate limit.
OVER_THE_RATE = 99

Unit = Literal["hour", "day"]


@dataclass(frozen=True)
class Page:
    """One call: `rows` buckets, of which the last begins at `last`, in unix seconds."""

    symbol: str
    unit: Unit
    last: int
    rows: int


class Flavour(Protocol):
    """What differs between the two APIs."""

    host: str
    max_rows: Mapping[str, int]

    def build_request(self, page: Page) -> tuple[str, dict[str, str | int]]:
        """Return path and parameters of a call."""
        ...

    def is_before_history(self, reply: Reply) -> bool:
        """Whether an answer says that nothing was traded yet."""
        ...

    def rows(self, body: Any) -> Any:
        """Return what should be the list of candles."""
        ...


class DataApi:
    """The current API: the index `cadli`, exactly as many rows as asked for, 404 before history begins."""

    host = "https://data-api.coindesk.com"
    max_rows: Mapping[str, int] = {"hour": 2000, "day": 5000}

    def build_request(self, page: Page) -> tuple[str, dict[str, str | int]]:
        """Return path and parameters of a call."""
        instrument = f"{page.symbol}-{QUOTE}"
        params = {"market": "cadli", "instrument": instrument, "limit": page.rows, "to_ts": page.last}
        return f"/index/cc/v1/historical/{page.unit}s", params

    def is_before_history(self, reply: Reply) -> bool:
        """Whether it is the 404 that says when history begins, rather than one for market or instrument."""
        details = _object(reply.body, "Err", "other_info")
        return reply.status == 404 and details.get("param") == "to_ts" and isinstance(details.get("first"), int)

    def rows(self, body: Any) -> Any:
        """Return what should be the list of candles."""
        return _object(body).get("Data")


class MinApi:
    """The legacy API: one row more than asked for, zeros before history begins, errors inside HTTP 200."""

    host = "https://min-api.cryptocompare.com"
    max_rows: Mapping[str, int] = {"hour": 2001, "day": 2001}

    def build_request(self, page: Page) -> tuple[str, dict[str, str | int]]:
        """Return path and parameters of a call; the vendor is not to convert through another coin."""
        limit = max(page.rows - 1, 1)
        params = {"fsym": page.symbol, "tsym": QUOTE, "limit": limit, "toTs": page.last, "tryConversion": "false"}
        return f"/data/v2/histo{page.unit}", params

    def is_before_history(self, reply: Reply) -> bool:
        """Whether all closes are zero."""
        rows = self.rows(reply.body) if reply.status == 200 else None
        return bool(rows) and _are_objects(rows) and all(row.get("close") == 0 for row in rows)

    def rows(self, body: Any) -> Any:
        """Return what should be the list of candles."""
        return _object(body, "Data").get("Data")


FLAVOURS: Mapping[str, Flavour] = {"data_api": DataApi(), "min_api": MinApi()}


class CryptoCompare:
    """Candles in US dollars of one API.

    Args:
        base_url: of the Airflow Connection; empty for the flavour's own host.
        key: of the Airflow Connection. A caller without one skips.
        flavour: `data_api` or `min_api`.
    Raises:
        Terminal: no key, or no such flavour.
    """

    def __init__(self, base_url: str, key: str, flavour: str = "data_api") -> None:
        if flavour not in FLAVOURS:
            raise Terminal(
                f"The flavour of the connection {CONNECTION} is {flavour!r}; set it to {' or '.join(FLAVOURS)}."
            )
        self._name = flavour
        self._flavour = FLAVOURS[flavour]
        self._client = Client(CONNECTION, base_url or self._flavour.host, "Apikey", key)

    def candles(self, symbol: str, unit: Unit, start: int, end: int) -> Iterator[dict[str, Any]]:
        """Yield answers that hold the candles which begin in `[start, end)`, the newest first.

        There are at most as many calls as the window has times the most rows of a call: 2,000 hours, and 5,000
        days by `data_api`, 2,001 of either by `min_api`. Nothing is yielded for times before history begins.

        Args:
            symbol: of the coin, such as STX.
            unit: the length of a candle.
            start, end: unix seconds.
        Returns:
            `asked`, with symbol, unit, flavour, start, end, path and params; and `answer`, the JSON as it came.
        Raises:
            Terminal: STX before 2021; a refused key, a plan's limit, an unknown market, an unknown answer, or one
                about another coin.
            Retryable: the vendor cannot be reached, fails, or is asked too often for a moment.
        """
        since = STACKS_SINCE.get(symbol.upper(), start)
        if start < since:
            raise Terminal(
                f"Before 2021 {symbol} was the symbol of another coin; request days of {CONNECTION} from {since} "
                f"on, not {start}."
            )
        request = {"symbol": symbol, "unit": unit, "flavour": self._name, "start": start, "end": end}
        return self._answers(request, _pages(symbol, unit, start, end, self._flavour.max_rows[unit]))

    def _answers(self, request: Mapping[str, Any], pages: Iterator[Page]) -> Iterator[dict[str, Any]]:
        for page in pages:
            path, params = self._flavour.build_request(page)
            reply = self._client.get(path, params)
            if self._flavour.is_before_history(reply):
                return
            _refuse_errors(reply)
            if not _are_objects(self._flavour.rows(reply.body)):
                raise reply.terminal(
                    f"The response has no candles. Correct the host and the flavour of the connection {CONNECTION}"
                )
            _refuse_another_coin(reply, self._flavour.rows(reply.body), page.symbol)
            yield {"asked": {**request, "path": path, "params": params}, "answer": reply.body}


def _pages(symbol: str, unit: Unit, start: int, end: int, most: int) -> Iterator[Page]:
    step = STEP_SECONDS[unit]
    first, last = -(-start // step) * step, (end - 1) // step * step
    while last >= first:
        rows = min((last - first) // step + 1, most)
        yield Page(symbol, unit, last, rows)
        last -= rows * step


def _refuse_another_coin(reply: Reply, rows: list[dict[str, Any]], symbol: str) -> None:
    """The legacy API names no coin. The same coin in another currency lands as it came, and is refused by the build."""
    instruments = [row["INSTRUMENT"] for row in rows if "INSTRUMENT" in row]
    others = [name for name in instruments if str(name).split("-")[0] != symbol]
    if others:
        raise reply.terminal(f"The response has {others[0]!r} instead of {symbol}-{QUOTE}; it was rejected")


def _refuse_errors(reply: Reply) -> None:
    """Errors come as a status, or inside HTTP 200; so the body is checked in any case."""
    body, error = _object(reply.body), _object(reply.body, "Err")
    if reply.status in (401, 403):
        raise reply.terminal(
            f"The key of the connection {CONNECTION} was rejected. Correct the key or its subscription"
        )
    if reply.status == 429 or OVER_THE_RATE in (body.get("Type"), error.get("type")):
        _raise_over_the_rate(reply)
    if body.get("ParamWithError") == "toTs":
        raise reply.terminal(f"The plan of the connection {CONNECTION} does not cover days that long ago")
    if reply.status != 200 or error or body.get("Response") == "Error":
        raise reply.terminal(f"Correct the connection {CONNECTION}, its flavour, or the symbol")


def _raise_over_the_rate(reply: Reply) -> None:
    """The longest exhausted window decides; where the answer names none, it may be a short one."""
    made, most = (_object(reply.body, "RateLimit", name) for name in ("calls_made", "max_calls"))
    exhausted = {window for window in LONG_WINDOWS if _is_reached(made.get(window), most.get(window))}
    if exhausted:
        windows = ", ".join(sorted(exhausted))
        raise reply.terminal(f"The plan's limit of calls per {windows} is reached. Run again later")
    raise reply.retryable("The rate limit is exceeded; a retry may succeed")


def _is_reached(made: Any, most: Any) -> bool:
    return isinstance(made, int) and isinstance(most, int) and made >= most


def _object(value: Any, *names: str) -> dict[str, Any]:
    """The object at a path of names; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _are_objects(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
