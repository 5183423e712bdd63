"""Landing what the vendors say: in few calls, only of this coin, and whole or not at all."""

from collections.abc import Callable

import pytest

from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.runners import land_market
from stacks_dataverse.vendors import VENDORS
from stacks_dataverse.window import SECONDS_PER_DAY, MarketWindow
from tests.integration.market import FIVE_O_CLOCK, count, in_the_morning, vendors_of
from tests.support.pipeline import Pipeline


@pytest.fixture
def stub(stub_vendors: VendorsServer) -> VendorsServer:
    """The stub vendors, a minute after five in the morning."""
    return in_the_morning(stub_vendors)


@pytest.fixture
def pipeline(new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    """An empty warehouse and empty buckets; the market needs no Stacks database."""
    return new_pipeline("")


def test_history_since_2021_is_one_run_of_few_calls(pipeline: Pipeline, stub: VendorsServer) -> None:
    asked = MarketWindow.of("2021-01-01", "2024-10-31", FIVE_O_CLOCK, FIVE_O_CLOCK)
    pipeline.market(asked, vendors_of(stub))
    days = (asked.days.end - asked.days.start) // SECONDS_PER_DAY
    assert count(pipeline, "stx_historical_prices") == 24 * days
    assert count(pipeline, "daily_indicators") == count(pipeline, "daily_social") == days
    calls = -(-24 * days // 2000)
    assert len(stub.calls()) == 2 * (calls + 1) + 2


def test_stx_before_2021_is_refused_before_anybody_is_asked(pipeline: Pipeline, stub: VendorsServer) -> None:
    asked = MarketWindow.of("2020-12-31", "2021-01-02", FIVE_O_CLOCK, FIVE_O_CLOCK)
    with pytest.raises(Terminal, match="Before 2021 STX was the symbol of another coin"):
        pipeline.market(asked, vendors_of(stub))
    assert stub.calls() == []


@pytest.mark.parametrize("feed", ["prices", "social"])
def test_days_before_lunarcrushs_history_are_refused_as_such_before_it_is_asked(
    feed: str, pipeline: Pipeline, stub: VendorsServer
) -> None:
    asked = MarketWindow.of("2019-12-31", "2021-01-02", FIVE_O_CLOCK, FIVE_O_CLOCK)
    with pytest.raises(Terminal, match="LunarCrush has no data before 2020-01-01"):
        land_market.land_feed(VENDORS["lunarcrush"], feed, vendors_of(stub)["lunarcrush"], pipeline.archive, asked)
    assert stub.calls() == []


def test_a_landing_that_broke_off_is_not_built(pipeline: Pipeline, stub: VendorsServer) -> None:
    asked = MarketWindow.of("2024-01-01", "2024-10-31", FIVE_O_CLOCK, FIVE_O_CLOCK)
    client = vendors_of(stub)["cryptocompare"]
    stub.fault("cryptocompare", status=429, path="/days")
    with pytest.raises(Retryable):
        land_market.land_feed(VENDORS["cryptocompare"], "prices", client, pipeline.archive, asked)
    with pytest.raises(Retryable, match=r"STX/days of cryptocompare for .* is not landed; run its landing task first"):
        pipeline.build_market(asked, ["cryptocompare"])
    assert count(pipeline, "price_hourly") == 0
