"""Runs of the project's DAGs: the newest, those for a day, and a new one that rebuilds a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.datamodels.dag_run import TriggerDAGRunPostBody
from airflow.api_fastapi.core_api.routes.public.dag_run import trigger_dag_run
from airflow.models.dag import DagModel
from airflow.models.dagbag import DBDagBag
from airflow.models.dagrun import DagRun
from fastapi import HTTPException, Request, status
from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.page.access import BACKFILL_DAG, DAILY_DAG
from plugins.task_defaults import TASK_DEFAULTS

if TYPE_CHECKING:
    from plugins.page.run_details import Task

MAX_SHOWN, MAX_SEARCHED = 12, 300
ENDED = {"success", "failed"}
# They land, build and publish days.
OF_DAYS = {DAILY_DAG, BACKFILL_DAG}
NOTE = "Rebuild of a day, requested on the Dataverse page."


@dataclass(frozen=True)
class Run:
    """A run of a DAG; `path` is its page in the web UI. `tasks` are of `run_details`, where they were read."""

    dag_id: str
    run_id: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    by: str | None
    days: tuple[str, str] | None
    tasks: tuple["Task", ...] = ()

    @property
    def path(self) -> str:
        """Its page in the web UI, relative to Airflow's root."""
        return f"dags/{quote(self.dag_id)}/runs/{quote(self.run_id)}"

    @property
    def has_ended(self) -> bool:
        """Whether its state is final."""
        return self.state in ENDED


def read_newest(session: Session, user: BaseUser) -> list[Run]:
    """The newest runs of the project's DAGs that a user may see."""
    return _runs(session, readable_dags(session, user), MAX_SHOWN)


def readable_dags(session: Session, user: BaseUser) -> Collection[str]:
    """The project's DAGs that a user may see."""
    dag_ids = set(session.scalars(select(DagModel.dag_id).where(DagModel.owners.contains(TASK_DEFAULTS["owner"]))))
    return dag_ids & readable(user)


def read_of_day(session: Session, user: BaseUser, day: date) -> list[Run]:
    """The newest runs that landed, built or published a day, or still do."""
    runs = _runs(session, OF_DAYS & readable(user), MAX_SEARCHED)
    return [run for run in runs if run.days and run.days[0] <= str(day) <= run.days[1]][:MAX_SHOWN]


def rebuild(session: Session, user: BaseUser, request: Request, dag_bag: DBDagBag, day: date) -> str:
    """Trigger the backfill of a day through Airflow's own route, as a user; return the run's id.

    Raises HTTPException, also while such a run is running.
    """
    days = (str(day), str(day))
    if any(run.days == days and not run.has_ended for run in _runs(session, {BACKFILL_DAG}, MAX_SEARCHED)):
        raise HTTPException(status.HTTP_409_CONFLICT, f"A rebuild of {day} is already running: wait until it ends.")
    conf = {"from_day": days[0], "to_day": days[1], "force": True}
    body = TriggerDAGRunPostBody(logical_date=None, conf=conf, note=NOTE)
    return trigger_dag_run(BACKFILL_DAG, body, dag_bag, user, session, request).run_id


def is_paused(session: Session) -> bool:
    """Whether the backfill DAG is paused, so that its runs wait."""
    return bool(session.scalar(select(DagModel.is_paused).where(DagModel.dag_id == BACKFILL_DAG)))


def log_path(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
    """The page of a task's log in the web UI, relative to Airflow's root; `map_index` is below 0 of one not mapped."""
    path = f"dags/{quote(dag_id)}/runs/{quote(run_id)}/tasks/{quote(task_id)}"
    return f"{path}/mapped/{map_index}" if map_index >= 0 else path


def days_of(conf: Mapping[str, Any], interval_start: datetime | None) -> tuple[str, str] | None:
    """The first and the last day of a run, as ISO dates: from its Params, else from its schedule."""
    if conf.get("from_day") and conf.get("to_day"):
        return str(conf["from_day"]), str(conf["to_day"])
    day = conf.get("day") or (interval_start and f"{interval_start:%Y-%m-%d}")
    return (str(day), str(day)) if day else None


def readable(user: BaseUser) -> Collection[str]:
    """The DAGs that a user may see."""
    return get_auth_manager().get_authorized_dag_ids(user=user, method="GET")


def _runs(session: Session, dag_ids: Collection[str], limit: int) -> list[Run]:
    query = select(DagRun).where(DagRun.dag_id.in_(dag_ids)).order_by(DagRun.id.desc()).limit(limit)
    rows: Sequence[DagRun] = session.scalars(query).all()
    return [to_run(run) for run in rows]


def to_run(run: DagRun) -> Run:
    """Airflow's record of a run as the page has it."""
    return Run(
        run.dag_id,
        run.run_id,
        str(run.state),
        run.start_date,
        run.end_date,
        run.triggering_user_name,
        days_of(run.conf or {}, run.data_interval_start),
    )
