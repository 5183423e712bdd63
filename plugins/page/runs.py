"""Runs of our DAGs: which there were, which are about a day, and a new one that builds a day again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
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

from plugins.page.access import LOOKED_AT, REBUILDS
from plugins.task_defaults import TASK_DEFAULTS

SHOWN, LOOKED_THROUGH = 12, 300
ENDED = {"success", "failed"}
NOTE = "A day to be built again, asked for on the Dataverse page."


@dataclass(frozen=True)
class Run:
    """A run of a DAG; `path` is its page in the web UI."""

    dag_id: str
    run_id: str
    state: str
    began_at: datetime | None
    ended_at: datetime | None
    by: str | None
    days: tuple[str, str] | None

    @property
    def path(self) -> str:
        """Its page in the web UI, below Airflow's root."""
        return f"dags/{quote(self.dag_id)}/runs/{quote(self.run_id)}"

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more."""
        return self.state in ENDED


def newest(session: Session, user: BaseUser) -> list[Run]:
    """The newest runs of our DAGs that a user may see."""
    ours = set(session.scalars(select(DagModel.dag_id).where(DagModel.owners.contains(TASK_DEFAULTS["owner"]))))
    return _runs(session, ours & _readable(user), SHOWN)


def of_day(session: Session, user: BaseUser, day: date) -> list[Run]:
    """The newest runs that landed, built or published a day, those still under way among them."""
    found = _runs(session, {LOOKED_AT, REBUILDS} & _readable(user), LOOKED_THROUGH)
    return [run for run in found if run.days and run.days[0] <= str(day) <= run.days[1]][:SHOWN]


def rebuild(session: Session, user: BaseUser, request: Request, dag_bag: DBDagBag, day: date) -> str:
    """Trigger the DAG that lands, builds and publishes a day again, as a user; returns the run's id.

    Airflow's own route does it. Raises HTTPException, also when such a run is under way.
    """
    asked = (str(day), str(day))
    if any(run.days == asked and not run.has_ended for run in _runs(session, {REBUILDS}, LOOKED_THROUGH)):
        raise HTTPException(status.HTTP_409_CONFLICT, f"{day} is being built again already: wait for that run.")
    conf = {"from_day": asked[0], "to_day": asked[1], "force": True}
    body = TriggerDAGRunPostBody(logical_date=None, conf=conf, note=NOTE)
    return trigger_dag_run(REBUILDS, body, dag_bag, user, session, request).run_id


def is_paused(session: Session) -> bool:
    """Whether that DAG is paused, so that its runs wait."""
    return bool(session.scalar(select(DagModel.is_paused).where(DagModel.dag_id == REBUILDS)))


def days_of(conf: Mapping[str, Any], interval_start: datetime | None) -> tuple[str, str] | None:
    """The first and the last day that a run is about, in text: as it was asked for, else as it was scheduled."""
    if conf.get("from_day") and conf.get("to_day"):
        return str(conf["from_day"]), str(conf["to_day"])
    day = conf.get("day") or (interval_start and f"{interval_start:%Y-%m-%d}")
    return (str(day), str(day)) if day else None


def _readable(user: BaseUser) -> Collection[str]:
    return get_auth_manager().get_authorized_dag_ids(user=user, method="GET")


def _runs(session: Session, dag_ids: Collection[str], most: int) -> list[Run]:
    asked = select(DagRun).where(DagRun.dag_id.in_(dag_ids)).order_by(DagRun.id.desc()).limit(most)
    found: Sequence[DagRun] = session.scalars(asked).all()
    return [
        Run(
            run.dag_id,
            run.run_id,
            str(run.state),
            run.start_date,
            run.end_date,
            run.triggering_user_name,
            days_of(run.conf or {}, run.data_interval_start),
        )
        for run in found
    ]
