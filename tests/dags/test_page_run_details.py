"""The latest runs that failed, with their tasks, in Airflow's own tables."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from airflow.models.base import Base
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.tasklog import LogTemplate
from airflow.models.xcom import XComModel
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from plugins.alerts import ALERTED
from plugins.page import run_details, runs

AT = datetime(2024, 10, 30, 5, tzinfo=UTC)
DAY = "2024-10-29"
DAGS = {"market_daily", "stacks_backfill", "stacks_daily", "stacks_weekly"}
REASON = "The vendor did not answer. Wait."


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Airflow's tables of runs, tasks and XComs, empty; every DAG may be seen."""
    monkeypatch.setattr(runs, "readable_dags", lambda *_: DAGS)
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [model.__table__ for model in (LogTemplate, DagRun, TaskInstance, XComModel)])
    with Session(engine) as opened:
        yield opened


def add_run(
    session: Session, number: int, dag_id: str, state: str, conf: dict[str, Any] | None = None, **states: str
) -> None:
    """A run in the hour of its number, and its tasks by state."""
    at = AT + timedelta(hours=number)
    run: dict[str, Any] = {"run_type": "manual", "run_after": at, "queued_at": at, "conf": conf or {"day": DAY}}
    times = {"start_date": at, "end_date": at + timedelta(minutes=30)}
    session.execute(insert(DagRun).values(id=number, dag_id=dag_id, run_id=f"r{number}", state=state, **run, **times))
    for index, (task_id, of_task) in enumerate(states.items()):
        ids = {"id": UUID(int=number * 1000 + index), "dag_id": dag_id, "run_id": f"r{number}"}
        values = {"task_id": task_id, "state": of_task, "end_date": at + timedelta(seconds=index), "map_index": -1}
        rest = {"max_tries": 0, "pool": "p", "pool_slots": 1, "priority_weight": 1, "try_number": 1, "unixname": "u"}
        session.execute(insert(TaskInstance).values(**ids, **values, **rest, executor_config={}))


def add_reason(session: Session, number: int, dag_id: str, task_id: str) -> None:
    """What the alert of a failed task says."""
    key = {"dag_run_id": number, "task_id": task_id, "map_index": -1, "key": ALERTED, "dag_id": dag_id}
    session.execute(insert(XComModel).values(**key, run_id=f"r{number}", value=REASON))


def test_a_dag_whose_latest_ended_run_failed_is_found_with_what_failed_first(session: Session) -> None:
    add_run(session, 1, "stacks_daily", "failed", build="failed")
    add_run(session, 2, "stacks_daily", "success", build="success")
    add_run(session, 3, "market_daily", "failed", land_prices="failed", build="success", fail_if_any_failed="failed")
    add_reason(session, 3, "market_daily", "land_prices")
    add_run(session, 4, "market_daily", "running", land_prices="running")
    add_run(session, 5, "stacks_weekly", "success", compare_all_days="success")
    (run,) = run_details.read_failed(session, None)
    assert (run.dag_id, run.run_id, run.days) == ("market_daily", "r3", (DAY, DAY))
    (task,) = run.tasks
    assert (task.name, task.reason) == ("land_prices", REASON)
    assert task.path == "dags/market_daily/runs/r3/tasks/land_prices"


def test_a_task_without_a_reason_is_named_all_the_same(session: Session) -> None:
    add_run(session, 1, "stacks_daily", "failed", build="failed", check="upstream_failed")
    (run,) = run_details.read_failed(session, None)
    assert [(task.name, task.reason) for task in run.tasks] == [("build", "")]


def test_the_log_of_a_mapped_task_is_that_of_its_index() -> None:
    assert run_details.Task("land_month", 11, "failed", "").name == "land_month[11]"


def test_what_failed_is_named_however_many_tasks_a_run_has(session: Session) -> None:
    months = {f"land_{number}": "success" for number in range(run_details.MAX_TASKS + 50)}
    add_run(session, 1, "stacks_backfill", "failed", **months, build_month="failed", check_month="upstream_failed")
    (run,) = run_details.read_failed(session, None)
    assert [task.name for task in run.tasks] == ["build_month"]


def test_of_many_tasks_the_newest_are_shown(session: Session) -> None:
    for number in (1, 2):
        add_run(session, number, "stacks_daily", "success", **{f"t{n:03}": "success" for n in range(200)})
    first, second = run_details.with_tasks(session, [runs.to_run(session.get(DagRun, number)) for number in (1, 2)])
    assert [task.name for task in second.tasks] == [f"t{n:03}" for n in range(200)]
    assert len(first.tasks) == run_details.MAX_TASKS - 200


WHOLE = {"from_day": "2024-10-28", "to_day": "2024-10-30", "force": True}


@pytest.mark.parametrize(
    ("dag_id", "state", "conf", "is_repaired"),
    [
        ("stacks_backfill", "success", WHOLE, True),
        ("stacks_backfill", "success", WHOLE | {"what": ["land", "build", "publish"], "tables": []}, True),
        ("stacks_backfill", "success", WHOLE | {"what": ["land"]}, False),
        ("stacks_backfill", "success", WHOLE | {"tables": ["swaps"]}, False),
        ("stacks_backfill", "success", WHOLE | {"to_day": "2024-10-28"}, False),
        ("stacks_backfill", "running", WHOLE, False),
        ("market_daily", "success", WHOLE, False),
    ],
)
def test_a_failed_run_is_repaired_once_a_later_one_has_published_its_days(
    dag_id: str, state: str, conf: dict[str, Any], is_repaired: bool, session: Session
) -> None:
    add_run(session, 1, "stacks_daily", "failed", land_blocks="failed", build="upstream_failed")
    add_run(session, 2, dag_id, state, conf, build_month="success")
    assert [run.run_id for run in run_details.read_failed(session, None)] == ([] if is_repaired else ["r1"])


def test_an_earlier_run_repairs_nothing(session: Session) -> None:
    add_run(session, 1, "stacks_backfill", "success", WHOLE, build_month="success")
    add_run(session, 2, "stacks_daily", "failed", build="failed")
    assert [run.run_id for run in run_details.read_failed(session, None)] == ["r2"]


def test_a_backfill_repairs_no_comparison_with_the_chain(session: Session) -> None:
    add_run(session, 1, "stacks_daily", "failed", publish="success", find_changed_days="failed")
    add_run(session, 2, "stacks_backfill", "success", WHOLE, build_month="success")
    assert [run.run_id for run in run_details.read_failed(session, None)] == ["r1"]
