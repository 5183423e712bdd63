"""The market's run on real servers against the stub vendors: landed, built, published; twice, revised, without one."""

import gzip
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.public_files import files_of
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import MarketWindow
from tests.integration.market import FIVE_O_CLOCK, count, in_the_morning, vendors_of
from tests.support.pipeline import Pipeline

NEXT_MORNING = datetime(2024, 11, 2, 5, tzinfo=UTC)
MARKET_TABLES = ("price_hourly", "price_daily", "daily_indicators", "daily_social", "social_snapshots")
PRICE_KEYS = {
    *(f"price_over_time/latest_{days}d.json.gz" for days in (7, 30, 90)),
    *("vols/latest_180d.json.gz", "financial_indicators/latest.csv.gz"),
    *(f"financial_indicators/{name}_latest.json.gz" for name in ("rsi", "rvi", "ema")),
}
SOCIAL_KEYS = {"lunar/spot.json.gz", "lunar/hist.json.gz"}
CAP_KEYS = {"caps/latest_180d.json.gz", "financial_indicators/nvt_latest.json.gz"}


def with_twins(keys: Collection[str]) -> set[str]:
    """Keys of the predecessor's files, with those of the same datasets under `v1/`."""
    declared = [each for each in catalog.objects(Schedule.MARKET) if each.path in keys]
    assert len(declared) == len(keys)
    return {file.key() for each in declared for file in files_of(each)}


SUPPLY = """
    INSERT INTO loaded_days SELECT day, 1, 2, 2, 2, '', true, day, day FROM days;
    INSERT INTO daily_balances (day, holders, whales, whale_balance_ustx, supply_ustx)
    SELECT day, 1, 0, 0, 1000000000000000 FROM days
"""


def window(moment: datetime) -> MarketWindow:
    return MarketWindow.of(None, None, moment, moment)


@pytest.fixture
def stub(stub_vendors: VendorsServer) -> VendorsServer:
    """The stub vendors, a minute after five in the morning."""
    return in_the_morning(stub_vendors)


@pytest.fixture
def pipeline(new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    """An empty warehouse and empty buckets; the market needs no Stacks database."""
    return new_pipeline("")


@pytest.fixture
def morning(pipeline: Pipeline, stub: VendorsServer) -> Pipeline:
    """What the first scheduled run left."""
    pipeline.market(window(FIVE_O_CLOCK), vendors_of(stub))
    return pipeline


def market_content(pipeline: Pipeline) -> dict[str, Any]:
    content = pipeline.content()
    return {table: content[table] for table in MARKET_TABLES}


def load_supply(pipeline: Pipeline, first: date, last: date) -> None:
    """Enter days of the chain as loaded, each with a supply of a thousand million STX."""
    days = f"WITH days AS (SELECT day::date FROM generate_series('{first}'::date, '{last}', '1 day') AS day)"
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse, warehouse.transaction():
        for statement in SUPPLY.split(";"):
            warehouse.execute(f"{days} {statement}")


def test_a_run_stores_all_closed_candles_and_figures(morning: Pipeline) -> None:
    assert count(morning, "price_hourly") == 2 * (4 * 24 + 5)
    assert count(morning, "price_daily") == 2 * 300
    assert count(morning, "daily_indicators") == 300
    assert count(morning, "daily_indicators WHERE rsi_7 IS NOT NULL AND rvi_7 IS NOT NULL") == 180
    assert count(morning, "daily_social") == 30
    assert count(morning, "social_snapshots") == 1
    latest = morning.read("SELECT max(hour_at) AS at, (SELECT max(day) FROM price_daily) AS day FROM price_hourly")
    assert latest.to_pylist() == [{"at": datetime(2024, 11, 1, 4, tzinfo=UTC), "day": date(2024, 10, 31)}]


def test_a_run_publishes_what_it_knows_and_nothing_else(morning: Pipeline) -> None:
    assert set(morning.public.list_keys()) == with_twins(PRICE_KEYS | SOCIAL_KEYS | {"caps/latest_180d.json.gz"})
    week = morning.public.get_json("price_over_time/latest_7d.json.gz")
    assert list(week)[-1] == str(int(datetime(2024, 11, 1, 4, tzinfo=UTC).timestamp()))
    assert len(week) == 4 * 24 + 5
    assert set(morning.public.get_json("caps/latest_180d.json.gz").values()) == {None}
    assert list(morning.public.get_json("lunar/spot.json.gz")) == ["galaxy", "alt_rank", "alt_rank_30d"]
    assert len(morning.public.get_json("lunar/hist.json.gz")) == 30
    assert len(morning.public.get_json("financial_indicators/rsi_latest.json.gz")) == 180
    text = gzip.decompress(morning.public.get("financial_indicators/latest.csv.gz")).decode()
    assert text.splitlines()[0] == ("day,close_usd,volume_usd,market_cap_usd,change_pct,rsi_7,rvi_7,ema_7,nvt,nvt_28")
    assert len(text.splitlines()) == 181


def test_running_again_is_running_once(morning: Pipeline, stub: VendorsServer) -> None:
    content, published = market_content(morning), morning.published()
    raw = {key: morning.archive.get(key) for key in morning.archive.list_keys("raw/")}
    assert morning.market(window(FIVE_O_CLOCK), vendors_of(stub)) == []
    assert (market_content(morning), morning.published()) == (content, published)
    assert {key: morning.archive.get(key) for key in morning.archive.list_keys("raw/")} == raw


def test_what_was_landed_is_built_anew_without_the_vendors(
    morning: Pipeline, stub: VendorsServer, new_pipeline: Callable[[str], Pipeline]
) -> None:
    asked = stub.calls()
    other = new_pipeline("")
    rebuilt = Pipeline("", other.warehouse_dsn, morning.archive, other.public)
    rebuilt.build_market(window(FIVE_O_CLOCK), vendors_of(stub))
    assert market_content(rebuilt) == market_content(morning)
    assert rebuilt.published() == morning.published()
    assert stub.calls() == asked


def test_the_next_run_adds_a_day_and_revises_the_trailing_ones(morning: Pipeline, stub: VendorsServer) -> None:
    with Warehouse.open(morning.warehouse_dsn) as warehouse, warehouse.transaction():
        warehouse.execute("UPDATE price_hourly SET close_usd = close_usd * 1.1 WHERE hour_at = '2024-10-31 12:00'")
    before = dict.fromkeys(MARKET_TABLES) | {row[1]: row for row in market_content(morning)["price_hourly"]}
    stub.set_now(int(NEXT_MORNING.timestamp()) + 60)
    changed = morning.market(window(NEXT_MORNING), vendors_of(stub))
    assert set(changed) == with_twins(PRICE_KEYS | SOCIAL_KEYS | {"caps/latest_180d.json.gz"})
    assert count(morning, "price_hourly") == 2 * (5 * 24 + 5)
    assert count(morning, "daily_indicators") == 301
    noon = morning.read("SELECT close_usd FROM price_hourly WHERE hour_at = '2024-10-31 12:00' AND symbol = 'STX'")
    assert noon["close_usd"][0].as_py() != before[datetime(2024, 10, 31, 12, tzinfo=UTC)][5]


def test_social_days_are_revised_as_the_vendor_revises_them(morning: Pipeline, stub: VendorsServer) -> None:
    query = "SELECT day, galaxy_score, interactions FROM daily_social ORDER BY day"
    before = morning.read(query).to_pylist()
    stub.fault("lunarcrush", kind="revised", path="time-series")
    assert set(morning.market(window(FIVE_O_CLOCK), vendors_of(stub))) == with_twins({"lunar/hist.json.gz"})
    after = morning.read(query).to_pylist()
    assert [row["day"].day for row, old in zip(after, before, strict=True) if row != old] == [28, 29, 30]


@pytest.mark.parametrize("kind", ["nulls", "missing_keys", "duplicate"])
def test_a_day_that_comes_odd_stays_as_it_was_known(kind: str, morning: Pipeline, stub: VendorsServer) -> None:
    content = market_content(morning)["daily_social"]
    stub.fault("lunarcrush", kind=kind, path="time-series")
    morning.market(window(FIVE_O_CLOCK), vendors_of(stub))
    assert market_content(morning)["daily_social"] == content


@pytest.mark.parametrize(
    ("configured", "there"),
    [("cryptocompare", PRICE_KEYS | {"caps/latest_180d.json.gz"}), ("lunarcrush", SOCIAL_KEYS)],
)
def test_without_one_vendor_the_others_objects_are_published(
    configured: str, there: set[str], pipeline: Pipeline, stub: VendorsServer
) -> None:
    vendors = {name: vendor for name, vendor in vendors_of(stub).items() if name == configured}
    assert set(pipeline.market(window(FIVE_O_CLOCK), vendors)) == with_twins(there)
    assert {call["vendor"] for call in stub.calls()} == {configured}


def test_without_any_vendor_nothing_is_published_and_what_is_there_stays(
    morning: Pipeline, pipeline: Pipeline, new_pipeline: Callable[[str], Pipeline]
) -> None:
    assert new_pipeline("").market(window(FIVE_O_CLOCK), {}) == []
    content, published = market_content(morning), morning.published()
    assert morning.market(window(NEXT_MORNING), {}) == []
    assert (market_content(morning), morning.published()) == (content, published)


def test_the_fallback_supplies_days_and_market_caps(pipeline: Pipeline, stub: VendorsServer) -> None:
    vendors = {"lunarcrush": vendors_of(stub)["lunarcrush"]}
    keys = pipeline.market(window(FIVE_O_CLOCK), vendors, source="lunarcrush")
    hourly = {key for key in PRICE_KEYS if key.startswith("price_over_time/")}
    assert set(keys) == with_twins((PRICE_KEYS - hourly) | CAP_KEYS | SOCIAL_KEYS)
    assert count(pipeline, "price_daily WHERE symbol = 'STX' AND source = 'lunarcrush'") == 300
    assert (count(pipeline, "price_hourly"), count(pipeline, "price_daily WHERE symbol <> 'STX'")) == (0, 0)
    assert None not in pipeline.public.get_json("caps/latest_180d.json.gz").values()


def test_another_source_takes_the_place_of_the_days_it_is_asked_for(morning: Pipeline, stub: VendorsServer) -> None:
    hours = market_content(morning)["price_hourly"]
    morning.market(window(FIVE_O_CLOCK), vendors_of(stub), source="lunarcrush")
    sources = morning.read("SELECT DISTINCT symbol, source FROM price_daily ORDER BY symbol").to_pylist()
    assert sources == [
        {"symbol": "BTC", "source": "cryptocompare data_api"},
        {"symbol": "STX", "source": "lunarcrush"},
    ]
    assert market_content(morning)["price_hourly"] == hours
    assert count(morning, "daily_indicators WHERE rsi_7 IS NOT NULL") == 180


def test_the_legacy_api_gives_the_same_prices_under_its_own_name(morning: Pipeline, stub: VendorsServer) -> None:
    query = "SELECT symbol, hour_at, close_usd FROM price_hourly ORDER BY symbol, hour_at"
    before = morning.read(query).to_pylist()
    legacy = {"cryptocompare": CryptoCompare(stub.url, stub.key, "min_api")}
    morning.market(window(FIVE_O_CLOCK), legacy)
    assert morning.read(query).to_pylist() == before
    assert count(morning, "price_hourly WHERE source = 'cryptocompare min_api'") == len(before)


def test_the_predecessors_table_has_exactly_its_two_columns(morning: Pipeline) -> None:
    rows = morning.read("SELECT * FROM stx_historical_prices ORDER BY unix_timestamp DESC LIMIT 1")
    assert [(field.name, str(field.type)) for field in rows.schema] == [
        ("unix_timestamp", "int32"),
        ("price_usd", "double"),
    ]
    assert rows["unix_timestamp"][0].as_py() == int(FIVE_O_CLOCK.timestamp()) - 3600


def test_market_caps_come_with_the_chains_days_whichever_is_loaded_first(
    morning: Pipeline, stub: VendorsServer, new_pipeline: Callable[[str], Pipeline]
) -> None:
    load_supply(morning, date(2024, 10, 1), date(2024, 10, 31))
    assert set(morning.market(window(FIVE_O_CLOCK), {})) == with_twins(
        CAP_KEYS | {"financial_indicators/latest.csv.gz"}
    )
    caps = morning.read("SELECT day, market_cap_usd, close_usd FROM daily_indicators ORDER BY day").to_pylist()
    assert [row["market_cap_usd"] is not None for row in caps] == [False] * (300 - 31) + [True] * 31
    assert caps[-1]["market_cap_usd"] == pytest.approx(1_000_000_000 * caps[-1]["close_usd"])
    other = new_pipeline("")
    load_supply(other, date(2024, 10, 1), date(2024, 10, 31))
    other.market(window(FIVE_O_CLOCK), vendors_of(stub))
    assert market_content(other)["daily_indicators"] == market_content(morning)["daily_indicators"]


def test_an_answer_that_is_not_the_manifests_is_not_built(morning: Pipeline) -> None:
    key = next(key for key in morning.archive.list_keys("raw/cryptocompare/STX/hours/") if "part-0000" in key)
    morning.archive.put(key, b"another landing is under way")
    with pytest.raises(Retryable, match=f"{key} does not match its manifest"):
        morning.build_market(window(FIVE_O_CLOCK), ["cryptocompare"])
