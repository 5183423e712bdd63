"""The routes of datasets and documents: each reads from the stores, makes a view of it, and renders it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from plugins.page import (
    access,
    catalogue_listing,
    catalogue_view,
    dataset_details,
    dataset_routes,
    dataset_view,
    runbook_view,
    table_view,
    task_runs,
)
from plugins.page.access import User
from plugins.page.dataset_routes import Stores
from plugins.page.page_stores import Unavailable
from plugins.page.rendering import SHOWN_ROWS, show
from plugins.page.static_files import FILES
from stacks_dataverse.labels import Group

STATIC_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}

router = APIRouter(dependencies=[Depends(access.may_view)])
router.include_router(dataset_routes.router)


@router.get("/catalogue")
def show_catalogue(
    request: Request, stores: Stores, q: str = "", group: str = "", kind: str = "", state: str = "", sort: str = ""
) -> HTMLResponse:
    """The first datasets of each group, or all that are searched, filtered or sorted, without what a lost store has."""
    entries, notes = catalogue_listing.list_entries(stores, datetime.now(UTC))
    found = catalogue_view.filter_entries(entries, q, kind, state, group)
    most = None if q or group or kind or state else catalogue_listing.FIRST
    return show(
        request,
        "catalogue.html",
        notes,
        sections=catalogue_listing.sections(found, sort, most),
        found=len(found),
        count=len(entries),
        groups=[each.value for each in Group],
        kinds=list(dict.fromkeys(entry.kind for entry in entries)),
        states=list(dict.fromkeys(entry.freshness.word for entry in entries if entry.is_object)),
        sorts=catalogue_listing.sort_choices(sort),
        filters={"q": q, "group": group, "kind": kind, "state": state, "sort": sort},
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
    entry, notes = catalogue_listing.get_entry(stores, name, datetime.now(UTC))
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
    dataset = dataset_view.find(name)
    shown = figure or dataset_view.headline_figure(dataset)
    content = dataset_view.shown_parts(parts, shown, SHOWN_ROWS, stores.chain(), rows and rows.part)
    page_url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
    details = dataset_details.read_details(stores, name, parts, page_url, url)
    ran = task_runs.read_last(session, user, details.tasks)
    values = {"entry": entry, "dataset": dataset, "content": content, "missing": missing, "url": url}
    return show(request, "dataset.html", notes, **values, rows=rows, details=details, task_runs=ran)


@router.get("/dataset/{name}/chart.json")
def chart(stores: Stores, name: str, part: Annotated[int, Query(ge=0)] = 0, figure: str = "") -> JSONResponse:
    """The data of a chart of the dataset: of a figure by its name, else of the first."""
    return JSONResponse(dataset_view.chart(stores, name, part, figure))


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
