"""The tasks that make datasets, and their last runs, as a dataset's page shows them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from airflow import models
from airflow.dag_processing.dagbag import DagBag
from airflow.models.base import Base
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from plugins.page import lineage, producers, runs, task_runs
from plugins.page.producers import Task
from scripts.local.settings import REPOSITORY

BUILD = Task("stacks_daily", "build")


def test_every_dataset_is_made_by_tasks_that_there_are() -> None:
    dags = DagBag(str(REPOSITORY / "dags")).dags
    for dataset in lineage.DATASETS.values():
        for task in producers.tasks_of(dataset):
            ids = [task_id.rpartition(".")[2] for task_id in dags[task.dag_id].task_ids]
            assert task.task_id in ids, (dataset.name, task)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """Airflow's tables of runs and tasks, and somebody who may see `stacks_daily`."""
    manager = SimpleNamespace(get_authorized_dag_ids=lambda **_: {"stacks_daily"})
    monkeypatch.setattr(runs, "get_auth_manager", lambda: manager)
    engine = create_engine("sqlite://")
    models.import_all_models()
    Base.metadata.create_all(engine)
    return Session(engine)


def ran(session: Session, run_id: str, **values: Any) -> None:
    """Note a run, and one of its tasks."""
    day = values.pop("day")
    at = datetime(2024, 10, day, tzinfo=UTC)
    run = {"dag_id": "stacks_daily", "run_id": run_id, "run_type": "scheduled", "state": "success", "run_after": at}
    session.execute(insert(DagRun.__table__).values(**run))
    defaults = {"id": UUID(int=day), "dag_id": "stacks_daily", "task_id": "build", "run_id": run_id, "map_index": -1}
    times = {"start_date": at, "end_date": at}
    more = {"pool": "stacks-pool", "pool_slots": 1, "try_number": 1, "max_tries": 1}
    session.execute(insert(TaskInstance.__table__).values(**(defaults | times | more | values)))


def test_the_last_run_of_a_task_and_its_log(session: Session) -> None:
    ran(session, "day_28", day=28, state="success")
    ran(session, "day_30", day=30, state="failed")
    ran(session, "day_31", day=31, state=None, start_date=None, end_date=None)
    ran(session, "other", day=29, state="success", task_id="check")
    (found,) = task_runs.read_last(session, object(), [BUILD])
    assert (found.state, found.run_id, found.ended_at and found.ended_at.day) == ("failed", "day_30", 30)
    assert found.path == "dags/stacks_daily/runs/day_30/tasks/build"


def test_a_task_of_a_group_and_a_mapped_one_have_their_own_page(session: Session) -> None:
    ran(session, "manual__2024-10-30T00:00", day=30, state="success", task_id="building.build", map_index=2)
    (found,) = task_runs.read_last(session, object(), [BUILD])
    assert found.path == "dags/stacks_daily/runs/manual__2024-10-30T00%3A00/tasks/building.build/mapped/2"


def test_what_has_not_run_is_named_and_what_may_not_be_seen_is_not(session: Session) -> None:
    found = task_runs.read_last(session, object(), [BUILD, Task("market_daily", "make_indicators")])
    assert [(each.task, each.state, each.path) for each in found] == [(BUILD, None, "dags/stacks_daily")]
