"""The routes of a day: what was landed, built and checked, its runs, and the form that rebuilds it."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from airflow.api_fastapi.common.dagbag import DagBagDep
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.logging.decorators import action_logging
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from plugins.page import access, day_reader, day_view, run_details, runs
from plugins.page.access import User
from plugins.page.calendar import DayState, finality
from plugins.page.overview_routes import meanings, read_tip, remedies
from plugins.page.page_stores import PageStores, Unavailable
from plugins.page.rendering import show
from plugins.page.routes import Stores
from stacks_dataverse import catalog

MayRebuild = Annotated[bool, Depends(access.may_rebuild)]

router = APIRouter(dependencies=[Depends(access.may_view)])


@router.get("/day/{day}")
def show_day(
    request: Request, stores: Stores, user: User, session: SessionDep, may_rebuild: MayRebuild, day: date
) -> HTMLResponse:
    """One day, with a button to rebuild it for users who may."""
    detail, notes = _read_day(stores, day)
    day_runs = run_details.with_tasks(session, runs.read_of_day(session, user, day))
    values = {"may_rebuild": may_rebuild, "is_paused": runs.is_paused(session), "runs": day_runs}
    values["today"] = datetime.now(UTC).date()
    when = _when_final(stores, day) if detail.state is DayState.PROVISIONAL else ""
    return show(request, "day.html", notes, detail=detail, when_final=when, **values)


@router.get("/day/{day}/runs.json")
def day_runs(user: User, session: SessionDep, day: date) -> list[dict[str, Any]]:
    """The runs for the day, which the page polls until they end."""
    return [
        {"run_id": run.run_id, "state": run.state, "ended": run.has_ended}
        for run in runs.read_of_day(session, user, day)
    ]


@router.get("/day/{day}/rebuild", dependencies=[Depends(access.must_rebuild)])
def confirm_rebuild(request: Request, session: SessionDep, day: date) -> HTMLResponse:
    """A confirmation before a day is rebuilt."""
    return show(request, "rebuild.html", [], day=day, is_paused=runs.is_paused(session))


@router.post(
    "/day/{day}/rebuild",
    dependencies=[
        Depends(access.must_rebuild),
        Depends(access.require_same_origin),
        Depends(action_logging("trigger_dag_run")),
    ],
)
def rebuild(request: Request, user: User, session: SessionDep, dag_bag: DagBagDep, day: date) -> RedirectResponse:
    """Trigger a run that lands, builds and publishes a day again, as the user."""
    runs.rebuild(session, user, request, dag_bag, day)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/day/{day}#runs", 303)


def _read_day(stores: PageStores, day: date) -> tuple[day_view.Day, list[str]]:
    """A day, and a note if its raw files are not known."""
    with stores.warehouse() as store:
        built, checks = day_reader.read_built_day(store, day), day_reader.read_checks(store, day)
        rows = day_reader.read_row_counts(store, catalog.TABLES, day) if built else {}
        reorgs = day_reader.read_reorgs(store)
    manifest, notes = None, []
    try:
        with stores.archive() as store:
            manifest = day_reader.read_manifest(store, day)
    except Unavailable as error:
        notes.append(f"{error.store} does not answer: the landed files of the day are not known.")
    return day_view.make_day(day, manifest, built, rows, checks, reorgs, remedies(), meanings()), notes


def _when_final(stores: PageStores, day: date) -> str:
    """When a provisional day becomes final."""
    state = stores.state()
    snapshot, _, _ = read_tip(stores, state)
    tip_time = datetime.fromtimestamp(snapshot.tip_time, UTC) if snapshot else None
    return finality(day, state.settle_hours, tip_time, state.source)
