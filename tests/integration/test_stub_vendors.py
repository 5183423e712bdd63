"""The stub vendors answer in the shapes that were recorded of the real ones."""

import time
from typing import Any

import pytest
import requests

from scripts.local.vendors.server import VendorsServer
from tests.conftest import RealData

HOUR, DAY = 3600, 86_400
NOW = 1_764_000_000 // DAY * DAY + 5 * HOUR + 600
CANDLES = "cryptocompare_cassettes/index_cc_v1_historical_*.json"
DAYS, HOURS = "/index/cc/v1/historical/days", "/index/cc/v1/historical/hours"
HISTODAY, HISTOHOUR = "/data/v2/histoday", "/data/v2/histohour"
COIN = "/api4/public/coins"
AGENT = {"User-Agent": "tests/1"}
STACKS = {"market": "cadli", "instrument": "STX-USD"}
LEGACY = {"fsym": "STX", "tsym": "USD"}


@pytest.fixture
def stub(stub_vendors: VendorsServer) -> VendorsServer:
    """The stub vendors at a time of their own."""
    stub_vendors.set_now(NOW)
    return stub_vendors


def ask(stub: VendorsServer, path: str, params: dict[str, Any] | None = None) -> requests.Response:
    scheme = "Bearer" if path.startswith("/api4") else "Apikey"
    headers = AGENT | {"Authorization": f"{scheme} {stub.key}"}
    return requests.get(stub.url + path, params, headers=headers, timeout=30)


def shape(value: Any) -> Any:
    """The keys and JSON types of a value; of a list, those of its members. Null may stand for anything."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def fits(found: Any, recorded: Any) -> bool:
    """Whether both have the same keys, and the same types but where either is null."""
    if isinstance(found, dict) and isinstance(recorded, dict):
        return found.keys() == recorded.keys() and all(fits(found[name], recorded[name]) for name in found)
    return found is None or recorded is None or shape(found) == shape(recorded)


def recorded_rows(real_data: RealData) -> list[dict[str, Any]]:
    return [row for it in real_data.recordings(CANDLES).values() for row in it["response"]["body"]["Data"]]


@pytest.mark.parametrize(
    ("path", "params", "keys", "kind"),
    [
        pytest.param(HOURS, {"limit": 2000}, 26, "267", id="hours"),
        pytest.param(DAYS, {"limit": 500}, 26, "267", id="days"),
        pytest.param(HOURS, {"limit": 200, "to_ts": 1_610_000_000}, 18, "267", id="hours without trades"),
        pytest.param(DAYS, {"instrument": "BTC-EUR", "limit": 5}, 26, "986", id="converted days"),
    ],
)
def test_candles_have_the_recorded_shape(
    stub: VendorsServer, real_data: RealData, path: str, params: dict[str, Any], keys: int, kind: str
) -> None:
    body = ask(stub, path, STACKS | params).json()
    rows = [row for row in body["Data"] if len(row) == keys]
    samples = [row for row in recorded_rows(real_data) if len(row) == keys and row["TYPE"] == kind]
    assert body["Err"] == {}
    assert rows
    assert {len(row) for row in body["Data"]} <= {18, 26}
    for row in rows:
        assert fits(row, samples[0])
        assert row["TYPE"] == kind
        is_flat = row["OPEN"] == row["HIGH"] == row["LOW"] == row["CLOSE"] and row["VOLUME"] == 0
        assert is_flat == (keys == 18)
        assert (row["TOTAL_INDEX_UPDATES"] == 0) == (keys == 18 or kind == "986")
        assert (row["VOLUME_DIRECT"] == 0) == (keys == 18 or kind == "986")


@pytest.mark.parametrize(
    ("path", "step", "asked", "limit", "rows"),
    [
        pytest.param(HOURS, HOUR, NOW, 2000, 2000, id="hours"),
        pytest.param(DAYS, DAY, NOW - 7, 1, 1, id="one day"),
        pytest.param(HOURS, HOUR, 1_609_459_200 + 170 * HOUR + 5, 2000, 171, id="history begins in the page"),
        pytest.param(DAYS, DAY, NOW + 9 * DAY, 10, 10, id="later than now"),
    ],
)
def test_pages_have_the_rows_asked_for(
    stub: VendorsServer, path: str, step: int, asked: int, limit: int, rows: int
) -> None:
    times = [row["TIMESTAMP"] for row in ask(stub, path, STACKS | {"limit": limit, "to_ts": asked}).json()["Data"]]
    last = min(asked, NOW) // step * step
    assert times == list(range(last - (rows - 1) * step, last + 1, step))


def test_the_last_candle_is_open(stub: VendorsServer) -> None:
    closed, last = ask(stub, HOURS, STACKS | {"limit": 2}).json()["Data"]
    assert last["LAST_MESSAGE_TIMESTAMP"] < last["TIMESTAMP"] + HOUR - 1
    assert closed["LAST_MESSAGE_TIMESTAMP"] == closed["TIMESTAMP"] + HOUR - 1


def test_before_history_is_the_recorded_404(stub: VendorsServer, real_data: RealData) -> None:
    (recorded,) = real_data.recordings("cryptocompare_cassettes/*404.json").values()
    answer = ask(stub, HOURS, {"market": "cadli", "instrument": "BTC-USD", "to_ts": 1_279_321_200})
    body = recorded["response"]["body"]
    assert answer.status_code == 404
    assert fits(answer.json(), body)
    assert answer.json()["Err"]["other_info"] == body["Err"]["other_info"]


def test_legacy_candles_have_the_recorded_shape(stub: VendorsServer, real_data: RealData) -> None:
    (recorded,) = real_data.recordings("cryptocompare_examples/getHistoricalDailyOHLCV.json").values()
    for path, step in ((HISTODAY, DAY), (HISTOHOUR, HOUR)):
        body = ask(stub, path, LEGACY | {"limit": 2}).json()
        rows = body["Data"]["Data"]
        assert fits(body, recorded["response"]["body"])
        assert [row["time"] for row in rows] == [NOW // step * step - back * step for back in (2, 1, 0)]
        assert all(row["low"] <= row["close"] <= row["high"] for row in rows[:-1])
        assert rows[-1]["close"] > rows[-1]["high"]


def test_legacy_rows_before_listing_are_zeros(stub: VendorsServer) -> None:
    body = ask(stub, HISTODAY, LEGACY | {"limit": 10, "toTs": 1_609_459_200 + DAY}).json()
    closes = [row["close"] for row in body["Data"]["Data"]]
    assert [close > 0 for close in closes] == [False] * 9 + [True] * 2
    assert set(body["Data"]["Data"][0].values()) == {0, "direct", ""} | {body["Data"]["TimeFrom"]}


@pytest.mark.parametrize("name", ["coins.json", "coins_btc_v1_with_headers_2025-11-30.json"])
def test_the_snapshot_has_the_recorded_shape(stub: VendorsServer, real_data: RealData, name: str) -> None:
    (recorded,) = real_data.recordings(f"lunarcrush/{name}").values()
    answer = ask(stub, f"{COIN}/830/v1")
    assert fits(answer.json(), recorded["response"]["body"])
    assert answer.json()["data"] | {"id": 830, "symbol": "STX", "name": "Stacks"} == answer.json()["data"]
    counted = {header for header in recorded["response"].get("headers", {}) if header.startswith("x-rate-limit")}
    assert counted <= set(answer.headers)


@pytest.mark.parametrize("bucket", ["hour", "day"])
def test_time_series_have_the_recorded_shape(stub: VendorsServer, real_data: RealData, bucket: str) -> None:
    (recorded,) = real_data.recordings("lunarcrush/coins_time_series.json").values()
    body = ask(stub, f"{COIN}/830/time-series/v2", {"bucket": bucket}).json()
    sample = recorded["response"]["body"]
    step = {"hour": HOUR, "day": DAY}[bucket]
    assert fits(body["config"], sample["config"])
    assert all(fits(row, sample["data"][0]) for row in body["data"])
    first = -(-(NOW - 7 * DAY) // step) * step
    assert [row["time"] for row in body["data"]] == list(range(first, NOW + 1, step))


def test_social_history_begins_with_2020(stub: VendorsServer) -> None:
    body = ask(stub, f"{COIN}/830/time-series/v2", {"bucket": "day", "interval": "all"}).json()
    assert body["data"][0]["time"] == 1_577_836_800
    assert ask(stub, f"{COIN}/830/time-series/v2", {"bucket": "day", "start": 0, "end": DAY}).json()["data"] == []


def test_the_volume_of_24_hours_rolls(stub: VendorsServer) -> None:
    hourly = ask(stub, f"{COIN}/830/time-series/v2", {"bucket": "hour", "interval": "1m"}).json()["data"]
    daily = ask(stub, f"{COIN}/830/time-series/v2", {"bucket": "day", "interval": "1m"}).json()["data"]
    candles = ask(stub, DAYS, STACKS | {"limit": 2}).json()["Data"]
    by_hour = {row["time"]: row["volume_24h"] for row in hourly}
    for row in daily[1:-1]:
        assert row["volume_24h"] == by_hour[row["time"] + 23 * HOUR]
    assert daily[-2]["volume_24h"] == candles[0]["QUOTE_VOLUME"]
    assert daily[-1]["volume_24h"] == hourly[-1]["volume_24h"]


def test_the_symbol_names_another_coin_than_the_number(stub: VendorsServer) -> None:
    body = ask(stub, f"{COIN}/stx/v1").json()
    assert (body["data"]["symbol"], body["data"]["name"]) == ("STX", "Stox")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        pytest.param(DAYS, STACKS | {"limit": 5000}, id="5,000 days"),
        pytest.param(HOURS, STACKS | {"limit": 2000}, id="2,000 hours"),
        pytest.param(HISTODAY, LEGACY | {"limit": 2000}, id="2,001 days of min-api"),
        pytest.param(f"{COIN}/830/time-series/v2", {"bucket": "day", "interval": "all"}, id="social history"),
    ],
)
def test_a_full_page_is_quick_and_always_the_same(stub: VendorsServer, path: str, params: dict[str, Any]) -> None:
    began = time.monotonic()
    first = ask(stub, path, params)
    assert time.monotonic() - began < 2
    assert first.status_code == 200
    assert ask(stub, path, params).content == first.content
