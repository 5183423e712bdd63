"""Looks at every state of warehouse and chain: the same present gives the same objects, and no number is made up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scripts.local import sample_chain
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import (
    LOSE_THE_TIP,
    OF_THE_EVENING,
    OF_THE_WHOLE_PAST,
    TAKEN_AT,
    execute,
    half_hourly,
    rows,
    spot,
)
from tests.support.pipeline import Pipeline

LATER = TAKEN_AT + timedelta(minutes=30)


def snapshots(pipeline: Pipeline) -> list[list[tuple]]:
    """All that looks have left in the warehouse."""
    queries = ("SELECT * FROM mempool_snapshots ORDER BY 1, 2", "SELECT * FROM spot_snapshots ORDER BY 1")
    return [rows(pipeline.warehouse_dsn, sql) for sql in queries]


def test_what_a_look_saw_is_what_the_warehouse_knows_a_day_later(
    sample: str, looked: Pipeline, new_run: Callable[[str, int], Pipeline]
) -> None:
    """With one day loaded, with two, and with one built but not loaded: no row is missing, none counts twice."""
    expected = half_hourly(looked)
    for days in (1, 2):
        pipeline = new_run(sample, days)
        pipeline.look(TAKEN_AT)
        assert half_hourly(pipeline) == expected
    pipeline.land(SAMPLE_DAYS[2])
    pipeline.build(SAMPLE_DAYS[2])
    pipeline.look(TAKEN_AT)
    assert half_hourly(pipeline) == expected


def test_a_loaded_day_that_goes_on_is_looked_at_whole(sample: str, looked: Pipeline, chain_copy: str,
                                                      new_run: Callable[[str, int], Pipeline]) -> None:  # fmt: skip
    """A day loaded before it had settled, when the chain was shorter."""
    pipeline = new_run(chain_copy, 2)
    execute(chain_copy, "UPDATE blocks SET canonical = false WHERE block_height > 350")
    pipeline.load(SAMPLE_DAYS[2])
    longer = replace(pipeline, stacks_dsn=sample)
    longer.look(TAKEN_AT)
    assert half_hourly(longer) == half_hourly(looked)
    assert spot(longer)["nonzero_bal_addx"] < spot(looked)["nonzero_bal_addx"]


@pytest.mark.parametrize(
    ("loaded", "days"),
    [
        pytest.param(0, (), id="no day is loaded, and the chain is longer than a look"),
        pytest.param(1, (SAMPLE_DAYS[2],), id="a day between is missing"),
        pytest.param(0, (SAMPLE_DAYS[2],), id="the first days are missing", marks=pytest.mark.slow),
    ],
)
def test_what_needs_the_whole_past_is_null_while_a_block_is_missing(
    loaded: int, days: tuple[str, ...], sample: str, new_run: Callable[[str, int], Pipeline], looked: Pipeline
) -> None:
    pipeline = new_run(sample, loaded)
    pipeline.load(*days)
    pipeline.look(TAKEN_AT)
    unknown = {name for name, value in spot(pipeline).items() if value is None}
    # A day without its past has no figures of an evening; since the reward pool a slot has no price.
    assert unknown == OF_THE_WHOLE_PAST | OF_THE_EVENING | {"slot_minimum"}
    known = set(spot(pipeline)) - OF_THE_WHOLE_PAST - OF_THE_EVENING
    assert {name: spot(pipeline)[name] for name in known} == {name: spot(looked)[name] for name in known}


@pytest.mark.slow
def test_daily_runs_that_are_behind_leave_a_gap_and_no_made_up_number(
    new_database: Callable[[str], str], new_run: Callable[[str, int], Pipeline]
) -> None:
    dsn = new_database("long")
    sample_chain.generate(dsn, days=5, txs_per_day=200)
    pipeline = new_run(dsn, 0)
    pipeline.load(SAMPLE_DAYS[0])
    pipeline.look(TAKEN_AT + timedelta(days=2))
    assert {name for name in OF_THE_WHOLE_PAST if spot(pipeline)[name] is not None} == set()
    pipeline.load(SAMPLE_DAYS[1], SAMPLE_DAYS[2])
    pipeline.look(TAKEN_AT + timedelta(days=2))
    ((total,),) = rows(dsn, """
        SELECT count(*) FROM txs JOIN blocks b USING (index_block_hash) WHERE b.canonical AND microblock_canonical
    """)  # fmt: skip
    assert spot(pipeline)["total_txs_alltime"] == total


def test_the_same_look_twice_leaves_what_it_left_once(all_loaded: Pipeline) -> None:
    kept, published = snapshots(all_loaded), all_loaded.published()
    assert all_loaded.look(TAKEN_AT) == []
    assert snapshots(all_loaded) == kept
    assert all_loaded.published() == published


def test_each_look_leaves_a_snapshot(all_loaded: Pipeline) -> None:
    all_loaded.look(LATER)
    all_loaded.look(TAKEN_AT + timedelta(days=2))
    waiting = all_loaded.public.get_json("mempool/latest.json.gz")
    assert list(waiting) == [str(int((TAKEN_AT + late).timestamp())) for late in
                             (timedelta(0), timedelta(minutes=30), timedelta(days=2))]  # fmt: skip
    history = all_loaded.public.get_json("spot_stats/historical.json.gz")
    first, between, last = history.values()
    assert first == last == {name: spot(all_loaded)[name] for name in first}
    assert between == {"median_balance": None, "whale_percent": None, "stacking_apy": None}
    all_loaded.look(TAKEN_AT + timedelta(days=8))
    assert len(all_loaded.public.get_json("mempool/latest.json.gz")) == 2


def test_a_fork_between_two_looks_leaves_no_trace(chain_copy: str, new_run: Callable[[str, int], Pipeline]) -> None:
    forked, fresh = new_run(chain_copy, 2), new_run(chain_copy, 2)
    forked.look(TAKEN_AT)
    before = half_hourly(forked)
    execute(chain_copy, LOSE_THE_TIP)
    for pipeline in (forked, fresh):
        pipeline.look(TAKEN_AT)
    assert half_hourly(forked) == half_hourly(fresh) != before
    assert snapshots(forked) == snapshots(fresh)


def test_a_run_killed_between_landing_and_publishing_is_made_up_for_by_the_next(
    sample: str, looked: Pipeline, new_run: Callable[[str, int], Pipeline]
) -> None:
    pipeline = new_run(sample, 3)
    manifest = pipeline.land_look(TAKEN_AT - timedelta(minutes=30))
    pipeline.look(TAKEN_AT)
    assert half_hourly(pipeline) == half_hourly(looked)
    assert snapshots(pipeline) == snapshots(looked)
    assert pipeline.publish_look(manifest) == []
    assert half_hourly(pipeline) == half_hourly(looked)
    pipeline.look(TAKEN_AT)
    assert list(pipeline.public.get_json("mempool/latest.json.gz")) == [
        str(int(moment.timestamp())) for moment in (TAKEN_AT - timedelta(minutes=30), TAKEN_AT)
    ]


def test_a_snapshot_of_a_clock_that_was_fast_keeps_no_other_from_being_published(
    sample: str, looked: Pipeline, new_run: Callable[[str, int], Pipeline]
) -> None:
    pipeline = new_run(sample, 3)
    pipeline.look(datetime.now(UTC) + timedelta(days=400))
    pipeline.look(TAKEN_AT)
    assert half_hourly(pipeline) == half_hourly(looked)
