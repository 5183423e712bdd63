"""The page's views: what was asked for, read, put in shape, and shown."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from airflow.api_fastapi.common.dagbag import DagBagDep
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.logging.decorators import action_logging
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from plugins.page import access, assets, datasets, days, entries, guide, landing, overview, reader, runs
from plugins.page.access import User
from plugins.page.found import Away, Found, State
from plugins.page.rendering import show
from stacks_dataverse import catalog
from stacks_dataverse.tip_snapshot import TipSnapshot

ASSET_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}

router = APIRouter(dependencies=[Depends(access.may_look)])


def found_of(request: Request) -> Found:
    """The stores behind the page."""
    return request.app.state.found


FoundDep = Annotated[Found, Depends(found_of)]
MayRebuild = Annotated[bool, Depends(access.may_rebuild)]


@router.get("/")
def show_overview(
    request: Request,
    found: FoundDep,
    user: User,
    session: SessionDep,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
) -> HTMLResponse:
    """What is wrong, how far behind the tip all is, the calendar of days and the last runs."""
    state, now = found.state(), datetime.now(UTC)
    look, landed, notes = _landed(found, state)
    tip = overview.behind(state.days, look)
    calendar = days.calendar(state.days, state.changes, landed, tip.tip_time and tip.tip_time.date())
    objects = [entries.of_object(declared, state.published, now) for declared in catalog.OBJECTS]
    return show(
        request,
        "overview.html",
        notes,
        behind=tip,
        problems=overview.problems(
            state.failures, state.comparisons, objects, calendar.states, remedies(), state.missing
        ),
        calendar=calendar,
        months=calendar.months(*days.shown(year, calendar.last)) if calendar.last else [],
        states=days.State,
        year=year,
        runs=runs.newest(session, user),
        now=now,
    )


@router.get("/catalogue")
def show_catalogue(request: Request, found: FoundDep, q: str = "", kind: str = "", state: str = "") -> HTMLResponse:
    """Every table and public object, searched and filtered; what the stores would add is left out while away."""
    listed, notes = datasets.listed(found, datetime.now(UTC))
    return show(
        request,
        "catalogue.html",
        notes,
        entries=entries.filtered(listed, q, kind, state),
        count=len(listed),
        kinds=list(dict.fromkeys(entry.kind for entry in listed)),
        states=list(dict.fromkeys(entry.freshness.word for entry in listed)),
        asked={"q": q, "kind": kind, "state": state},
        public_url=found.public_url(""),
    )


@router.get("/dataset/{name}")
def show_dataset(request: Request, found: FoundDep, name: str) -> HTMLResponse:
    """What the data dictionary says of a dataset, and its figures as a chart and as a table."""
    entry, notes = datasets.described(found, name, datetime.now(UTC))
    parts, missing = [], ""
    try:
        parts = datasets.parts(found, name)
    except datasets.Unpublished as error:
        missing = str(error)
    except Away as away:
        notes = [f"{away.store} does not answer: there are no figures to show."]
    url = found.public_url(entry.keys[0]) if entry.is_public and parts else None
    return show(request, "dataset.html", notes, entry=entry, parts=parts, missing=missing, url=url)


@router.get("/dataset/{name}/chart.json")
def chart(found: FoundDep, name: str, part: Annotated[int, Query(ge=0)] = 0) -> JSONResponse:
    """What a chart of the dataset draws."""
    return JSONResponse(datasets.chart(found, name, part))


@router.get("/dataset/{name}/data.{form}")
def download(found: FoundDep, name: str, form: str) -> Response:
    """The figures as JSON, of a public object its very bytes, or as CSV."""
    content_type, body = datasets.download(found, name, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, media_type=content_type, headers=headers)


@router.get("/day/{day}")
def show_day(
    request: Request, found: FoundDep, user: User, session: SessionDep, may_rebuild: MayRebuild, day: date
) -> HTMLResponse:
    """What a day holds, and the button that builds it again for whoever may."""
    held, notes = _day(found, day)
    about = runs.of_day(session, user, day)
    shown = {"may_rebuild": may_rebuild, "is_paused": runs.is_paused(session), "runs": about}
    return show(request, "day.html", notes, held=held, **shown)


@router.get("/day/{day}/runs.json")
def day_runs(user: User, session: SessionDep, day: date) -> list[dict[str, Any]]:
    """The runs about a day, for the page to see them end."""
    found = runs.of_day(session, user, day)
    return [{"run_id": run.run_id, "state": run.state, "ended": run.has_ended} for run in found]


@router.get("/day/{day}/rebuild", dependencies=[Depends(access.must_rebuild)])
def confirm_rebuild(request: Request, session: SessionDep, day: date) -> HTMLResponse:
    """Ask once more before a day is built again."""
    return show(request, "rebuild.html", [], day=day, is_paused=runs.is_paused(session))


@router.post(
    "/day/{day}/rebuild",
    dependencies=[
        Depends(access.must_rebuild),
        Depends(access.from_here),
        Depends(action_logging("trigger_dag_run")),
    ],
)
def rebuild(request: Request, user: User, session: SessionDep, dag_bag: DagBagDep, day: date) -> RedirectResponse:
    """Have a day landed, built and published again, as the user who asked."""
    runs.rebuild(session, user, request, dag_bag, day)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/day/{day}#runs", 303)


@router.get("/guide/{name}.md")
def show_guide(request: Request, name: str) -> HTMLResponse:
    """One of the project's documents, such as the runbook."""
    text = guide.page(name)
    if text is None:
        raise HTTPException(404, f"There is no document called {name} here.")
    return show(request, "guide.html", [], name=name, text=text, names=guide.names())


@router.get("/static/{path:path}")
def asset(path: str) -> FileResponse:
    """A script or a style sheet."""
    if path not in assets.FILES:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(assets.FILES[path], headers=ASSET_HEADERS)


def remedies() -> dict[str, str]:
    """What to do, by check and by row of the runbook; the former also where the runbook is not there."""
    checks = (*catalog.CHECKS, *catalog.MARKET_CHECKS)
    return {check.name: check.remedy for check in checks} | guide.remedies()


def _landed(found: Found, state: State) -> tuple[TipSnapshot | None, set[str], list[str]]:
    """The last look at the tip, the landed days, and what to say when they are not known."""
    try:
        look = found.look(state.looked_at) if state.looked_at else None
        return look, found.landed(), []
    except Away as away:
        note = f"{away.store} does not answer: where the tip is, is not known, and a day that shows as missing may"
        return None, set(), [f"{note} be landed."]


def _day(found: Found, day: date) -> tuple[landing.Day, list[str]]:
    """A day, and what to say of the raw files when they are not known."""
    with found.warehouse() as store:
        built, checks = reader.day(store, day), reader.checks(store, day)
        rows = reader.row_counts(store, catalog.TABLES, day) if built else {}
        changes = reader.changes(store)
    manifest, notes = None, []
    try:
        with found.archive() as store:
            manifest = reader.manifest(store, day)
    except Away as away:
        notes.append(f"{away.store} does not answer: what is landed of the day is not known.")
    return landing.put_together(day, manifest, built, rows, checks, changes, remedies()), notes
