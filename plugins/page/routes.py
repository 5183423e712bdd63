"""The routes of datasets and documents: each reads from the stores, makes a view of it, and renders it."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from plugins.page import access, catalogue_view, dataset_view, runbook_view
from plugins.page.page_stores import PageStores, Unavailable
from plugins.page.rendering import show
from plugins.page.static_files import FILES

STATIC_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable"}

router = APIRouter(dependencies=[Depends(access.may_view)])


def stores_of(request: Request) -> PageStores:
    """The stores behind the page."""
    return request.app.state.stores


Stores = Annotated[PageStores, Depends(stores_of)]


@router.get("/catalogue")
def show_catalogue(request: Request, stores: Stores, q: str = "", kind: str = "", state: str = "") -> HTMLResponse:
    """All tables and public objects, searched and filtered; without the values of a store that does not answer."""
    entries, notes = dataset_view.list_entries(stores, datetime.now(UTC))
    return show(
        request,
        "catalogue.html",
        notes,
        entries=catalogue_view.filter_entries(entries, q, kind, state),
        count=len(entries),
        kinds=list(dict.fromkeys(entry.kind for entry in entries)),
        states=list(dict.fromkeys(entry.freshness.word for entry in entries)),
        filters={"q": q, "kind": kind, "state": state},
        public_url=stores.public_url(""),
    )


@router.get("/dataset/{name}")
def show_dataset(request: Request, stores: Stores, name: str) -> HTMLResponse:
    """The data dictionary's entry of a dataset, and its content as a chart and as a table."""
    entry, notes = dataset_view.get_entry(stores, name, datetime.now(UTC))
    parts, missing = [], ""
    try:
        parts = dataset_view.read_parts(stores, name)
    except dataset_view.NotPublished as error:
        missing = str(error)
    except Unavailable as error:
        notes = [f"{error.store} does not answer: the content of the dataset cannot be shown."]
    url = stores.public_url(entry.keys[0]) if entry.is_public and parts else None
    return show(request, "dataset.html", notes, entry=entry, parts=parts, missing=missing, url=url)


@router.get("/dataset/{name}/chart.json")
def chart(stores: Stores, name: str, part: Annotated[int, Query(ge=0)] = 0) -> JSONResponse:
    """The data of a chart of the dataset."""
    return JSONResponse(dataset_view.chart(stores, name, part))


@router.get("/dataset/{name}/data.{form}")
def download(stores: Stores, name: str, form: str) -> Response:
    """The content as JSON or CSV; a file published in this form is returned unchanged."""
    content_type, body = dataset_view.download(stores, name, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, media_type=content_type, headers=headers)


@router.get("/guide/{name}.md")
def show_document(request: Request, name: str) -> HTMLResponse:
    """One of the project's documents, such as the runbook."""
    text = runbook_view.document(name)
    if text is None:
        raise HTTPException(404, f"There is no document {name}.")
    return show(request, "document.html", [], name=name, text=text, names=runbook_view.document_names())


@router.get("/static/{path:path}")
def static_file(path: str) -> FileResponse:
    """A script or a style sheet."""
    if path not in FILES:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(FILES[path], headers=STATIC_HEADERS)
