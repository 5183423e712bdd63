"""The weekly audit says which day it took and why, and fails where that day differs."""

import logging
from contextlib import nullcontext
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from stacks_dataverse import connections
from stacks_dataverse.network import Network
from stacks_dataverse.runners import audit
from stacks_dataverse.task_wrappers import compare

DAY = date(2024, 10, 29)
GOOD, BAD = (
    audit.Audit(["daily_fees"], [], []),
    audit.Audit(["daily_fees"], [], ["daily_fees lacks 1 rows: day 2024-10-29"]),
)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stores that are not there; what the runners were asked, and what the next audit finds."""
    seen: dict[str, Any] = {"found": GOOD, "chosen": DAY}
    for name in ("archive", "public"):
        monkeypatch.setattr(connections, name, lambda: SimpleNamespace(bucket="a-bucket"))
    monkeypatch.setattr(connections, "warehouse", lambda: nullcontext(SimpleNamespace()))
    monkeypatch.setattr(connections, "network", Network)
    monkeypatch.setattr(audit, "choose_day", lambda _, seed: seen.update(seed=seed) or seen["chosen"])
    monkeypatch.setattr(audit, "audit_day", lambda *given: seen.update(day=given[3].day) or seen["found"])
    monkeypatch.setattr(audit, "store_audit", lambda _, window, found, *__: seen.update(stored=(window.day, found)))
    return seen


def run(**params: Any) -> dict[str, Any] | None:
    """The task of a run with these Params."""
    return compare.audit_day(params={"day": None, "seed": None} | params, run_id="scheduled__2024-11-03")


@pytest.mark.parametrize(("params", "seed"), [({}, "scheduled__2024-11-03"), ({"seed": "17"}, "17")])
def test_the_log_has_the_seed_of_the_choice(
    params: dict[str, Any], seed: str, seen: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert run(**params) == {"day": "2024-10-29", "tables": 1, "objects": 0}
    assert (seen["seed"], seen["day"], seen["stored"]) == (seed, DAY, (DAY, GOOD))
    assert f"Auditing 2024-10-29 (chosen with the seed {seed!r})." in caplog.text


def test_a_day_can_be_asked_for(seen: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    run(day="2024-10-30")
    assert (seen["day"], "seed" in seen) == (date(2024, 10, 30), False)
    assert "Auditing 2024-10-30 (as asked for)." in caplog.text


def test_a_difference_is_on_record_before_the_task_fails(seen: dict[str, Any]) -> None:
    seen["found"] = BAD
    with pytest.raises(AirflowFailException, match=r"2024-10-29 is not .* daily_fees lacks 1 rows.*stacks_backfill"):
        run()
    assert seen["stored"] == (DAY, BAD)


def test_without_a_loaded_day_there_is_nothing_to_audit(seen: dict[str, Any]) -> None:
    seen["chosen"] = None
    assert run() is None
    assert "day" not in seen
