"""A vendor that answers garbage, 500, 429, or without end: all stays as it was, and the next run ends right."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.window import MarketWindow
from tests.faults.conftest import RunningDay
from tests.faults.reader import Reader
from tests.integration.market import vendors_of

pytestmark = pytest.mark.slow

MORNING, NEXT_MORNING = (datetime(2024, 11, day, 5, tzinfo=UTC) for day in (1, 2))
FOR_LONG = 1000

TROUBLES = [
    pytest.param("cryptocompare", {"kind": "html"}, Retryable, id="a page of HTML"),
    pytest.param("cryptocompare", {"kind": "cut_json"}, Retryable, id="half of the JSON"),
    pytest.param("cryptocompare", {"kind": "hang_up"}, Retryable, id="a connection that ends in the answer"),
    pytest.param("cryptocompare", {"status": 500}, Retryable, id="500"),
    pytest.param("cryptocompare", {"status": 429}, Retryable, id="429"),
    pytest.param("cryptocompare", {"status": 401}, Terminal, id="a refused key"),
    pytest.param("lunarcrush", {"kind": "html"}, Retryable, id="a page of HTML, of social figures"),
    pytest.param("lunarcrush", {"status": 429}, Retryable, id="429, of social figures"),
]


def window(moment: datetime) -> MarketWindow:
    return MarketWindow.of(None, None, moment, moment)


@pytest.fixture
def morning(running_day: RunningDay, stub_vendors: VendorsServer) -> VendorsServer:
    """The vendors on the morning after a good run of the running day's market."""
    stub_vendors.set_now(int(MORNING.timestamp()) + 60)
    running_day.pipeline.market(window(MORNING), vendors_of(stub_vendors))
    stub_vendors.set_now(int(NEXT_MORNING.timestamp()) + 60)
    return stub_vendors


@pytest.mark.parametrize(("vendor", "trouble", "kind"), TROUBLES)
def test_a_vendor_is_in_trouble(
    vendor: str, trouble: dict[str, Any], kind: type[DataverseError],
    running_day: RunningDay, morning: VendorsServer, reader: Reader,
) -> None:  # fmt: skip
    pipeline = running_day.pipeline
    before = pipeline.published()
    morning.fault(vendor, times=FOR_LONG, **trouble)
    asked = vendors_of(morning)
    message = running_day.fails(kind, lambda: pipeline.market(window(NEXT_MORNING), asked))
    assert morning.url in message
    assert morning.key not in message
    assert pipeline.published() == before
    morning.reset()
    morning.set_now(int(NEXT_MORNING.timestamp()) + 60)
    assert pipeline.market(window(NEXT_MORNING), asked)
    hours = pipeline.public.get_json("price_over_time/latest_7d.json.gz")
    assert list(hours)[-1] == str(int(NEXT_MORNING.timestamp()) - 3600)


def test_a_body_without_end(
    running_day: RunningDay, morning: VendorsServer, reader: Reader, vendor: HTTPServer
) -> None:
    def endless() -> Any:
        while True:
            yield b" " * 65_536

    before = running_day.pipeline.published()
    vendor.expect_request("/index/cc/v1/historical/hours").respond_with_handler(lambda _: Response(endless()))
    asked = {"cryptocompare": CryptoCompare(vendor.url_for("/"), "a-key")}
    message = running_day.fails(Retryable, lambda: running_day.pipeline.market(window(NEXT_MORNING), asked))
    assert "larger" in message
    assert running_day.pipeline.published() == before
    running_day.pipeline.market(window(NEXT_MORNING), vendors_of(morning))
