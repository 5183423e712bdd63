"""The extractors over answers that the real vendors once gave."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.cryptocompare import STEP_SECONDS, CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from tests.conftest import RealData

CANDLES = "cryptocompare_cassettes/index_cc_v1_historical_*.json"
KEY = "a-key"
HOUR = 3600
# Of the recordings that are one walk back to the first trade of Bitcoin there.
FIRST_TRADE, LAST_HOUR = 1_279_324_800, 1_301_536_800


def serve(vendor: HTTPServer, recording: dict[str, Any]) -> None:
    """Answer every call by a recording."""
    response = recording["response"]
    status = response["status"]["code"] if isinstance(response["status"], dict) else response["status"]
    vendor.clear()
    vendor.expect_request(urlsplit(uri(recording)).path).respond_with_json(response["body"], status)


def uri(recording: dict[str, Any]) -> str:
    return recording["request"].get("uri") or recording["request"]["url"]


def query(recording: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(uri(recording)).query).items()}


def test_recorded_candles_come_as_they_are(vendor: HTTPServer, real_data: RealData) -> None:
    recordings = real_data.recordings(CANDLES).values()
    assert len(recordings) > 50
    for recording in recordings:
        serve(vendor, recording)
        asked, unit = query(recording), "hour" if "/hours?" in uri(recording) else "day"
        step = STEP_SECONDS[unit]
        last = int(asked["to_ts"]) // step * step
        start = last - (int(asked["limit"]) - 1) * step
        symbol = asked["instrument"].split("-")[0]
        pages = list(CryptoCompare(vendor.url_for("/"), KEY).candles(symbol, unit, start, last + 1))
        body = recording["response"]["body"]
        assert [page["answer"] for page in pages] == ([body] if body["Data"] else [])
        assert dict(vendor.log[-1][0].args) == asked | {"to_ts": str(last), "instrument": f"{symbol}-USD"}


def test_a_recorded_walk_back_to_the_first_trade(vendor: HTTPServer, real_data: RealData) -> None:
    pages = {query(it)["to_ts"]: it["response"] for it in real_data.recordings(f"{CANDLES[:-5]}BTC-USD*").values()}
    end_of_history = pages[str(FIRST_TRADE - HOUR)]

    def answer(request: Request) -> Response:
        found = pages.get(request.args["to_ts"], end_of_history)
        return Response(json.dumps(found["body"]), found["status"]["code"])

    vendor.expect_request("/index/cc/v1/historical/hours").respond_with_handler(answer)
    found = list(CryptoCompare(vendor.url_for("/"), KEY).candles("BTC", "hour", 0, LAST_HOUR + HOUR))
    assert [len(page["answer"]["Data"]) for page in found] == [2000, 2000, 2000, 171]
    times = sorted(row["TIMESTAMP"] for page in found for row in page["answer"]["Data"])
    assert times == list(range(FIRST_TRADE, LAST_HOUR + HOUR, HOUR))
    assert len(vendor.log) == 5


def test_recorded_candles_of_min_api(vendor: HTTPServer, real_data: RealData) -> None:
    (recording,) = real_data.recordings("cryptocompare_examples/getHistoricalDailyOHLCV.json").values()
    serve(vendor, recording)
    body = recording["response"]["body"]
    start, last = body["Data"]["TimeFrom"], body["Data"]["TimeTo"]
    (page,) = CryptoCompare(vendor.url_for("/"), KEY, "min_api").candles("BTC", "day", start, last + 1)
    assert page["answer"] == body
    assert dict(vendor.log[-1][0].args) == query(recording) | {"toTs": str(last), "tryConversion": "false"}


def test_answers_of_the_path_without_a_version_are_not_taken_for_candles(
    vendor: HTTPServer, real_data: RealData
) -> None:
    paths = sorted((real_data.folder / "apis" / "cryptocompare_minapi_cassettes").glob("*histo_*.yml"))
    assert paths
    for path in paths:
        (exchange,) = yaml.safe_load(path.read_text())["http_interactions"]
        vendor.clear()
        vendor.expect_request("/data/v2/histoday").respond_with_data(exchange["response"]["body"]["string"])
        with pytest.raises(Terminal, match="The response has no candles"):
            list(CryptoCompare(vendor.url_for("/"), KEY, "min_api").candles("BTC", "day", 0, 86_400))


@pytest.mark.parametrize(
    ("name", "is_snapshot"),
    [
        pytest.param("coins.json", True, id="snapshot"),
        pytest.param("coins_btc_v1_with_headers_2025-11-30.json", True, id="snapshot with headers"),
        pytest.param("coins_time_series.json", False, id="time series"),
    ],
)
def test_recorded_figures_of_a_coin(vendor: HTTPServer, real_data: RealData, name: str, is_snapshot: bool) -> None:
    (recording,) = real_data.recordings(f"lunarcrush/{name}").values()
    body = recording["response"]["body"]
    with pytest.raises(Terminal, match="coin 830 with the symbol STX and the name Stacks"):
        figures(vendor, body, is_snapshot)
    for side in (body["config"], body["data"] if is_snapshot else {}):
        side |= {"symbol": "STX", "name": "Stacks"}
    assert figures(vendor, body, is_snapshot)["answer"] == body


def figures(vendor: HTTPServer, body: dict[str, Any], is_snapshot: bool) -> dict[str, Any]:
    vendor.clear()
    path = "/api4/public/coins/830/v1" if is_snapshot else "/api4/public/coins/830/time-series/v2"
    vendor.expect_request(path).respond_with_json(body)
    client = LunarCrush(vendor.url_for("/"), KEY)
    return client.snapshot() if is_snapshot else client.daily(0, 86_400)
