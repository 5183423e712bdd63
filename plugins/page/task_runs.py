"""The last run of each task that makes a dataset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from plugins.page import runs
from plugins.page.producers import Task

# Newer runs than these have run the task, or it has not run for long.
SEARCHED_RUNS = 50


@dataclass(frozen=True)
class TaskRun:
    """A task and its last run, if there is one; `path` is the page in the web UI: of its log, or of the DAG."""

    task: Task
    path: str
    state: str | None = None
    run_id: str = ""
    ended_at: datetime | None = None


def read_last(session: Session, user: BaseUser, tasks: Iterable[Task]) -> list[TaskRun]:
    """The last run of each task of DAGs that a user may see."""
    readable = runs.readable(user)
    return [_last(session, task) for task in tasks if task.dag_id in readable]


def _last(session: Session, task: Task) -> TaskRun:
    newest = select(DagRun.run_id).where(DagRun.dag_id == task.dag_id).order_by(DagRun.id.desc()).limit(SEARCHED_RUNS)
    columns = ("run_id", "task_id", "map_index", "state", "end_date")
    query = (
        select(*(getattr(TaskInstance, column) for column in columns))
        .where(
            TaskInstance.dag_id == task.dag_id,
            or_(TaskInstance.task_id == task.task_id, TaskInstance.task_id.endswith(f".{task.task_id}")),
            TaskInstance.run_id.in_(newest.scalar_subquery()),
            TaskInstance.start_date.is_not(None),
        )
        .order_by(TaskInstance.start_date.desc())
        .limit(1)
    )
    ran = session.execute(query).first()
    if ran is None:
        return TaskRun(task, f"dags/{quote(task.dag_id)}")
    path = runs.log_path(task.dag_id, ran.run_id, ran.task_id, ran.map_index)
    return TaskRun(task, path, str(ran.state), ran.run_id, ran.end_date)
