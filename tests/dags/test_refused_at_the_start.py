"""What cannot be is refused at the start of a run, with a sentence, before anything is done."""

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from stacks_dataverse import connections
from stacks_dataverse.runners import compare as compare_runner
from stacks_dataverse.runners import raw_archive
from stacks_dataverse.runners.compare import Findings
from stacks_dataverse.task_wrappers import backfill, compare
from tests.dags.test_backfill_wrappers import context, runners

__all__ = ["runners"]


@pytest.mark.parametrize(
    ("landed", "words"),
    [
        pytest.param({"2024-10-01", "2024-11-01"}, "is outside the landed days, 2024-10-01 to 2024-11-01", id="later"),
        pytest.param({"2024-10-29", "2024-12-01"}, "is outside the landed days, 2024-10-29", id="earlier"),
        pytest.param(set(), "No day is landed yet", id="nothing is landed"),
    ],
)
def test_building_days_that_are_not_landed_is_refused_before_anything_is_done(
    landed: set[str], words: str, runners: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a hundred years are: no task list of their months is made."""

    def unreachable(*_: Any) -> None:
        raise AssertionError("the warehouse was changed")

    monkeypatch.setattr(raw_archive, "list_landed_days", lambda _: landed)
    monkeypatch.setattr(backfill, "migrate", unreachable)
    with pytest.raises(AirflowFailException, match=words):
        backfill.plan(**context(what=["build"]))


@pytest.mark.parametrize(
    ("what", "variable"),
    [
        pytest.param("land", "settle_hours", id="landing"),
        pytest.param("build", "network", id="building"),
    ],
)
def test_a_variable_that_cannot_be_used_is_refused_before_anything_is_done(
    what: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get(name: str, default: str) -> str:
        return "a lot" if name == variable else default

    monkeypatch.setattr(connections.Variable, "get", get)
    monkeypatch.setattr(connections, "archive", SimpleNamespace)
    with pytest.raises(AirflowFailException, match=f"{variable} is 'a lot'"):
        backfill.plan(**context(what=[what]))


def test_trailing_days_end_with_the_calendar(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(compare_runner, "compare_days", lambda *args: asked.extend(args[2:4]) or Findings([], [], []))
    compare.find_changed_days(params={"day": "0001-01-01"})
    assert [str(window) for window in asked] == ["0001-01-01", "0001-01-01"]
