"""The tasks of runs: their states, why they failed, and where their logs are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from plugins.alerts import ALERTED
from plugins.page import runs
from plugins.page.runs import ENDED, MAX_SEARCHED, OF_DAYS, Run

FAILED, SUCCESS = "failed", "success"
STEPS = {"land", "build", "publish"}
# It fails because another task did, and says nothing of why.
FOLLOWS_OTHERS = "fail_if_any_failed"
# They compare with the chain, or hand over; to build the day again does not do their work.
NOT_OF_THE_DAY = {"find_changed_days", "rebuild_changed_days"}
# More tasks than a run of a day has; runs of many months have more.
MAX_TASKS = 300


@dataclass(frozen=True)
class Task:
    """A task of a run. `path` is its log in the web UI; `reason` is the last line of its log, if it failed."""

    task_id: str
    map_index: int
    state: str
    path: str
    reason: str = ""

    @property
    def name(self) -> str:
        """Its id; of a mapped task with its index."""
        return self.task_id if self.map_index < 0 else f"{self.task_id}[{self.map_index}]"


def read_failed(session: Session, user: BaseUser) -> list[Run]:
    """The latest ended run of each DAG of the project that a user may see, if it failed, with its failed tasks.

    A run of days that a later one has built and published is repaired, and is not among them.
    """
    newest = (
        select(func.max(DagRun.id))
        .where(DagRun.dag_id.in_(runs.readable_dags(session, user)), DagRun.state.in_(ENDED))
        .group_by(DagRun.dag_id)
    )
    failed = session.scalars(select(DagRun).where(DagRun.id.in_(newest), DagRun.state == FAILED)).all()
    found = with_tasks(session, list(map(runs.to_run, failed)))
    with_causes = [replace(run, tasks=_causes(run.tasks)) for run in found]
    return [run for run in with_causes if not _is_repaired(session, run)]


def with_tasks(session: Session, found: Sequence[Run]) -> list[Run]:
    """Runs with their tasks, in the order in which these ended; of very many those that failed, and the newest."""
    reasons = _read_reasons(session, found)
    tasks: dict[tuple[str, str], list[Task]] = {}
    query = _of_runs(TASKS, TaskInstance, found).order_by(*KEPT_FIRST).limit(MAX_TASKS)
    for row in sorted(session.execute(query), key=_place):
        key = (row.dag_id, row.run_id)
        path = runs.log_path(*key, row.task_id, row.map_index)
        reason = reasons.get((*key, row.task_id, row.map_index), "")
        tasks.setdefault(key, []).append(Task(row.task_id, row.map_index, str(row.state or "waiting"), path, reason))
    return [replace(run, tasks=tuple(tasks.get((run.dag_id, run.run_id), ()))) for run in found]


def _causes(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """The failed tasks, without one that failed because of others."""
    failed = [task for task in tasks if task.state == FAILED]
    return tuple([task for task in failed if task.task_id != FOLLOWS_OTHERS] or failed)


def _is_repaired(session: Session, run: Run) -> bool:
    """Whether a run that began after a failed one has built and published all of its days."""
    if run.dag_id not in OF_DAYS or not run.days or any(task.task_id in NOT_OF_THE_DAY for task in run.tasks):
        return False
    later = select(DagRun).where(
        DagRun.dag_id.in_(OF_DAYS), DagRun.state == SUCCESS, DagRun.start_date > (run.ended_at or run.started_at)
    )
    return any(
        _does_all(other.conf or {}) and days and days[0] <= run.days[0] and run.days[1] <= days[1]
        for other in session.scalars(later.order_by(DagRun.id.desc()).limit(MAX_SEARCHED))
        for days in [runs.to_run(other).days]
    )


def _does_all(conf: Mapping[str, Any]) -> bool:
    """Whether a run lands, builds and publishes, and all tables."""
    return not conf.get("tables") and set(conf.get("what") or STEPS) >= STEPS


def _place(row: Row) -> tuple[bool, datetime, str, int]:
    """By the time at which a task ended; what has not ended comes last."""
    return row.end_date is None, row.end_date or datetime.min, row.task_id, row.map_index


def _read_reasons(session: Session, found: Sequence[Run]) -> dict[tuple[str, str, str, int], str]:
    """Why tasks failed, as their alerts say it: the last line of the log, without secrets."""
    query = _of_runs(REASONS, XComModel, found).where(XComModel.key == ALERTED)
    return {
        (row.dag_id, row.run_id, row.task_id, row.map_index): row.value
        for row in session.execute(query)
        if isinstance(row.value, str)
    }


def _of_runs(columns: Sequence, model: type, found: Sequence[Run]) -> object:
    dags, ids = {run.dag_id for run in found}, {run.run_id for run in found}
    return select(*columns).where(model.dag_id.in_(dags), model.run_id.in_(ids))


KEY = ("dag_id", "run_id", "task_id", "map_index")
TASKS = [getattr(TaskInstance, name) for name in (*KEY, "state", "end_date")]
REASONS = [getattr(XComModel, name) for name in (*KEY, "value")]
KEPT_FIRST = (case((TaskInstance.state == FAILED, 0), else_=1), TaskInstance.end_date.desc())
