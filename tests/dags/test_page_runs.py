"""Runs as the Dataverse page sees them, and how it has a day built again."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import HTTPException

from plugins.page import runs
from plugins.page.runs import Run, days_of

DAY = "2024-10-29"
ASKED = {"from_day": DAY, "to_day": DAY}
MIDNIGHT = datetime(2024, 10, 29, tzinfo=UTC)


def run(state: str = "success", days: tuple[str, str] | None = (DAY, DAY)) -> Run:
    """A run of the DAG that builds days again."""
    return Run("stacks_backfill", "manual__2024-11-01T00:00:00+00:00", state, None, None, "ada", days)


@pytest.mark.parametrize(
    ("conf", "interval_start", "expected"),
    [
        pytest.param({"from_day": "2024-10-01", "to_day": DAY}, None, ("2024-10-01", DAY), id="a range"),
        pytest.param({"day": DAY}, None, (DAY, DAY), id="a day by hand"),
        pytest.param({"day": None}, MIDNIGHT, (DAY, DAY), id="a day by schedule"),
        pytest.param({}, MIDNIGHT, (DAY, DAY), id="nothing asked for"),
        pytest.param({}, None, None, id="no day at all"),
        pytest.param({"from_day": None, "to_day": DAY}, None, None, id="half a range"),
    ],
)
def test_a_run_is_about_the_days_it_was_asked_for(
    conf: dict[str, Any], interval_start: datetime | None, expected: tuple[str, str] | None
) -> None:
    assert days_of(conf, interval_start) == expected


def test_the_page_of_a_run_bears_its_name_whatever_is_in_it() -> None:
    assert run().path == "dags/stacks_backfill/runs/manual__2024-11-01T00%3A00%3A00%2B00%3A00"


@pytest.mark.parametrize(
    ("days", "is_found"),
    [
        pytest.param((DAY, DAY), True, id="the day"),
        pytest.param(("2024-10-01", "2024-10-31"), True, id="a range around it"),
        pytest.param(("2024-10-30", "2024-10-31"), False, id="a range after it"),
        pytest.param(None, False, id="no days"),
    ],
)
def test_runs_about_a_day(days: tuple[str, str] | None, is_found: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "readable", lambda _: {"stacks_backfill"})
    monkeypatch.setattr(runs, "_runs", lambda *_: [run(days=days)])
    assert bool(runs.read_of_day(None, None, date.fromisoformat(DAY))) is is_found


def test_a_day_is_built_again_by_airflows_own_route(monkeypatch: pytest.MonkeyPatch) -> None:
    triggered: list[Any] = []

    def trigger(*arguments: Any) -> Any:
        triggered.extend(arguments)
        return SimpleNamespace(run_id="manual__1")

    monkeypatch.setattr(runs, "_runs", lambda *_: [run(), run("running", ("2024-10-01", DAY))])
    monkeypatch.setattr(runs, "trigger_dag_run", trigger)
    user, request, bag = object(), object(), object()
    assert runs.rebuild(None, user, request, bag, date.fromisoformat(DAY)) == "manual__1"
    dag_id, body, *others = triggered
    assert (dag_id, body.conf, body.logical_date) == ("stacks_backfill", ASKED | {"force": True}, None)
    assert others == [bag, user, None, request]


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_day_that_is_being_built_again_is_not_once_more(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_runs", lambda *_: [run(state)])
    monkeypatch.setattr(runs, "trigger_dag_run", pytest.fail)
    with pytest.raises(HTTPException, match="already running") as refused:
        runs.rebuild(None, object(), object(), object(), date.fromisoformat(DAY))
    assert refused.value.status_code == 409
