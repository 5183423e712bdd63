"""The extractors over the stub vendors, when all is well and when it is not."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from scripts.local.errors import StackError
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import http
from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush

HOUR, DAY = 3600, 86_400
NOW = 1_764_000_000 // DAY * DAY + 5 * HOUR + 600
TODAY = NOW // DAY * DAY
BITCOINS_FIRST_DAY = 1_279_324_800
FLAVOURS = ("data_api", "min_api")
SNAPSHOT, DAYS = "snapshot", "daily rows"

flavours = pytest.mark.parametrize("flavour", FLAVOURS)


@pytest.fixture
def stub(stub_vendors: VendorsServer, monkeypatch: pytest.MonkeyPatch) -> VendorsServer:
    """The stub vendors at a time of their own, and a client that does not pause between tries."""
    monkeypatch.setattr(http, "RETRIES", http.RETRIES.new(backoff_factor=0))
    stub_vendors.set_now(NOW)
    return stub_vendors


def candles(
    stub: VendorsServer, flavour: str = "data_api", symbol: str = "STX", unit: str = "hour",
    start: int = TODAY - DAY, end: int = TODAY, key: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    pages = CryptoCompare(stub.url, key or stub.key, flavour).candles(symbol, unit, start, end)  # type: ignore[arg-type]
    return [row for page in pages for row in rows_of(flavour, page["answer"])]


def rows_of(flavour: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    return answer["Data"] if flavour == "data_api" else answer["Data"]["Data"]


def social(stub: VendorsServer, what: str = DAYS, key: str = "") -> dict[str, Any]:
    client = LunarCrush(stub.url, key or stub.key)
    return (client.snapshot() if what == SNAPSHOT else client.daily(TODAY - 9 * DAY, TODAY + DAY))["answer"]


@flavours
def test_a_day_of_hours_is_one_call(stub: VendorsServer, flavour: str) -> None:
    rows = candles(stub, flavour)
    times = [row.get("TIMESTAMP") or row["time"] for row in rows]
    assert times == list(range(TODAY - DAY, TODAY, HOUR))
    assert len(stub.calls()) == 1


@flavours
@pytest.mark.parametrize(
    ("unit", "calls"), [("hour", {"data_api": 3, "min_api": 3}), ("day", dict.fromkeys(FLAVOURS, 1))]
)
def test_a_longer_window_is_as_many_calls_as_it_has_pages(
    stub: VendorsServer, flavour: str, unit: str, calls: dict[str, int]
) -> None:
    rows = candles(stub, flavour, "BTC", unit, TODAY - 200 * DAY, TODAY)
    times = sorted(row.get("TIMESTAMP") or row["time"] for row in rows)
    step = {"hour": HOUR, "day": DAY}[unit]
    assert times == list(range(TODAY - 200 * DAY, TODAY, step))
    assert len(stub.calls()) == calls[flavour]


@flavours
def test_paging_ends_at_the_first_trade(stub: VendorsServer, flavour: str) -> None:
    rows = candles(stub, flavour, "BTC", "hour", BITCOINS_FIRST_DAY - 9000 * HOUR, BITCOINS_FIRST_DAY + 5 * HOUR)
    closes = [row.get("CLOSE") or row.get("close") for row in rows]
    assert len([close for close in closes if close]) == 5
    assert len(stub.calls()) == 2


@pytest.mark.parametrize("symbol", ["ETH", "STX "])
@flavours
def test_an_unknown_symbol_is_terminal(stub: VendorsServer, flavour: str, symbol: str) -> None:
    with pytest.raises(Terminal, match="Correct the connection cryptocompare, its flavour, or the symbol"):
        candles(stub, flavour, symbol)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda stub: candles(stub, "data_api", key="another"), id="data-api"),
        pytest.param(lambda stub: candles(stub, "min_api", key="another"), id="min-api"),
        pytest.param(lambda stub: social(stub, key="another"), id="LunarCrush"),
    ],
)
def test_another_key_is_refused(stub: VendorsServer, ask: Callable[[VendorsServer], Any]) -> None:
    with pytest.raises(Terminal, match=r"HTTP 401.*The key of the connection \w+ was rejected"):
        ask(stub)


@pytest.mark.parametrize("path", ["/index/cc/v1/historical/hours", "/data/v2/histoday", "/api4/public/coins/830/v1"])
def test_a_key_in_a_url_is_refused_even_beside_the_header(stub: VendorsServer, path: str) -> None:
    scheme = "Bearer" if path.startswith("/api4") else "Apikey"
    headers = {"Authorization": f"{scheme} {stub.key}", "User-Agent": "tests/1"}
    assert requests.get(stub.url + path, {"api_key": stub.key}, headers=headers, timeout=30).status_code == 401
    assert [call["query"] for call in stub.calls()] == ["api_key=***"]


@pytest.mark.parametrize("agent", ["python-requests/2.34.2", "Python-urllib/3.11"])
def test_a_librarys_own_user_agent_is_refused_by_the_firewall(stub: VendorsServer, agent: str) -> None:
    headers = {"Authorization": f"Bearer {stub.key}", "User-Agent": agent}
    answer = requests.get(f"{stub.url}/api4/public/coins/830/v1", headers=headers, timeout=30)
    assert (answer.status_code, answer.text) == (403, "error code: 1010")


def test_an_unknown_path_of_lunarcrush(stub: VendorsServer) -> None:
    headers = {"Authorization": f"Bearer {stub.key}", "User-Agent": "tests/1"}
    answer = requests.get(f"{stub.url}/api3/coins/830", headers=headers, timeout=30)
    assert (answer.status_code, answer.json()) == (404, {"error": "Invalid endpoint (2)"})


REFUSED = [
    ({"status": 401}, Terminal, "was rejected"),
    ({"status": 400}, Terminal, "HTTP 400"),
    ({"status": 404}, Terminal, "HTTP 404"),
    ({"status": 502, "times": 3}, Retryable, "502 Bad Gateway"),
    ({"kind": "html"}, Retryable, "The response is not JSON"),
    ({"kind": "cut_json"}, Retryable, "The response is not JSON"),
    ({"kind": "hang_up"}, Retryable, "GET http"),
    ({"kind": "redirect"}, Terminal, "a redirect to elsewhere.invalid"),
]
SOME_REFUSED = [
    ("data_api", {"status": 429}, Retryable, "The rate limit is exceeded"),
    ("data_api", {"kind": "minute_rate"}, Retryable, "The rate limit is exceeded"),
    ("min_api", {"kind": "minute_rate"}, Retryable, "HTTP 200.*The rate limit is exceeded"),
    # This API names no window with its 429: a used-up month cannot be told from a moment.
    ("data_api", {"kind": "long_rate"}, Retryable, "HTTP 429.*The rate limit is exceeded"),
    ("min_api", {"kind": "long_rate"}, Terminal, "HTTP 200.*limit of calls per month is reached"),
    ("lunarcrush", {"kind": "long_rate"}, Terminal, "HTTP 429.*limit of calls per day is reached"),
    ("min_api", {"kind": "depth"}, Terminal, "HTTP 200.*does not cover days that long ago"),
    ("min_api", {"kind": "warning"}, Terminal, "HTTP 200.*Correct the connection"),
    ("lunarcrush", {"status": 402}, Terminal, "does not include this endpoint"),
    ("lunarcrush", {"status": 403}, Terminal, "HTTP 403"),
    ("lunarcrush", {"kind": "demo"}, Terminal, "DEMO DATA MODE.*was rejected"),
    ("lunarcrush", {"kind": "another_coin"}, Terminal, "coin 830 with the symbol STX and the name Stacks"),
]
EVERY_REFUSED = [*SOME_REFUSED, *((vendor, *case) for vendor in (*FLAVOURS, "lunarcrush") for case in REFUSED)]


@pytest.mark.parametrize(
    ("vendor", "fault", "kind", "words"),
    [pytest.param(*case, id=f"{case[0]} {next(iter(case[1].values()))}") for case in EVERY_REFUSED],
)
def test_faults_once_and_then_no_more(
    stub: VendorsServer, vendor: str, fault: dict[str, Any], kind: type[DataverseError], words: str
) -> None:
    def ask() -> Any:
        return social(stub) if vendor == "lunarcrush" else candles(stub, vendor)

    right = ask()
    stub.fault("lunarcrush" if vendor == "lunarcrush" else "cryptocompare", **fault)
    with pytest.raises(DataverseError, match=rf"(?s){words}") as caught:
        ask()
    assert type(caught.value) is kind
    assert stub.key not in str(caught.value)
    assert ask() == right


@pytest.mark.parametrize("vendor", ["data_api", "min_api", "lunarcrush"])
@pytest.mark.parametrize("fault", [{"status": 502, "times": 2}, {"kind": "slow", "seconds": 0.3}], ids=["502", "slow"])
def test_faults_that_pass_unnoticed(stub: VendorsServer, vendor: str, fault: dict[str, Any]) -> None:
    stub.fault("lunarcrush" if vendor == "lunarcrush" else "cryptocompare", **fault)
    began = time.monotonic()
    assert social(stub) if vendor == "lunarcrush" else candles(stub, vendor)
    assert time.monotonic() - began >= fault.get("seconds", 0)


@pytest.mark.parametrize("fault", [{"status": 429}, {"kind": "minute_rate"}], ids=["status", "kind"])
def test_the_end_of_lunarcrushs_minute_is_waited_for(stub: VendorsServer, fault: dict[str, Any]) -> None:
    stub.fault("lunarcrush", seconds=0, **fault)
    assert social(stub)["data"]
    assert len(stub.calls()) == 2


@flavours
@pytest.mark.parametrize("kind", ["filled", "converted"])
def test_odd_candles_come_as_they_are(stub: VendorsServer, flavour: str, kind: str) -> None:
    stub.fault("cryptocompare", kind=kind)
    for row in candles(stub, flavour):
        if kind == "converted":
            assert "986" in row.values() or row["conversionType"] != "direct"
        else:
            lower = {name.lower(): value for name, value in row.items()}
            assert lower["open"] == lower["high"] == lower["low"] == lower["close"] > 0
            assert lower.get("volume", lower.get("volumefrom")) == 0


def test_zeros_end_the_history_of_min_api(stub: VendorsServer) -> None:
    stub.fault("cryptocompare", kind="zeros")
    assert candles(stub, "min_api") == []


def test_odd_social_rows_come_as_they_are(stub: VendorsServer) -> None:
    right = social(stub)["data"]
    for kind in ("nulls", "missing_keys", "duplicate"):
        stub.fault("lunarcrush", kind=kind)
    nulls, missing, duplicate = (social(stub)["data"] for _ in range(3))
    assert nulls[-2] == {**dict.fromkeys(right[-2]), "time": right[-2]["time"]}
    assert set(missing[-2]) == {"time", "close"}
    assert duplicate == [*right[:-1], right[-2], right[-1]]


def test_a_revision_changes_the_last_days_and_the_version(stub: VendorsServer) -> None:
    before = social(stub)
    stub.fault("lunarcrush", kind="revised")
    after = social(stub)
    changed = [old["time"] for old, new in zip(before["data"], after["data"], strict=True) if old != new]
    assert changed == [TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY - DAY]
    assert after["config"]["generated"] > before["config"]["generated"]


def test_scores_may_be_unknown(stub: VendorsServer) -> None:
    stub.fault("lunarcrush", kind="nulls")
    data = social(stub, SNAPSHOT)["data"]
    assert (data["galaxy_score"], data["alt_rank"]) == (None, None)


def test_a_fault_of_one_path_leaves_the_others_alone(stub: VendorsServer) -> None:
    stub.fault("lunarcrush", status=402, path="time-series")
    assert social(stub, SNAPSHOT)
    with pytest.raises(Terminal, match="does not include this endpoint"):
        social(stub)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"status": 502, "kind": "html"}, id="two at once"),
        pytest.param({"kind": "unheard of"}, id="no such kind"),
        pytest.param({"kind": "filled"}, id="another vendor's kind"),
        pytest.param({"status": 200}, id="no failure"),
        pytest.param({"status": 502, "tims": 2}, id="mistyped"),
    ],
)
def test_a_fault_that_cannot_be_had_is_refused(stub: VendorsServer, fault: dict[str, Any]) -> None:
    with pytest.raises(StackError, match="The stub vendors refused PUT /_faults"):
        stub.fault("lunarcrush", **fault)
