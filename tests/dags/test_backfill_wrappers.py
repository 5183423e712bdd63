"""Wrappers of many days know what is asked, refuse what cannot be, tell how far they are, and hand on little."""

import json
import logging
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from stacks_dataverse import connections
from stacks_dataverse.errors import Terminal
from stacks_dataverse.manifest import StoredFile
from stacks_dataverse.network import Network
from stacks_dataverse.runners import backfill as backfill_runner
from stacks_dataverse.runners import built_tables, land, raw_archive, row_counts
from stacks_dataverse.runners import check as check_runner
from stacks_dataverse.runners import compare as compare_runner
from stacks_dataverse.runners import figures as figures_runner
from stacks_dataverse.runners.compare import Findings
from stacks_dataverse.task_wrappers import backfill, compare
from stacks_dataverse.task_wrappers.backfill_request import BackfillRequest
from stacks_dataverse.window import Window

RUN_AFTER = datetime(2024, 11, 5, 12, tzinfo=UTC)
ALL_OF_HISTORY = {"from_day": "2021-01-14", "to_day": "2026-07-05"}


def context(**params: Any) -> dict[str, Any]:
    """What Airflow hands a task of a run with these Params."""
    defaults = {"from_day": "2024-10-28", "to_day": "2024-11-02", "what": ["land", "build", "publish"], "force": False}
    return {"params": defaults | params, "dag_run": SimpleNamespace(run_after=RUN_AFTER)}


@pytest.fixture
def runners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that are not there, and runners that find all of history changed."""
    for name in ("stacks_db", "warehouse"):
        monkeypatch.setattr(connections, name, lambda: nullcontext(SimpleNamespace()))
    for name in ("archive", "public"):
        monkeypatch.setattr(connections, name, lambda: SimpleNamespace(bucket="a-bucket"))
    monkeypatch.setattr(row_counts, "count_rows", lambda *_: 7)
    monkeypatch.setattr(connections, "dsn", lambda name: name)
    monkeypatch.setattr(connections, "settle_hours", lambda: 2.0)
    monkeypatch.setattr(connections, "trailing_days", lambda: 3)
    for module in (backfill, compare):
        monkeypatch.setattr(module, "migrate", lambda _: None)
    monkeypatch.setattr(land, "read_loaded_height", lambda _: 100)
    monkeypatch.setattr(raw_archive, "list_landed_days", lambda _: {"2021-01-14", "2024-10-28", "2026-07-05"})
    monkeypatch.setattr(connections, "network", Network)
    monkeypatch.setattr(backfill_runner, "refuse_outside", lambda *_: None)
    monkeypatch.setattr(
        compare_runner, "read_loaded_range", lambda _: (Window(date(2021, 1, 14)), Window(date(2026, 7, 5)))
    )


def test_the_plan_of_all_of_history_fits_in_a_kilobyte(runners: None) -> None:
    for months in (backfill.plan(**context(**ALL_OF_HISTORY)),
                   backfill.plan_building(**context(**ALL_OF_HISTORY))):  # fmt: skip
        assert (months[0], months[-1], len(months)) == ("2021-01", "2026-07", 67)
        assert len(json.dumps(months)) < 1024


@pytest.mark.parametrize(
    ("what", "landed", "built"),
    [
        pytest.param(["land"], ["2024-10", "2024-11"], [], id="land"),
        pytest.param(["build"], [], ["2024-10", "2024-11"], id="build"),
        pytest.param(["publish"], [], [], id="publish"),
    ],
)
def test_only_what_is_asked_for_is_planned(what: list[str], landed: list[str], built: list[str], runners: None) -> None:
    assert backfill.plan(**context(what=what)) == landed
    assert backfill.plan_building(**context(what=what)) == built


def test_landing_alone_has_nothing_to_do_with_the_warehouse(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any) -> None:
        raise AssertionError("the warehouse was asked")

    monkeypatch.setattr(connections, "warehouse", unreachable)
    monkeypatch.setattr(backfill, "migrate", unreachable)
    assert backfill.plan(**context(what=["land"]))


def test_building_alone_has_nothing_to_do_with_the_source(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any) -> None:
        raise AssertionError("the Stacks database was asked")

    monkeypatch.setattr(connections, "stacks_db", unreachable)
    assert backfill.plan(**context(what=["build", "publish"])) == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        pytest.param({"from_day": None}, "has no days", id="no first day"),
        pytest.param({"to_day": "soon"}, "is not a valid day", id="no date"),
        pytest.param({"from_day": "2024-11-03"}, "is after to_day", id="the wrong way round"),
        pytest.param({"what": []}, "choose one or more of", id="nothing"),
        pytest.param({"what": ["rebuild"]}, "choose one or more of", id="no such verb"),
        pytest.param({"tables": ["tenures", "tenure"]}, "tables has tenure; choose .*, tenures", id="no such table"),
        pytest.param({"to_day": str(date.today() + timedelta(days=2))}, "is in the future", id="after today"),
    ],
)
def test_a_run_that_cannot_be_fails_at_once(params: dict[str, Any], words: str) -> None:
    with pytest.raises(AirflowFailException, match=words):
        backfill.plan(**context(**params))


def test_a_month_is_of_the_range_alone() -> None:
    asked = BackfillRequest.of(context())
    assert [str(window) for window in asked.month("2024-11")] == ["2024-11-01", "2024-11-02"]
    assert len(asked.month("2024-10")) == 4


@pytest.mark.parametrize(("force", "expected"), [(False, None), (True, RUN_AFTER)])
def test_force_counts_what_was_done_before_the_run_as_undone(force: bool, expected: datetime | None) -> None:
    """A fixed moment: a task that is tried again does not begin again."""
    assert BackfillRequest.of(context(force=force)).redo_before == expected


@pytest.mark.parametrize(
    ("task", "what"),
    [
        pytest.param(backfill.make_figures, ["land", "publish"], id="figures"),
        pytest.param(backfill.publish_days, ["land", "build"], id="publish"),
        pytest.param(backfill.invalidate_cdn, ["land"], id="invalidate_cdn"),
    ],
)
def test_what_is_not_asked_for_is_skipped(task: Any, what: list[str]) -> None:
    with pytest.raises(AirflowSkipException, match="is not in the Param what"):
        task(**context(what=what))


class Told:
    """A task's state store that remembers."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def set(self, key: str, value: str) -> None:
        assert key == "progress"
        self.values.append(value)


def test_a_month_tells_how_far_it_is(
    runners: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def landings(_source: Any, _archive: Any, windows: list[Window], *_: Any, **__: Any) -> Any:
        return zip(windows, [None, manifest, None, manifest], strict=True)

    sizes = {"txs": (10, 500), "blocks": (1, 50)}
    manifest = SimpleNamespace(tables={name: StoredFile(name, *size, "") for name, size in sizes.items()})
    monkeypatch.setattr(backfill_runner, "land_days", landings)
    store = Told()
    with caplog.at_level(logging.INFO):
        counts = backfill.land_month("2024-10", **context(), task_state_store=store)
    assert counts == {"days": 4, "done": 2, "unchanged": 2, "rows": 22, "bytes": 1100}
    assert [told.split(",")[0] for told in store.values] == ["2 of 4 days", "4 of 4 days"]
    assert "2 unchanged" in store.values[-1]
    assert "s a day, about 0 s to go" in caplog.text


def test_nothing_to_do_says_so(
    runners: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        backfill_runner, "build_days", lambda _a, _w, windows, *_, **__: ((w, "unchanged") for w in windows)
    )
    with caplog.at_level(logging.INFO):
        assert backfill.build_month("2024-10", **context()) == {"days": 4, "unchanged": 4}
    assert "Nothing to do: all 4 days are complete and unchanged." in caplog.text


def test_named_tables_are_built_with_the_figures_that_read_them(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[Any] = []
    monkeypatch.setattr(backfill_runner, "build_days", lambda *_, only, **__: named.append(only) or [])
    monkeypatch.setattr(figures_runner, "make_due_figures", lambda *others: named.append(others[-1]) or [])
    for tables in ([], ["stx_locks"]):
        backfill.build_month("2024-10", **context(tables=tables))
        backfill.make_figures(**context(tables=tables))
    assert named == [None, None, {"stx_locks"}, {"stx_locks", "daily_stacking"}]


def test_the_last_month_checks_days_outside_that_wait_no_longer(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[list[str]] = []
    monkeypatch.setattr(
        check_runner, "read_outdated_days", lambda _: [*map(Window.parse, ("2024-10-29", "2024-12-24"))]
    )
    monkeypatch.setattr(
        backfill_runner, "check_days", lambda _a, _w, days, *_: checked.append([str(day) for day in days[-2:]]) or []
    )
    for month in ("2024-10", "2024-11"):
        backfill.check_month(month, **context())
    assert checked == [["2024-10-30", "2024-10-31"], ["2024-11-02", "2024-12-24"]]


def test_failed_tables_of_the_days_are_named(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_tables, "raise_for_failed", refused := Mock(side_effect=Terminal("nft_moves failed")))
    with pytest.raises(AirflowFailException, match="nft_moves failed"):
        backfill.name_failed_tables(**context())
    assert refused.call_args.args[1:] == (date(2024, 10, 28), date(2024, 11, 2))
    backfill.name_failed_tables(**context(what=["land"]))


@pytest.mark.parametrize("task", [compare.find_changed_days, compare.compare_all_days])
def test_what_is_handed_over_is_small_whatever_was_found(
    task: Any, runners: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [window.day for window in Window(date(2021, 1, 14)).until(Window(date(2026, 7, 5)))]
    loose = [(day, day, "heights are missing " * 20) for day in days]
    monkeypatch.setattr(compare_runner, "compare_days", lambda *_: Findings(days[:2], days[1:], loose))
    found = task(params={"day": "2024-10-29"})
    assert found == {"from_day": "2021-01-14", "to_day": "2026-07-05", "days": len(days), "loose": len(days)}
    assert len(json.dumps(found)) < 1024


@pytest.mark.parametrize("task", [compare.find_changed_days, compare.compare_all_days])
def test_nothing_found_hands_over_nothing(task: Any, runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_runner, "compare_days", lambda *_: Findings([], [], []))
    assert task(params={"day": "2024-10-29"}) is None


def test_the_trailing_days_end_with_the_runs_own(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def days(_source: Any, _warehouse: Any, first: Window, last: Window, *_: Any) -> Findings:
        asked.extend([first, last])
        return Findings([], [], [])

    monkeypatch.setattr(compare_runner, "compare_days", days)
    compare.find_changed_days(params={"day": "2024-10-29"})
    assert [str(window) for window in asked] == ["2024-10-27", "2024-10-29"]


def test_the_alarm_says_what_was_found_and_what_was_done(runners: None) -> None:
    found = {"from_day": "2024-10-28", "to_day": "2024-10-29", "days": 2, "loose": 1}
    with pytest.raises(
        AirflowFailException, match=r"2 missing or changed days and 1 gaps.*2024-10-28 to 2024-10-29.*quality_checks"
    ):
        compare.raise_alarm(ti=SimpleNamespace(xcom_pull=lambda task_ids: found), params={})


def test_without_a_difference_there_is_no_alarm() -> None:
    compare.raise_alarm(ti=SimpleNamespace(xcom_pull=lambda task_ids: None), params={})
