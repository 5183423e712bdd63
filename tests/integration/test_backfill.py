"""Many days at a time: whatever is done already is passed over, whatever stopped goes on, and all ends the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scripts.local import sample_chain
from stacks_dataverse import catalog
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import backfill, build, due, figures, raw_archive
from stacks_dataverse.window import Window
from tests.integration.conftest import Outcome
from tests.integration.test_killed import FORK, announce_and_hang, killed_at
from tests.support.pipeline import Pipeline, now

DAYS = ["2024-10-28", "2024-10-29", "2024-10-30"]
RANGE = DAYS[0], DAYS[-1]
DONE, UNCHANGED = (dict.fromkeys(DAYS, outcome) for outcome in (backfill.DONE, backfill.UNCHANGED))
IMPATIENT = {"TimeZone": "UTC", "lock_timeout": "100ms"}


@pytest.fixture
def pipeline(sample: str, new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    """The sample chain, and nothing landed or built."""
    return new_pipeline(sample)


def assert_same(found: Pipeline, expected: Outcome) -> None:
    """Every table and every public object is the same."""
    content, (tables, objects) = found.content(), expected
    assert [name for name, rows in tables.items() if content[name] != rows] == []
    assert found.published() == objects


def test_what_is_complete_and_unchanged_is_passed_over(pipeline: Pipeline, outcome: Outcome) -> None:
    assert pipeline.land_days(*RANGE) == DONE
    # All of history may be landed first, and built without the source.
    alone = replace(pipeline, stacks_dsn="host=127.0.0.1 port=1 dbname=switched_off")
    assert alone.build_days(*RANGE) == DONE
    assert [str(day) for day in alone.make_figures()] == DAYS
    assert alone.check_days(*RANGE) == DONE
    alone.publish(DAYS[-1])
    assert_same(alone, outcome)
    keys = pipeline.archive.list_keys()
    landed = {key: pipeline.archive.get(key) for key in keys}
    assert (pipeline.land_days(*RANGE), pipeline.build_days(*RANGE)) == (UNCHANGED, UNCHANGED)
    assert pipeline.check_days(*RANGE) == UNCHANGED
    assert (pipeline.make_figures(), pipeline.publish(DAYS[-1])) == ([], [])
    assert {key: pipeline.archive.get(key) for key in keys} == landed


def test_a_day_that_was_landed_comes_with_the_manifest_that_is_stored(pipeline: Pipeline) -> None:
    pipeline.land(DAYS[0])
    windows = Window.parse(DAYS[0]).until(Window.parse(DAYS[1]))
    with StacksDb.open(pipeline.stacks_dsn) as source:
        landings = list(backfill.land_days(source, pipeline.archive, windows, 2, catalog.LANDING_CHECKS, now))
    assert landings == [(windows[0], None), (windows[1], raw_archive.read_manifest(pipeline.archive, windows[1]))]


def test_force_redoes_what_is_unchanged_once(pipeline: Pipeline) -> None:
    """A forced run that is taken up again passes over what it has done already."""
    pipeline.land_days(*RANGE)
    pipeline.build_days(*RANGE)
    forced_at = now()
    assert pipeline.land_days(DAYS[0], DAYS[0], redo_before=forced_at) == {DAYS[0]: backfill.DONE}
    assert pipeline.build_days(DAYS[0], DAYS[0], redo_before=forced_at) == {DAYS[0]: backfill.DONE}
    assert pipeline.land_days(*RANGE, redo_before=forced_at) == DONE | {DAYS[0]: backfill.UNCHANGED}
    assert pipeline.build_days(*RANGE, redo_before=forced_at) == DONE | {DAYS[0]: backfill.UNCHANGED}


def test_other_code_builds_again_and_lands_nothing(loaded: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded.build_days(*RANGE) == UNCHANGED
    monkeypatch.setattr(due, "fact_version", lambda *_: "the next version")
    assert loaded.land_days(*RANGE) == UNCHANGED
    assert loaded.build_days(*RANGE) == DONE
    assert loaded.build_days(*RANGE) == UNCHANGED


def test_a_day_that_was_built_again_is_checked_again(loaded: Pipeline) -> None:
    loaded.build(DAYS[0])
    assert loaded.build_days(*RANGE) == UNCHANGED
    assert loaded.check_days(*RANGE) == UNCHANGED | {DAYS[0]: backfill.DONE}


def test_a_day_that_is_not_built_cannot_be_checked(pipeline: Pipeline) -> None:
    with pytest.raises(Terminal, match=r"3 of 3 days failed.* is not built"):
        pipeline.check_days(*RANGE)


@pytest.mark.slow
def test_months_in_parallel_end_as_days_one_by_one(
    new_database: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    chain = new_database("two_months")
    sample_chain.generate(chain, days=6, txs_per_day=60)
    days = [str(day) for day in sample_chain.days_in(chain)]
    months = Window.parse(days[0]).months_until(Window.parse(days[-1]))
    assert list(months) == ["2024-10", "2024-11"]
    parallel, scratch = new_pipeline(chain), new_pipeline(chain)
    for verb in (parallel.land_days, parallel.build_days):
        with ThreadPoolExecutor() as pool:
            ends = ([str(windows[end]) for windows in reversed(months.values())] for end in (0, -1))
            assert all(set(outcomes.values()) == {backfill.DONE} for outcomes in pool.map(verb, *ends))
    parallel.make_figures()
    parallel.check_days(days[0], days[-1])
    parallel.publish(days[-1])
    scratch.run(*days)
    assert_same(parallel, (scratch.content(), scratch.published()))


@pytest.mark.slow
def test_a_killed_build_goes_on_at_the_first_day_that_is_not_done(
    landed: Pipeline, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, run = FORK.Event(), build.build_day

    def hang_on_the_second(archive: Any, warehouse: Any, window: Window, *others: Any) -> Any:
        return announce_and_hang(moment) if str(window) == DAYS[1] else run(archive, warehouse, window, *others)

    monkeypatch.setattr(build, "build_day", hang_on_the_second)
    killed_at(moment, lambda: landed.build_days(*RANGE))
    monkeypatch.undo()
    assert landed.build_days(*RANGE) == DONE | {DAYS[0]: backfill.UNCHANGED}
    landed.make_figures()
    landed.check_days(*RANGE)
    landed.publish(DAYS[-1])
    assert_same(landed, outcome)


def test_a_killed_landing_goes_on_at_the_first_day_that_is_not_done(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, run = FORK.Event(), backfill.land._join_parts

    def hang_on_the_second(archive: Any, window: Window, *others: Any) -> Any:
        return announce_and_hang(moment) if str(window) == DAYS[1] else run(archive, window, *others)

    monkeypatch.setattr(backfill.land, "_join_parts", hang_on_the_second)
    killed_at(moment, lambda: pipeline.land_days(*RANGE))
    monkeypatch.undo()
    assert pipeline.land_days(*RANGE) == DONE | {DAYS[0]: backfill.UNCHANGED}


@pytest.mark.slow
def test_figures_that_were_killed_go_on_where_they_stopped(
    landed: Pipeline, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed.build_days(*RANGE)
    monkeypatch.setattr(figures, "DAYS_A_TRANSACTION", 1)
    moment, run = FORK.Event(), figures._advance

    def hang_on_the_third(*arguments: Any) -> Any:
        (day,) = (each for each in arguments if isinstance(each, date))
        return announce_and_hang(moment) if str(day) == DAYS[2] else run(*arguments)

    monkeypatch.setattr(figures, "_advance", hang_on_the_third)
    killed_at(moment, landed.make_figures)
    monkeypatch.undo()
    assert [str(day) for day in landed.make_figures()] == DAYS[2:]
    landed.check_days(*RANGE)
    landed.publish(DAYS[-1])
    assert_same(landed, outcome)


def test_figures_in_parts_keep_builds_out_to_their_end(landed: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two parts the ledgers of the days to come may not change under the state that is carried."""
    landed.build_days(*RANGE)
    monkeypatch.setattr(figures, "DAYS_A_TRANSACTION", 1)
    run, attempts = figures._advance, []

    def build_meanwhile(*arguments: Any) -> Any:
        (day,) = (each for each in arguments if isinstance(each, date))
        if str(day) == DAYS[1]:
            monkeypatch.setattr("stacks_dataverse.stores.warehouse.SETTINGS", IMPATIENT)
            with pytest.raises(Retryable, match="lock timeout"):
                landed.build(DAYS[2])
            attempts.append(day)
        return run(*arguments)

    monkeypatch.setattr(figures, "_advance", build_meanwhile)
    landed.make_figures()
    assert len(attempts) == 1
    monkeypatch.undo()
    assert landed.build(DAYS[2])


def test_a_day_that_cannot_be_built_stops_no_other(pipeline: Pipeline) -> None:
    for day in (DAYS[0], DAYS[2]):
        pipeline.land(day)
    with pytest.raises(Terminal, match=rf"1 of 3 days failed: {DAYS[1]}\. The first error: {DAYS[1]} is not landed"):
        pipeline.build_days(*RANGE)
    assert pipeline.read("SELECT day FROM built_days ORDER BY day")["day"].to_pylist() == [
        date.fromisoformat(day) for day in (DAYS[0], DAYS[2])
    ]


@pytest.mark.parametrize(
    ("first", "last", "error", "words"),
    [
        pytest.param("2024-10-27", DAYS[1], Terminal, "outside the chain", id="before the chain began"),
        pytest.param(DAYS[1], "2024-10-31", Terminal, "outside the chain", id="after the tip"),
    ],
)
def test_days_that_the_source_does_not_hold_are_refused(
    first: str, last: str, error: type[Exception], words: str, sample: str
) -> None:
    with StacksDb.open(sample) as source:
        backfill.refuse_outside(source, Window.parse(DAYS[0]), Window.parse(DAYS[2]), 10)
        with pytest.raises(error, match=rf"{words}.*{DAYS[0]} to {DAYS[2]}"):
            backfill.refuse_outside(source, Window.parse(first), Window.parse(last), 10)
        with pytest.raises(Retryable, match="node is behind"):
            backfill.refuse_outside(source, Window.parse(DAYS[0]), Window.parse(DAYS[2]), 10**6)
