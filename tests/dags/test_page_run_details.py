"""The latest runs that failed, with their tasks, in Airflow's own tables."""

from collections.abc import Iterator
from datetime import UTC, datetime
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
DAGS = {"market_daily", "stacks_daily", "stacks_weekly"}
REASON = "The vendor did not answer. Wait."


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Airflow's tables of runs, tasks and XComs, empty; every DAG may be seen."""
    monkeypatch.setattr(runs, "readable_dags", lambda *_: DAGS)
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [model.__table__ for model in (LogTemplate, DagRun, TaskInstance, XComModel)])
    with Session(engine) as opened:
        yield opened


def add_run(session: Session, number: int, dag_id: str, state: str, **states: str) -> None:
    """A run, and its tasks by state."""
    run: dict[str, Any] = {"run_type": "manual", "run_after": AT, "queued_at": AT, "conf": {"day": "2024-10-29"}}
    session.execute(insert(DagRun).values(id=number, dag_id=dag_id, run_id=f"r{number}", state=state, **run))
    for index, (task_id, of_task) in enumerate(states.items()):
        ids = {"id": UUID(int=number * 100 + index), "dag_id": dag_id, "run_id": f"r{number}"}
        values = {"task_id": task_id, "state": of_task, "end_date": AT.replace(minute=index), "map_index": -1}
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
    assert (run.dag_id, run.run_id, run.days) == ("market_daily", "r3", ("2024-10-29", "2024-10-29"))
    (task,) = run.tasks
    assert (task.name, task.reason) == ("land_prices", REASON)
    assert task.path == "dags/market_daily/runs/r3/tasks/land_prices"


def test_a_task_without_a_reason_is_named_all_the_same(session: Session) -> None:
    add_run(session, 1, "stacks_daily", "failed", build="failed", check="upstream_failed")
    (run,) = run_details.read_failed(session, None)
    assert [(task.name, task.reason) for task in run.tasks] == [("build", "")]


def test_the_log_of_a_mapped_task_is_that_of_its_index() -> None:
    assert run_details.Task("land_month", 11, "failed", "").name == "land_month[11]"
