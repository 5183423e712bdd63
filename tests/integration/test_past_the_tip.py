"""A day past the chain's tip is valid and empty, misleads nobody, and can be taken out again."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog, paths
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.runners import compare, forget
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_DAYS
from tests.integration.looks import TAKEN_AT
from tests.support.pipeline import Pipeline
from tests.support.stores import copy_database, new_stores

LAST = SAMPLE_DAYS[-1]
PAST_THE_TIP = "2025-01-05"
# What a look leaves, which one of them has had.
LOOKED_AT = {
    *("mempool_snapshots", "mempool_ages", "spot_snapshots", "published_objects", "published_files", "changed_keys")
}
BY_DAY = [*catalog.tables(Kind.FACT), *catalog.tables(Kind.FIGURE)]


def take_out(run: Pipeline, day: str) -> dict[str, Any]:
    """As `stacks_forget_day` does, with what comes after it."""
    with Warehouse.open(run.warehouse_dsn) as store:
        rows = forget.remove_day(store, Window.parse(day), BY_DAY)
        objects = forget.remove_dated_objects(store, run.public, Window.parse(day), catalog.objects(Schedule.DAILY))
    run.make_figures()
    run.publish(day)
    return {"rows": rows, "objects": objects}


@pytest.fixture(scope="module")
def past_the_tip(warehouses: list[str], sample: str, postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """All of the sample, and a day past its tip that was run last. Only to be copied."""
    run = new_stores(postgres_server, s3_server, "past_the_tip", sample, CYCLES[SAMPLE])
    run = replace(run, warehouse_dsn=copy_database(postgres_server, warehouses[3], "past_the_tip"))
    run.publish(LAST)
    run.run(PAST_THE_TIP)
    return run


@pytest.fixture
def poisoned(past_the_tip: Pipeline, copy_of: Callable[[Pipeline], Pipeline]) -> Pipeline:
    """The same once more, to be changed."""
    return copy_of(past_the_tip)


def latest(run: Pipeline) -> dict[str, Any]:
    """The newest versions of all objects."""
    dated = {f"/{day}." for day in (*SAMPLE_DAYS, PAST_THE_TIP)}
    return {key: value for key, value in run.published().items() if not any(day in key for day in dated)}


def test_a_day_past_the_tip_is_never_latest(poisoned: Pipeline, whole_chain: Callable[[str], Pipeline]) -> None:
    assert poisoned.read("SELECT settled, block_count FROM loaded_days ORDER BY day DESC LIMIT 1").to_pylist() == [
        {"settled": False, "block_count": 0}
    ]
    assert latest(poisoned) == latest(whole_chain(SAMPLE))
    as_of = poisoned.read("SELECT DISTINCT as_of FROM published_objects")["as_of"].to_pylist()
    assert as_of == [datetime(2024, 10, 31, tzinfo=UTC)]


def test_a_day_past_the_tip_alone_is_no_latest(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    run = new_pipeline(sample)
    run.run(PAST_THE_TIP)
    assert latest(run) == {}
    with Warehouse.open(run.warehouse_dsn) as store:
        assert compare.read_loaded_range(store) is None


def test_a_look_goes_on_from_the_tips_day(poisoned: Pipeline, looked: Pipeline) -> None:
    poisoned.look(TAKEN_AT)
    spots = [run.public.get_json("spot_stats/latest.json.gz") for run in (poisoned, looked)]
    for name in ("circulating_supply", "gini_coefficient", "total_stacked", "total_txs_alltime"):
        assert spots[0][name] == spots[1][name] is not None, name


def test_changed_days_are_found_and_mended_beside_a_day_past_the_tip(poisoned: Pipeline) -> None:
    with Warehouse.open(poisoned.warehouse_dsn) as store, store.transaction():
        store.execute("UPDATE built_days SET blocks_digest = '' WHERE day = {day}", day=SAMPLE_DAYS[1])
    for first, last in ((SAMPLE_DAYS[0], PAST_THE_TIP), ("0001-01-01", "9999-12-31")):
        found = poisoned.compare(first, last)
        assert (found.missing, found.days) == ([], [date.fromisoformat(SAMPLE_DAYS[1])] * 2)
    with Warehouse.open(poisoned.warehouse_dsn) as store:
        assert compare.read_loaded_range(store) == (Window.parse(SAMPLE_DAYS[0]), Window.parse(LAST))
    poisoned.backfill(*map(str, found.days))
    assert poisoned.compare(SAMPLE_DAYS[0], PAST_THE_TIP).days == []


def test_trailing_days_that_all_lie_past_the_tip_find_nothing(poisoned: Pipeline) -> None:
    assert poisoned.compare("2025-01-03", PAST_THE_TIP).days == []


@pytest.mark.slow
def test_a_day_past_the_tip_is_taken_out_again(poisoned: Pipeline, all_loaded: Pipeline) -> None:
    all_loaded.publish(LAST)
    removed = take_out(poisoned, PAST_THE_TIP)["objects"]
    assert f"daily_txs/{PAST_THE_TIP}.json.gz" in removed
    _assert_same(poisoned, all_loaded, removed, LOOKED_AT)


@pytest.mark.slow
@pytest.mark.parametrize("day", SAMPLE_DAYS[:3])
def test_a_day_that_is_taken_out_leaves_the_warehouse_as_if_it_had_never_been(
    day: str, sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    """The last of three, one between others, and the first; what is left is as if run without it."""
    run, without = (replace(new_pipeline(sample), network=CYCLES[SAMPLE]) for _ in range(2))
    run.run(*SAMPLE_DAYS)
    without.run(*(other for other in SAMPLE_DAYS if other != day))
    done = take_out(run, day)
    assert done["rows"] > 1000
    _assert_same(run, without, done["objects"])
    assert run.published() == without.published()


def test_no_version_of_a_day_that_is_taken_out_is_on_record_while_it_is_still_there(
    sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    """The catalogue is published after this, and only then the versions are removed."""
    run = new_pipeline(sample)
    run.run(*SAMPLE_DAYS[:2])
    with Warehouse.open(run.warehouse_dsn) as store:
        forget.remove_day(store, Window.parse(SAMPLE_DAYS[1]), BY_DAY)
    assert run.public.has(f"v1/daily_txs/{SAMPLE_DAYS[1]}.json.gz")
    first = date.fromisoformat(SAMPLE_DAYS[0])
    ends = run.read("SELECT DISTINCT first_day, last_day FROM published_versions").to_pylist()
    assert ends == [{"first_day": first, "last_day": first}]


def test_taking_out_what_is_not_there_changes_nothing(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    run = new_pipeline(sample)
    run.run(SAMPLE_DAYS[0])
    before = run.content(), run.published()
    assert take_out(run, SAMPLE_DAYS[1]) == {"rows": 0, "objects": []}
    assert (run.content(), run.published()) == before


def test_raw_files_are_removed_whole(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    run = new_pipeline(sample)
    run.land(SAMPLE_DAYS[0])
    kept = set(run.archive.list_keys())
    run.land(SAMPLE_DAYS[1])
    landed = set(run.archive.list_keys()) - kept
    removed = forget.remove_raw_files(run.archive, Window.parse(SAMPLE_DAYS[1]))
    assert removed[0] == paths.RAW_MANIFEST.format(day=SAMPLE_DAYS[1])
    assert set(removed) == landed
    assert set(run.archive.list_keys()) == kept
    assert forget.remove_raw_files(run.archive, Window.parse(SAMPLE_DAYS[1])) == []


def _assert_same(run: Pipeline, other: Pipeline, removed: list[str], left_out: Collection[str] = ()) -> None:
    """The same, but for the removed keys that the CDN is still to be told of, and tables that are left out."""
    content, expected = run.content(), other.content()
    content["changed_keys"] = [row for row in content["changed_keys"] if row[0] not in removed]
    assert {table for table, rows in content.items() if table not in left_out and rows != expected[table]} == set()
    assert latest(run) == {key: value for key, value in latest(other).items() if key in latest(run)}
    days = run.read("SELECT DISTINCT day FROM quality_checks")["day"].to_pylist()
    assert set(days) <= set(run.read("SELECT day FROM built_days")["day"].to_pylist())


def test_a_window_before_the_first_of_the_calendar_is_the_first() -> None:
    assert Window(date.min + timedelta(days=1)).before(3) == Window(date.min)
