"""The routes of the page: each reads from the stores, makes a view of it, and renders it."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from airflow.api_fastapi.common.dagbag import DagBagDep
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.logging.decorators import action_logging
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse

from plugins.page import (
    access,
    catalogue_listing,
    catalogue_view,
    dataset_details,
    dataset_routes,
    dataset_view,
    day_reader,
    day_view,
    overview,
    runbook_view,
    runs,
    table_view,
    task_runs,
)
from plugins.page.access import User
from plugins.page.calendar import DayState, make_calendar, shown_range
from plugins.page.dataset_routes import Stores
from plugins.page.page_stores import PageStores, Unavailable, WarehouseState
from plugins.page.rendering import SHOWN_ROWS, show
from plugins.page.static_files import FILES
from stacks_dataverse import catalog
from stacks_dataverse.tip_snapshot import TipSnapshot

STATIC_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}

router = APIRouter(dependencies=[Depends(access.may_view)])
router.include_router(dataset_routes.router)


MayRebuild = Annotated[bool, Depends(access.may_rebuild)]


@router.get("/")
def show_overview(
    request: Request,
    stores: Stores,
    user: User,
    session: SessionDep,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
) -> HTMLResponse:
    """Open issues, freshness against the tip, the calendar of days and the last runs."""
    state, now = stores.state(), datetime.now(UTC)
    snapshot, landed, notes = _read_tip(stores, state)
    lag = overview.lag(state.days, snapshot)
    calendar = make_calendar(state.days, state.reorgs, landed, lag.tip_time and lag.tip_time.date())
    objects = [catalogue_view.object_entry(obj, state.published, now) for obj in catalog.OBJECTS]
    return show(
        request,
        "overview.html",
        notes,
        lag=lag,
        issues=overview.open_issues(
            state.failed_checks, state.comparisons, objects, calendar.states, remedies(), state.missing_history
        ),
        calendar=calendar,
        months=calendar.months(*shown_range(year, calendar.last)) if calendar.last else [],
        states=DayState,
        year=year,
        runs=runs.read_newest(session, user),
        now=now,
    )


@router.get("/catalogue")
def show_catalogue(
    request: Request, stores: Stores, q: str = "", kind: str = "", state: str = "", sort: str = ""
) -> HTMLResponse:
    """All tables and public objects, searched, filtered and sorted; what a store that is away has is left out."""
    entries, notes = catalogue_listing.list_entries(stores, datetime.now(UTC))
    found = catalogue_view.filter_entries(entries, q, kind, state)
    return show(
        request,
        "catalogue.html",
        notes,
        sections=catalogue_listing.sections(found, sort),
        found=len(found),
        count=len(entries),
        kinds=list(dict.fromkeys(entry.kind for entry in entries)),
        states=list(dict.fromkeys(entry.freshness.word for entry in entries if entry.is_object)),
        sorts=catalogue_listing.sort_choices(sort),
        filters={"q": q, "kind": kind, "state": state, "sort": sort},
        public_url=stores.public_url(""),
    )


@router.get("/series.json")
def comparable_series() -> list[dict[str, Any]]:
    """The datasets and figures that a chart can be compared with."""
    return dataset_view.comparable()


@router.get("/dataset/{name}")
def show_dataset(
    request: Request, stores: Stores, user: User, session: SessionDep, name: str, figure: str = ""
) -> HTMLResponse:
    """The data dictionary's entry of a dataset, its headline, and its content as a chart and as a table."""
    entry, notes = dataset_view.get_entry(stores, name, datetime.now(UTC))
    parts, missing, rows = [], "", None
    try:
        if (table := dataset_view.TABLES.get(name)) is not None:
            rows = table_view.read_page(stores, table, request.query_params)
        parts = dataset_view.read_parts(stores, name)
    except dataset_view.NotPublished as error:
        missing = str(error)
    except Unavailable as error:
        notes = [f"{error.store} does not answer: the content of the dataset cannot be shown."]
    url = stores.public_url(entry.keys[0]) if entry.is_public and parts else None
    content = dataset_view.shown_parts(parts, figure, SHOWN_ROWS, stores.chain(), rows and rows.part)
    page_url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
    details = dataset_details.read_details(stores, name, parts, page_url, url)
    ran = task_runs.read_last(session, user, details.tasks)
    values = {"entry": entry, "dataset": dataset_view.find(name), "content": content, "missing": missing, "url": url}
    return show(request, "dataset.html", notes, **values, rows=rows, details=details, task_runs=ran)


@router.get("/dataset/{name}/chart.json")
def chart(stores: Stores, name: str, part: Annotated[int, Query(ge=0)] = 0, figure: str = "") -> JSONResponse:
    """The data of a chart of the dataset: of a figure by its name, else of the first."""
    return JSONResponse(dataset_view.chart(stores, name, part, figure))


@router.get("/day/{day}")
def show_day(
    request: Request, stores: Stores, user: User, session: SessionDep, may_rebuild: MayRebuild, day: date
) -> HTMLResponse:
    """One day, with a button to rebuild it for users who may."""
    detail, notes = _read_day(stores, day)
    day_runs = runs.read_of_day(session, user, day)
    values = {"may_rebuild": may_rebuild, "is_paused": runs.is_paused(session), "runs": day_runs}
    return show(request, "day.html", notes, detail=detail, **values)


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


@router.get("/guide/")
def list_documents(request: Request) -> HTMLResponse:
    """The project's documents, by their titles."""
    return show(request, "documents.html", [], titles=runbook_view.document_titles())


@router.get("/guide/{name}.md")
def show_document(request: Request, name: str) -> HTMLResponse:
    """One of the project's documents, such as the runbook."""
    text = runbook_view.document(name)
    if text is None:
        raise HTTPException(404, f"There is no document {name}.")
    return show(
        request,
        "document.html",
        [],
        name=name,
        text=text,
        titles=runbook_view.document_titles(),
        contents=runbook_view.contents(name),
    )


@router.get("/static/{path:path}")
def static_file(path: str) -> FileResponse:
    """A script or a style sheet."""
    if path not in FILES:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(FILES[path], headers=STATIC_HEADERS)


def remedies() -> dict[str, str]:
    """What to do, by check and by row of the runbook; those of checks also without a runbook."""
    checks = (*catalog.CHECKS, *catalog.MARKET_CHECKS)
    return {check.name: check.remedy for check in checks} | runbook_view.remedies()


def _read_tip(stores: PageStores, state: WarehouseState) -> tuple[TipSnapshot | None, set[str], list[str]]:
    """The last tip snapshot, the landed days, and a note if the object store does not answer."""
    try:
        snapshot = stores.snapshot_manifest(state.last_snapshot_at) if state.last_snapshot_at else None
        return snapshot, stores.landed_days(), []
    except Unavailable as error:
        note = f"{error.store} does not answer: the chain's tip is not known, and a day shown as missing may be landed."
        return None, set(), [note]


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
    return day_view.make_day(day, manifest, built, rows, checks, reorgs, remedies()), notes
