"""What is asked of LunarCrush, what is made of its refusals, and that it speaks of Stacks."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from stacks_dataverse.extractors import lunarcrush
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from tests.support.raw_server import raw_server

KEY = "a-bearer-key"
NOW = 1_764_473_870
SNAPSHOT, SERIES = "/api4/public/coins/830/v1", "/api4/public/coins/830/time-series/v2"
STACKS = {"symbol": "STX", "name": "Stacks"}
SPOT = {"config": STACKS | {"id": "$stx"}, "data": STACKS | {"id": 830, "price": None, "new": [1]}}
DAYS = {"config": STACKS | {"id": "coins:830"}, "data": [{"time": 1, "close": None}, {"time": 1}]}
DEMO = "DEMO DATA MODE: You must have a LunarCrush subscription to unlock real data"
RESET = "x-rate-limit-minute-reset"
DAY_LEFT = "x-rate-limit-day-remaining"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited."""
    found: list[float] = []
    monkeypatch.setattr(lunarcrush, "time", SimpleNamespace(sleep=found.append))
    return found


def client(vendor: HTTPServer) -> LunarCrush:
    return LunarCrush(vendor.url_for("/"), KEY)


def test_the_snapshot_comes_as_it_is(vendor: HTTPServer) -> None:
    vendor.expect_request(SNAPSHOT, query_string="").respond_with_json(SPOT)
    assert client(vendor).snapshot() == {"asked": {"path": SNAPSHOT, "params": {}}, "answer": SPOT}
    headers = vendor.log[0][0].headers
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert not headers["User-Agent"].startswith(("python-requests/", "Python-urllib/"))


def test_a_window_of_days_is_one_call(vendor: HTTPServer) -> None:
    vendor.expect_request(SERIES).respond_with_json(DAYS)
    params = {"bucket": "day", "start": 86_400, "end": 863_999}
    asked = {"unit": "day", "start": 86_400, "end": 864_000, "path": SERIES, "params": params}
    assert client(vendor).daily(86_400, 864_000) == {"asked": asked, "answer": DAYS}
    ((request, _),) = vendor.log
    assert dict(request.args) == {"bucket": "day", "start": "86400", "end": "863999"}


def test_a_window_without_rows_is_an_answer(vendor: HTTPServer) -> None:
    vendor.expect_request(SERIES).respond_with_json(DAYS | {"data": []})
    assert client(vendor).daily(0, 86_400)["answer"]["data"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param(SNAPSHOT, SPOT | {"data": SPOT["data"] | {"name": "Stox"}}, id="another coin of that symbol"),
        pytest.param(SNAPSHOT, SPOT | {"data": SPOT["data"] | {"symbol": "ETH"}}, id="another symbol"),
        pytest.param(SNAPSHOT, SPOT | {"config": STACKS | {"name": None}}, id="config without a name"),
        pytest.param(SNAPSHOT, SPOT | {"data": {}}, id="no figures"),
        pytest.param(SNAPSHOT, {"data": SPOT["data"]}, id="no config"),
        pytest.param(SNAPSHOT, {"config": STACKS}, id="no data"),
        pytest.param(SNAPSHOT, SPOT | {"data": "text"}, id="data of another kind"),
        pytest.param(SNAPSHOT, SPOT | {"data": []}, id="days in place of figures"),
        pytest.param(SERIES, DAYS | {"data": SPOT["data"]}, id="figures in place of days"),
        pytest.param(SERIES, DAYS | {"config": STACKS | {"name": "Stox"}}, id="days of another coin"),
        pytest.param(SERIES, DAYS | {"config": []}, id="config of another kind"),
        pytest.param(SERIES, {"config": STACKS, "data": None}, id="no days"),
    ],
)
def test_what_does_not_say_stacks_is_refused(vendor: HTTPServer, path: str, body: dict[str, Any]) -> None:
    vendor.expect_request(path).respond_with_json(body)
    with pytest.raises(Terminal, match="coin 830 with the symbol STX and the name Stacks"):
        client(vendor).snapshot() if path == SNAPSHOT else client(vendor).daily(0, 86_400)


@pytest.mark.parametrize(("status", "body"), [(400, {"error": "No data"}), (404, {}), (200, {"error": "No data"})])
def test_a_refused_span_is_not_blamed_on_the_key(vendor: HTTPServer, status: int, body: Any) -> None:
    vendor.expect_request(SERIES).respond_with_json(body, status)
    with pytest.raises(Terminal, match=r"The vendor rejected the request but not the key.* begins with 2020-01-01"):
        client(vendor).daily(0, 86_400)


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "words"),
    [
        pytest.param(401, {"error": DEMO}, {}, Terminal, "DEMO.*key of the connection.*rejected", id="no key"),
        pytest.param(401, "", {}, Terminal, "an empty body.*rejected", id="401 without a word"),
        pytest.param(200, SPOT | {"notice": DEMO}, {}, Terminal, "key of the.*rejected", id="demo figures in 200"),
        pytest.param(
            402, {"error": "Payment Required"}, {}, Terminal, "plan.*does not include this endpoint", id="plan"
        ),
        pytest.param(
            403, "error code: 1010", {}, Terminal, "User-Agent of this client; the key is not the cause", id="firewall"
        ),
        pytest.param(403, "<html>Forbidden</html>", {}, Terminal, "Correct the connection", id="another 403"),
        pytest.param(
            404, {"error": "Invalid endpoint (2)"}, {}, Terminal, r"Invalid endpoint \(2\)", id="no such path"
        ),
        pytest.param(200, {"error": "Something"}, {}, Terminal, "Something.*Correct the connection", id="error in 200"),
        pytest.param(200, [1], {}, Terminal, "Correct the connection", id="a list"),
        pytest.param(200, "null", {}, Retryable, "not JSON", id="null"),
        pytest.param(
            429, "", {DAY_LEFT: "0", RESET: "1"}, Terminal, "limit of calls per day is reached", id="day's calls"
        ),
        pytest.param(429, "", {}, Retryable, "rate limit is exceeded", id="429 without a reset"),
        pytest.param(429, "", {RESET: "soon"}, Retryable, "rate limit is exceeded", id="a reset that is no time"),
        pytest.param(429, "", {RESET: "nan"}, Retryable, "rate limit is exceeded", id="a reset that is no number"),
        pytest.param(429, "", {RESET: "99999999999"}, Retryable, "rate limit is exceeded", id="a far reset"),
    ],
)
def test_refusals(
    vendor: HTTPServer, waits: list[float], status: int, body: Any, headers: dict[str, str],
    kind: type[DataverseError], words: str,
) -> None:  # fmt: skip
    if isinstance(body, str):
        vendor.expect_request(SNAPSHOT).respond_with_data(body, status, headers)
    else:
        vendor.expect_request(SNAPSHOT).respond_with_json(body, status, headers)
    with pytest.raises(DataverseError) as caught:
        client(vendor).snapshot()
    assert type(caught.value) is kind
    assert re.search(words, str(caught.value))
    assert (len(vendor.log), waits) == (1, [])


def limited(reset: int, date: str = formatdate(NOW, usegmt=True)) -> bytes:
    """An answer that says that the minute's calls are used up."""
    return f"HTTP/1.1 429 No\r\nDate: {date}\r\n{RESET}: {reset}\r\n{DAY_LEFT}: 1907\r\n\r\n".encode()


@contextmanager
def answering(*answers: bytes) -> Iterator[LunarCrush]:
    """A client of a vendor that gives these answers, one after the other; after them, figures."""
    left = iter(answers)
    figures = b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(SPOT).encode()
    with raw_server(lambda send: send(next(left, figures))) as (url, _):
        yield LunarCrush(url, KEY)


@pytest.mark.parametrize(
    ("reset", "wait"),
    [
        pytest.param(NOW + 10, 10.0, id="in ten seconds"),
        pytest.param(NOW + 65, 65.0, id="at the longest"),
        pytest.param(NOW - 3, 0.0, id="just over"),
    ],
)
def test_the_end_of_the_minute_is_waited_for_by_the_vendors_clock(
    direct: None, waits: list[float], reset: int, wait: float
) -> None:
    with answering(limited(reset)) as client:
        assert client.snapshot()["answer"] == SPOT
    assert waits == [wait]


def test_waiting_comes_to_an_end(direct: None, waits: list[float]) -> None:
    with answering(*[limited(NOW + 10)] * 3) as client, pytest.raises(Retryable, match="The rate limit is exceeded"):
        client.snapshot()
    assert waits == [10.0, 10.0]


@pytest.mark.parametrize("date", ["yesterday", "Sun, 99 Nov 2025 99:99:99 GMT", ""])
def test_a_vendor_without_a_clock_is_not_waited_for(direct: None, waits: list[float], date: str) -> None:
    answer = limited(NOW + 10, date)
    with answering(answer) as client, pytest.raises(Retryable, match="The rate limit is exceeded"):
        client.snapshot()
    assert waits == []


def test_a_real_wait(direct: None) -> None:
    now, began = int(time.time()), time.monotonic()
    with answering(limited(now + 1, formatdate(now, usegmt=True))) as client:
        client.snapshot()
    assert 1.0 <= time.monotonic() - began < 10


def test_no_key_is_refused() -> None:
    with pytest.raises(Terminal, match="The connection lunarcrush has no key"):
        LunarCrush("", "")
