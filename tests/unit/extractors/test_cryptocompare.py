"""What is asked of CryptoCompare for a window, and what is made of its refusals."""

import json
import re
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from stacks_dataverse.extractors.cryptocompare import CryptoCompare

KEY = "an-api-key"
HOUR, DAY = 3600, 86_400
SINCE_2021 = 1_609_459_200
BEFORE_HISTORY = {"Data": [], "Err": {"type": 1, "other_info": {"param": "to_ts", "first": 1_279_324_800}}}
PATHS = {
    ("data_api", "hour"): "/index/cc/v1/historical/hours",
    ("data_api", "day"): "/index/cc/v1/historical/days",
    ("min_api", "hour"): "/data/v2/histohour",
    ("min_api", "day"): "/data/v2/histoday",
}
ZERO = {"time": 0, "open": 0, "high": 0, "low": 0, "close": 0, "volumefrom": 0, "volumeto": 0}
PRICED = ZERO | {"close": 0.5}


def candles(flavour: str, rows: list[Any]) -> dict[str, Any]:
    """An answer with rows."""
    if flavour == "data_api":
        return {"Data": rows, "Err": {}}
    return {"Response": "Success", "Type": 100, "RateLimit": {}, "Data": {"Aggregated": False, "Data": rows}}


def queries(vendor: HTTPServer) -> list[dict[str, str]]:
    return [dict(request.args) for request, _ in vendor.log]


def ask(
    vendor: HTTPServer, *, flavour: str = "data_api", symbol: str = "STX", unit: str = "hour",
    start: int = SINCE_2021, end: int = SINCE_2021 + HOUR,
) -> list[dict[str, Any]]:  # fmt: skip
    return list(CryptoCompare(vendor.url_for("/"), KEY, flavour).candles(symbol, unit, start, end))  # type: ignore[arg-type]


def test_data_api_is_asked_for_exactly_the_buckets_of_the_window(vendor: HTTPServer) -> None:
    answer = candles("data_api", [{"TIMESTAMP": 1, "CLOSE": 0.5, "EXTRA": None}])
    vendor.expect_request(PATHS["data_api", "hour"]).respond_with_json(answer)
    start, end = SINCE_2021, SINCE_2021 + 24 * HOUR
    (page,) = ask(vendor, start=start, end=end)
    params = {"market": "cadli", "instrument": "STX-USD", "limit": 24, "to_ts": end - HOUR}
    assert page["answer"] == answer
    assert page["asked"] == {
        **{"symbol": "STX", "unit": "hour", "flavour": "data_api", "start": start, "end": end},
        **{"path": PATHS["data_api", "hour"], "params": params},
    }
    assert queries(vendor) == [{name: str(value) for name, value in params.items()}]
    assert vendor.log[0][0].headers["Authorization"] == f"Apikey {KEY}"


def test_min_api_is_asked_for_one_row_less(vendor: HTTPServer) -> None:
    vendor.expect_request(PATHS["min_api", "day"]).respond_with_json(candles("min_api", [PRICED]))
    start, end = SINCE_2021, SINCE_2021 + 24 * DAY
    (page,) = ask(vendor, flavour="min_api", unit="day", start=start, end=end)
    params = {"fsym": "STX", "tsym": "USD", "limit": 23, "toTs": end - DAY, "tryConversion": "false"}
    assert page["asked"]["params"] == params
    assert queries(vendor) == [{name: str(value) for name, value in params.items()}]


@pytest.mark.parametrize(
    ("flavour", "unit", "buckets", "limits"),
    [
        pytest.param("data_api", "hour", 2000, [2000], id="a full page of hours"),
        pytest.param("data_api", "hour", 2001, [2000, 1], id="an hour more"),
        pytest.param("data_api", "day", 5001, [5000, 1], id="a day more than a page"),
        pytest.param("data_api", "hour", 7000, [2000, 2000, 2000, 1000], id="four pages"),
        pytest.param("min_api", "hour", 2001, [2000], id="a full page of min-api"),
        pytest.param("min_api", "hour", 4003, [2000, 2000, 1], id="one row, for which two are the fewest"),
        pytest.param("min_api", "day", 2002, [2000, 1], id="days of min-api"),
    ],
)
def test_pages_meet_and_do_not_overlap(
    vendor: HTTPServer, flavour: str, unit: str, buckets: int, limits: list[int]
) -> None:
    vendor.expect_request(PATHS[flavour, unit]).respond_with_json(candles(flavour, [PRICED]))
    step, more = {"hour": HOUR, "day": DAY}[unit], 0 if flavour == "data_api" else 1
    end = SINCE_2021 + buckets * step
    pages = ask(vendor, flavour=flavour, unit=unit, end=end)
    asked = queries(vendor)
    assert len(pages) == len(limits)
    assert [int(query["limit"]) for query in asked] == limits
    last = end - step
    for query in asked:
        assert int(query.get("to_ts") or query["toTs"]) == last
        last -= (int(query["limit"]) + more) * step
    assert last <= SINCE_2021 - step


@pytest.mark.parametrize(
    ("start", "end", "limit", "last"),
    [
        pytest.param(10 * HOUR, 12 * HOUR, 2, 11 * HOUR, id="full hours"),
        pytest.param(10 * HOUR + 1, 12 * HOUR, 1, 11 * HOUR, id="begins within an hour"),
        pytest.param(10 * HOUR, 11 * HOUR + 1, 2, 11 * HOUR, id="ends within an hour"),
    ],
)
def test_only_candles_that_begin_in_the_window(vendor: HTTPServer, start: int, end: int, limit: int, last: int) -> None:
    vendor.expect_request(PATHS["data_api", "hour"]).respond_with_json(candles("data_api", [{}]))
    ask(vendor, symbol="BTC", start=start, end=end)
    (query,) = queries(vendor)
    assert (int(query["limit"]), int(query["to_ts"])) == (limit, last)


@pytest.mark.parametrize(("start", "end"), [(HOUR, HOUR), (HOUR + 1, 2 * HOUR), (2 * HOUR, HOUR)])
def test_a_window_in_which_no_candle_begins_asks_nothing(vendor: HTTPServer, start: int, end: int) -> None:
    assert ask(vendor, symbol="BTC", start=start, end=end) == []
    assert vendor.log == []


@pytest.mark.parametrize("symbol", ["STX", "stx"])
def test_stacks_before_2021_is_refused_before_anything_is_asked(symbol: str) -> None:
    vendor = CryptoCompare("http://127.0.0.1:1", KEY)
    with pytest.raises(Terminal, match=r"the symbol of another coin.*from 1609459200 on, not 1609459199"):
        vendor.candles(symbol, "hour", SINCE_2021 - 1, SINCE_2021 + DAY)


def test_an_unknown_flavour_is_refused() -> None:
    with pytest.raises(Terminal, match="'coindesk'; set it to data_api or min_api"):
        CryptoCompare("", KEY, "coindesk")


def test_no_key_is_refused() -> None:
    with pytest.raises(Terminal, match="The connection cryptocompare has no key"):
        CryptoCompare("", "")


@pytest.mark.parametrize(
    ("flavour", "status", "end_of_history"),
    [
        pytest.param("data_api", 404, BEFORE_HISTORY, id="404 of data-api"),
        pytest.param("min_api", 200, candles("min_api", [ZERO, ZERO]), id="zeros of min-api"),
    ],
)
def test_paging_ends_where_history_begins(
    vendor: HTTPServer, flavour: str, status: int, end_of_history: dict[str, Any]
) -> None:
    path = PATHS[flavour, "hour"]
    vendor.expect_ordered_request(path).respond_with_json(candles(flavour, [ZERO, PRICED]))
    vendor.expect_ordered_request(path).respond_with_json(end_of_history, status)
    (page,) = ask(vendor, flavour=flavour, symbol="BTC", start=0, end=9000 * HOUR)
    assert page["answer"] == candles(flavour, [ZERO, PRICED])
    assert len(vendor.log) == 2


@pytest.mark.parametrize(
    ("flavour", "status", "body"),
    [
        pytest.param("data_api", 404, {"Data": [], "Err": {"other_info": {"param": "instrument"}}}, id="no instrument"),
        pytest.param("data_api", 404, {"Data": [], "Err": {"other_info": {"param": "to_ts"}}}, id="404 without first"),
        pytest.param("data_api", 404, {}, id="404 of something else"),
        pytest.param("min_api", 200, candles("min_api", [{}, {}]), id="rows without a close"),
        pytest.param("min_api", 404, candles("min_api", [ZERO]), id="zeros in a 404"),
    ],
)
def test_what_is_not_the_end_of_history(vendor: HTTPServer, flavour: str, status: int, body: dict[str, Any]) -> None:
    vendor.expect_request(PATHS[flavour, "hour"]).respond_with_json(body, status)
    if status == 200:
        assert len(ask(vendor, flavour=flavour)) == 1
    else:
        with pytest.raises(Terminal):
            ask(vendor, flavour=flavour)


def test_an_empty_page_is_an_answer(vendor: HTTPServer) -> None:
    vendor.expect_request(PATHS["data_api", "hour"]).respond_with_json(candles("data_api", []))
    assert [page["answer"] for page in ask(vendor)] == [{"Data": [], "Err": {}}]


def rate(made: Any, most: Any) -> dict[str, Any]:
    limits = {"calls_made": made, "max_calls": most}
    return {"Response": "Error", "Message": "over your rate limit", "Type": 99, "RateLimit": limits, "Data": {}}


SOME = {"second": 1, "minute": 300, "hour": 4, "day": 7773, "month": 11_627}
MOST = {"second": 20, "minute": 300, "hour": 3000, "day": 7500, "month": 50_000}
ENVELOPE_401 = {"Data": {}, "Err": {"type": 2, "message": "API key required", "http_status_code": 401}}
NO_SYMBOL = {"Response": "Error", "Message": "There is no data for the symbol X .", "Type": 2, "ParamWithError": "fsym"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        pytest.param(401, ENVELOPE_401, Terminal, "API key required.*key of the connection.*was rejected", id="no key"),
        pytest.param(403, {}, Terminal, "was rejected. Correct the key or its subscription", id="forbidden"),
        pytest.param(200, NO_SYMBOL, Terminal, "symbol X .*flavour, or the symbol", id="no such symbol, in 200"),
        pytest.param(200, {"Data": [], "Err": {"type": 1, "message": "No"}}, Terminal, "No", id="Err in 200"),
        pytest.param(200, NO_SYMBOL | {"ParamWithError": "toTs"}, Terminal, "does not cover days", id="plan's depth"),
        pytest.param(400, {"Data": [], "Err": {"type": 1}}, Terminal, "HTTP 400", id="bad parameter"),
        pytest.param(404, None, Terminal, "HTTP 404", id="no such path"),
        pytest.param(200, rate(SOME, MOST), Terminal, "limit of calls per day is reached", id="calls per day"),
        pytest.param(200, rate(MOST, MOST), Terminal, "calls per day, hour, month is", id="of every window"),
        pytest.param(200, rate(SOME | {"day": 1}, MOST), Retryable, "rate limit is exceeded", id="calls of the minute"),
        pytest.param(200, rate({}, {}), Retryable, "rate limit is exceeded", id="windows not told"),
        pytest.param(
            200,
            rate({"day": "9"}, {"day": None}),
            Retryable,
            "rate limit is exceeded",
            id="windows that are no numbers",
        ),
        pytest.param(200, rate([], "x"), Retryable, "rate limit is exceeded", id="windows that are none"),
        pytest.param(429, {"Data": {}, "Err": {"type": 99}}, Retryable, "HTTP 429", id="429"),
        pytest.param(429, None, Retryable, "HTTP 429", id="429 of a firewall"),
        pytest.param(429, rate(SOME, MOST), Terminal, "calls per day", id="429 that tells its window"),
        pytest.param(200, {"Data": {"STX": 1}}, Terminal, "no candles", id="another shape"),
        pytest.param(200, {"Data": [1, 2]}, Terminal, "no candles", id="rows that are none"),
        pytest.param(200, [], Terminal, "no candles", id="a list"),
        pytest.param(200, "text", Terminal, "no candles", id="a text"),
    ],
)
@pytest.mark.parametrize("flavour", ["data_api", "min_api"])
def test_refusals(
    vendor: HTTPServer, flavour: str, status: int, body: Any, kind: type[DataverseError], words: str
) -> None:
    path = PATHS[flavour, "hour"]
    if body is None:
        vendor.expect_request(path).respond_with_data("<html>no</html>", status)
    else:
        vendor.expect_request(path).respond_with_json(body, status)
    with pytest.raises(DataverseError, match=rf"(?s)GET .*{path}.*HTTP {status}.*") as caught:
        ask(vendor, flavour=flavour)
    assert type(caught.value) is kind
    assert re.search(words, str(caught.value))
    assert len(vendor.log) == 1


def test_pages_before_a_refusal_are_handed_on(vendor: HTTPServer) -> None:
    answers = iter([(candles("data_api", [{}]), 200), (ENVELOPE_401, 401)])

    def answer(request: Request) -> Response:
        body, status = next(answers)
        return Response(json.dumps(body), status)

    vendor.expect_request(PATHS["data_api", "hour"]).respond_with_handler(answer)
    pages = CryptoCompare(vendor.url_for("/"), KEY).candles("BTC", "hour", 0, 4000 * HOUR)
    assert next(pages)["answer"] == candles("data_api", [{}])
    with pytest.raises(Terminal):
        next(pages)
