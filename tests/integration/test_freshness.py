"""The age of public objects is that of their data, and what grows too old is told once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.catalog import PublicObject, Schedule
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import freshness, publish
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.freshness import Freshness
from stacks_dataverse.runners.upload import upload_all
from stacks_dataverse.source import Source
from stacks_dataverse.stores.warehouse import Warehouse
from tests.conftest import NUMBERS
from tests.integration.looks import TAKEN_AT, execute
from tests.support.pipeline import Pipeline
from tests.support.stores import copy_database, new_stores

# Objects that the mempool dates, not the chain's tip.
OF_THE_MEMPOOL = ("mempool", "mempool_waiting", "mempool_replacements")
DAYS_END = datetime(2024, 10, 31, tzinfo=UTC)
DAY_LIMIT = timedelta(hours=36)
DAILY, HALF_HOURLY = (catalog.objects(schedule) for schedule in (Schedule.DAILY, Schedule.HALF_HOURLY))
MINUTE = timedelta(minutes=1)
GROWING = [declared.name for declared in DAILY if declared.last_day is None]


@pytest.fixture(scope="module")
def on_record(postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """Objects of a day and of a look, by what is on record of them; what is in them is nobody's business here."""
    run = new_stores(postgres_server, s3_server, "on_record", "no chain")
    for objects, moment in ((DAILY, DAYS_END), (HALF_HOURLY, TAKEN_AT)):
        for declared in objects:
            run.public.put(declared.path.format(version="latest"), b"")
        values = ", ".join(f"('{declared.name}', '{moment}')" for declared in objects)
        execute(run.warehouse_dsn, f"INSERT INTO published_objects (name, as_of) VALUES {values}")
    return run


@pytest.fixture
def published(on_record: Pipeline, postgres_server: PostgresServer) -> Pipeline:
    """The same objects, and a record of them to be changed."""
    warehouse = copy_database(postgres_server, on_record.warehouse_dsn, f"on_record_{next(NUMBERS)}")
    return replace(on_record, warehouse_dsn=warehouse)


def looked_at(
    run: Pipeline, at: datetime, objects: Sequence[PublicObject] = DAILY, source: Source = Source.LIVE
) -> Freshness:
    """What is seen of objects at a moment."""
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        return freshness.check_freshness(warehouse, run.public, objects, at, source)


def names(found: list[freshness.Stale]) -> list[str]:
    return [stale.obj.name for stale in found]


def as_of(run: Pipeline) -> dict[str, datetime]:
    """Up to when the data of each object go."""
    return {row["name"]: row["as_of"] for row in run.read("SELECT name, as_of FROM published_objects").to_pylist()}


def tip_time(run: Pipeline) -> datetime:
    """The time of the chain's tip."""
    with StacksDb.open(run.stacks_dsn) as source:
        return datetime.fromtimestamp(source.tip().time, UTC)


def test_an_object_is_as_old_as_its_day_or_the_tip_and_the_mempool_as_its_look(sample_with_look: Pipeline) -> None:
    kept = as_of(sample_with_look)
    assert kept == {
        **{declared.name: DAYS_END for declared in DAILY},
        **{declared.name: tip_time(sample_with_look) for declared in HALF_HOURLY},
        **dict.fromkeys(OF_THE_MEMPOOL, TAKEN_AT),
    }


def test_a_node_that_stands_still_lets_all_but_the_mempool_grow_stale(all_loaded: Pipeline) -> None:
    later = TAKEN_AT + timedelta(hours=3)
    all_loaded.look(later)
    stale = names(looked_at(all_loaded, later + MINUTE, HALF_HOURLY).stale)
    assert stale == [declared.name for declared in HALF_HOURLY if declared.name not in OF_THE_MEMPOOL]


def test_an_object_of_prices_is_as_old_as_its_prices(sample_with_market: Pipeline) -> None:
    kept = as_of(sample_with_market)
    [hour] = sample_with_market.read("SELECT max(hour_at) AS hour FROM price_hourly WHERE symbol = 'STX'").to_pylist()
    assert {kept[f"price_{days}d"] for days in (7, 30, 90)} == {hour["hour"] + timedelta(hours=1)}
    assert {kept[name] for name in ("vols_180d", "rsi_latest", "nvt_latest", "lunar_history")} == {DAYS_END}
    assert kept["stacking_riskreward"] == DAYS_END


def test_bytes_that_stay_the_same_do_not_age(all_loaded: Pipeline) -> None:
    execute(all_loaded.warehouse_dsn, "UPDATE published_objects SET as_of = '2024-01-01'")
    changed = all_loaded.look(TAKEN_AT + timedelta(hours=3))
    assert "whales/latest_movements.csv.gz" not in changed
    assert as_of(all_loaded)["whale_movements"] == tip_time(all_loaded)


def test_a_run_that_publishes_old_prices_makes_nothing_fresh(all_loaded: Pipeline) -> None:
    market = catalog.objects(Schedule.MARKET)
    with Warehouse.open(all_loaded.warehouse_dsn) as warehouse:
        publish.publish_latest(warehouse, all_loaded.public, market, all_loaded.network)
    at = DAYS_END + DAY_LIMIT + MINUTE
    assert {"price_7d", "price_30d", "price_90d"} <= set(names(looked_at(all_loaded, at, market).stale))


def test_what_grows_stale_is_news_once_until_it_was_fresh_again(published: Pipeline) -> None:
    assert names(looked_at(published, DAYS_END + DAY_LIMIT).stale) == []
    first = looked_at(published, DAYS_END + DAY_LIMIT + MINUTE)
    second = looked_at(published, DAYS_END + DAY_LIMIT + timedelta(hours=1))
    assert names(first.news) == names(first.stale) == names(second.stale) == GROWING
    assert second.news == []
    assert second.oldest_hours == 37.0

    fresh = looked_at(published, DAYS_END + DAY_LIMIT)
    assert (fresh.stale, fresh.oldest_hours) == ([], 0.0)
    assert names(looked_at(published, DAYS_END + 2 * DAY_LIMIT).news) == GROWING


def test_another_object_that_grows_stale_is_news_of_its_own(published: Pipeline) -> None:
    at = DAYS_END + DAY_LIMIT + MINUTE
    looked_at(published, at, DAILY)
    both = looked_at(published, at, [*DAILY, *HALF_HOURLY])
    assert names(both.news) == [declared.name for declared in HALF_HOURLY]
    assert len(both.stale) == len(GROWING) + len(HALF_HOURLY)


@pytest.mark.parametrize("source", [Source.SAMPLE, Source.DUMP])
def test_a_source_that_stands_still_makes_nothing_stale(source: Source, published: Pipeline) -> None:
    years_later = DAYS_END + timedelta(days=757)
    assert names(looked_at(published, years_later, [*DAILY, *HALF_HOURLY], source).stale) == []


def test_what_lacks_data_that_a_source_that_stands_still_has_is_stale(published: Pipeline) -> None:
    behind = DAYS_END - DAY_LIMIT - timedelta(hours=1)
    execute(published.warehouse_dsn, f"UPDATE published_objects SET as_of = '{behind}' WHERE name = 'daily_txs'")
    seen = looked_at(published, DAYS_END + timedelta(days=757), DAILY, Source.SAMPLE)
    assert names(seen.stale) == ["daily_txs"]


def test_publishing_unchanged_bytes_says_when_and_leaves_the_end_of_the_data(all_loaded: Pipeline) -> None:
    day = str(DAYS_END.date() - timedelta(days=1))
    all_loaded.publish(day)
    before = as_of(all_loaded)
    execute(all_loaded.warehouse_dsn, "UPDATE published_objects SET published_at = '2024-01-01'")
    assert all_loaded.publish(day) == []
    at = all_loaded.read("SELECT min(published_at) AS at FROM published_objects WHERE name = 'daily_txs'")["at"][0]
    assert at.as_py() > DAYS_END + timedelta(days=365)
    assert as_of(all_loaded) == before


def test_what_has_ended_grows_no_staler(published: Pipeline) -> None:
    ended = [declared for declared in DAILY if declared.last_day]
    assert names(looked_at(published, DAYS_END + 100 * DAY_LIMIT, ended).stale) == []
    growing_still = [replace(declared, last_day=DAYS_END.date()) for declared in ended]
    assert names(looked_at(published, DAYS_END + 100 * DAY_LIMIT, growing_still).stale) == ["microblocks"]


def test_what_is_gone_from_the_bucket_is_stale(published: Pipeline) -> None:
    published.public.delete("daily_txs/latest.json.gz")
    seen = looked_at(published, DAYS_END)
    published.public.put("daily_txs/latest.json.gz", b"")
    assert names(seen.news) == ["daily_txs"]
    assert seen.describe(seen.news) == (
        "1 published daily, with the chain: published, but missing in the bucket: daily_txs."
    )


def test_what_was_never_published_has_no_age(published: Pipeline) -> None:
    execute(published.warehouse_dsn, "DELETE FROM published_objects WHERE name <> 'daily_txs'")
    seen = looked_at(published, DAYS_END + 2 * DAY_LIMIT)
    assert (seen.objects, names(seen.stale)) == (1, ["daily_txs"])


def test_stale_objects_are_told_by_age_and_schedule(published: Pipeline) -> None:
    seen = looked_at(published, DAYS_END + DAY_LIMIT + timedelta(hours=5), [*DAILY, *HALF_HOURLY])
    told = seen.describe(seen.stale)
    assert f"{len(GROWING)} published daily, with the chain: data through 2024-10-30, " in told
    assert f"41 hours old, limit 36 h: {', '.join(sorted(GROWING, key=GROWING.index)[:5])} and" in told
    assert "data through 2024-10-31 00:05 UTC, 41 hours old, limit 2 h: " in told


@pytest.mark.parametrize("version", ["2024-10-30", "latest"])
def test_only_the_newest_version_has_an_age(version: str, all_loaded: Pipeline) -> None:
    """An old day that is published again leaves the age as it is."""
    [declared] = [declared for declared in DAILY if declared.name == "daily_txs"]
    execute(all_loaded.warehouse_dsn, "UPDATE published_objects SET as_of = '2024-01-01'")
    with Warehouse.open(all_loaded.warehouse_dsn) as warehouse:
        step = partial(read_publication, warehouse, declared, [version], day=DAYS_END.date() - timedelta(days=1))
        upload_all(warehouse, all_loaded.public, {declared.name: step})
    assert (as_of(all_loaded)["daily_txs"] == DAYS_END) == (version == "latest")
