"""What a vendor says that is no price of the coin stops the load, and leaves the warehouse as it was."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.window import MarketWindow
from tests.support.candles import DAY, HOUR, data_api_row, filled_row
from tests.support.pipeline import Pipeline

NOW = datetime(2024, 11, 1, 5, tzinfo=UTC)
STEPS = {"hours": HOUR, "days": DAY}
Price = Callable[[str, int], float | None]


class Exchange:
    """CryptoCompare with prices by symbol and time; where there is none the candle is not in the answer."""

    def __init__(self, server: HTTPServer) -> None:
        self.price: Price = lambda symbol, _at: {"STX": 1.5, "BTC": 60_000.0}[symbol]
        self.quiet: set[int] = set()
        self.strays: list[int] = []
        self.vendor = CryptoCompare(server.url_for("/"), "a-key")
        for unit in STEPS:
            server.expect_request(f"/index/cc/v1/historical/{unit}").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        symbol, step = request.args["instrument"].split("-")[0], STEPS[request.path.rsplit("/", 1)[1]]
        last, limit = int(request.args["to_ts"]), int(request.args["limit"])
        times = [last - index * step for index in reversed(range(limit))]
        rows = [self._row(symbol, at) for at in (*self.strays, *times)]
        return Response(json.dumps({"Data": [row for row in rows if row], "Err": {}}), content_type="application/json")

    def _row(self, symbol: str, at: int) -> dict[str, Any] | None:
        price = self.price(symbol, at)
        row = price and (filled_row(at, price) if at in self.quiet else data_api_row(at, price))
        return row and row | {"INSTRUMENT": f"{symbol}-USD"}


@pytest.fixture
def exchange(vendor: HTTPServer) -> Exchange:
    return Exchange(vendor)


@pytest.fixture
def loaded(new_pipeline: Callable[[str], Pipeline], exchange: Exchange) -> Pipeline:
    """A warehouse with days of October."""
    pipeline = new_pipeline("")
    load(pipeline, exchange, "2024-10-01", "2024-10-20")
    return pipeline


def load(pipeline: Pipeline, exchange: Exchange, first: str, last: str) -> list[str]:
    return pipeline.market(MarketWindow.of(first, last, NOW, NOW), {"cryptocompare": exchange.vendor})


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def refused(pipeline: Pipeline, exchange: Exchange, words: str, days: tuple[str, str]) -> None:
    """The load is refused for a reason, and neither warehouse nor published objects have changed."""
    content, published = pipeline.content(), pipeline.published()
    with pytest.raises(Terminal, match=words):
        load(pipeline, exchange, *days)
    assert (pipeline.content(), pipeline.published()) == (content, published)


def findings(pipeline: Pipeline) -> list[tuple[str, bool, str, str]]:
    """The newest outcome of each check of prices: name, passed, what was found, kind."""
    newest = "SELECT DISTINCT ON (name) name, passed, actual, kind FROM quality_checks ORDER BY name, checked_at DESC"
    return [tuple(row.values()) for row in pipeline.read(newest).to_pylist()]


def test_a_dead_hour_is_named_by_a_check_and_the_rest_loads_and_is_published(
    loaded: Pipeline, exchange: Exchange
) -> None:
    dead = {("STX", seconds(f"2024-10-22 {hour}:00")) for hour in ("07", "08", "11")}
    dead |= {("BTC", seconds("2024-10-22 00:00"))}
    price = exchange.price
    exchange.price = lambda symbol, at: None if (symbol, at) in dead else price(symbol, at)
    assert "price_over_time/latest_7d.json.gz" in load(loaded, exchange, "2024-10-21", "2024-10-23")
    assert loaded.read("SELECT count(*) AS n FROM price_hourly WHERE hour_at >= '2024-10-21'")["n"][0].as_py() == 140
    week = loaded.public.get_json("price_over_time/latest_7d.json.gz")
    assert [at for at, close in week.items() if close is None] == sorted(str(at) for coin, at in dead if coin == "STX")
    holes = "STX 2024-10-22 11:00, STX 2024-10-22 07:00 to 2024-10-22 08:00"
    assert findings(loaded) == [
        ("days_without_price", False, "BTC 2024-10-22", "warning"),
        ("hours_without_price", False, f"{holes}, BTC 2024-10-22 00:00", "warning"),
    ]
    exchange.price = price
    load(loaded, exchange, "2024-10-22", "2024-10-22")
    assert [row[1:3] for row in findings(loaded)] == [(True, "none")] * 2


def test_many_holes_are_counted_and_the_newest_named(loaded: Pipeline, exchange: Exchange) -> None:
    price = exchange.price
    exchange.price = lambda symbol, at: None if symbol == "STX" and at // HOUR % 2 else price(symbol, at)
    load(loaded, exchange, "2024-10-21", "2024-10-23")
    (_, (_, _, actual, _)) = findings(loaded)
    assert actual.startswith("STX 2024-10-23 21:00, STX 2024-10-23 19:00")
    assert actual.endswith(", STX 2024-10-22 07:00 and 15 more")


def test_hours_that_no_run_covered_are_named_too(loaded: Pipeline, exchange: Exchange) -> None:
    load(loaded, exchange, "2024-10-23", "2024-10-23")
    assert findings(loaded)[0][2] == "BTC 2024-10-21 to 2024-10-22, STX 2024-10-21 to 2024-10-22"


def test_a_stray_row_is_left_out_and_the_rest_loads(loaded: Pipeline, exchange: Exchange) -> None:
    price = exchange.price
    exchange.strays = [0, 946_684_799, 946_684_800]
    exchange.price = lambda symbol, at: 900.0 if at in exchange.strays else price(symbol, at)
    load(loaded, exchange, "2024-10-21", "2024-10-21")
    query = "SELECT min(hour_at) AS first, max(close_usd) AS most FROM price_hourly WHERE symbol = 'STX'"
    assert loaded.read(query).to_pylist() == [{"first": datetime(2024, 10, 1, tzinfo=UTC), "most": 1.5}]


def test_another_coins_hours_are_refused_and_the_other_symbol_is_not_stored_either(
    loaded: Pipeline, exchange: Exchange
) -> None:
    exchange.price = lambda symbol, at: 60_000.0 if symbol == "STX" or at < seconds("2024-10-22") else 12.0
    refused(loaded, exchange, "STX jumps from 1.5 USD at 2024-10-20 23:00 to 60000.0", ("2024-10-21", "2024-10-23"))
    exchange.price = lambda symbol, at: 1.5 if symbol == "STX" else 60_000.0 if at < seconds("2024-10-22") else 12.0
    refused(loaded, exchange, "BTC jumps from 60000.0 USD at 2024-10-21 23:00 to 12.0", ("2024-10-21", "2024-10-23"))


def test_history_that_does_not_meet_what_is_stored_is_refused(loaded: Pipeline, exchange: Exchange) -> None:
    exchange.price = lambda _symbol, _at: 0.01
    refused(loaded, exchange, "STX jumps from 0.01 USD at 2024-09-30 23:00 to 1.5", ("2024-09-01", "2024-09-30"))


def test_a_vendor_that_knows_nothing_any_more_is_refused(loaded: Pipeline, exchange: Exchange) -> None:
    exchange.price = lambda _symbol, _at: None
    refused(loaded, exchange, "all 72 candles", ("2024-10-21", "2024-10-23"))


def test_quiet_hours_are_stored_with_the_price_before_and_no_volume(loaded: Pipeline, exchange: Exchange) -> None:
    quiet = seconds("2024-10-22 07:00")
    exchange.quiet = {quiet}
    load(loaded, exchange, "2024-10-21", "2024-10-23")
    query = f"SELECT close_usd, volume_usd FROM price_hourly WHERE symbol = 'STX' AND hour_at = to_timestamp({quiet})"
    assert loaded.read(query).to_pylist() == [{"close_usd": 1.5, "volume_usd": 0.0}]


def test_a_revised_hour_takes_the_place_of_the_old_one(loaded: Pipeline, exchange: Exchange) -> None:
    revised = seconds("2024-10-20 07:00")
    exchange.price = lambda symbol, at: 1.75 if (symbol, at) == ("STX", revised) else (1.5, 60_000.0)[symbol == "BTC"]
    assert "price_over_time/latest_7d.json.gz" in load(loaded, exchange, "2024-10-20", "2024-10-20")
    assert loaded.public.get_json("price_over_time/latest_7d.json.gz")[str(revised)] == 1.75


def test_converted_candles_are_refused(new_pipeline: Callable[[str], Pipeline], stub_vendors: VendorsServer) -> None:
    stub_vendors.set_now(int(NOW.timestamp()))
    stub_vendors.fault("cryptocompare", kind="converted", times=9)
    pipeline = new_pipeline("")
    with pytest.raises(Terminal, match="was converted from another trading pair"):
        pipeline.market(
            MarketWindow.of("2024-10-21", "2024-10-23", NOW, NOW),
            {"cryptocompare": CryptoCompare(stub_vendors.url, stub_vendors.key)},
        )
    assert not any(pipeline.content().values())
