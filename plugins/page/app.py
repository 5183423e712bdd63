"""The page as an ASGI application of its own, which Airflow mounts next to its web UI."""

import logging
from collections.abc import Awaitable, Callable

from airflow.models.dagbag import DBDagBag
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from plugins.page import dataset_view, day_routes, overview_routes, routes
from plugins.page.page_stores import PageStores, Unavailable
from plugins.page.rendering import message
from plugins.page.table_query import InvalidQuery

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
NO_STORE = {"Cache-Control": "private, no-store"}

TITLES = {401: "You are not logged in", 403: "You may not do this", 404: "Not found", 409: "Already running"}


def create_app(stores: PageStores, dag_bag: DBDagBag) -> FastAPI:
    """Return the application over the stores; `dag_bag` has the DAG that it triggers."""
    app = FastAPI(title="Dataverse", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.stores, app.state.dag_bag = stores, dag_bag
    for module in (overview_routes, day_routes, routes):
        app.include_router(module.router)
    app.middleware("http")(_add_headers)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(Unavailable)(_unavailable)
    app.exception_handler(dataset_view.NotFound)(_not_found)
    app.exception_handler(InvalidQuery)(_invalid_query)
    app.exception_handler(RequestValidationError)(_invalid_address)
    app.exception_handler(Exception)(_internal_error)
    return app


async def _add_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in (NO_STORE | HEADERS).items():
        response.headers.setdefault(name, value)
    return response


def _http_error(request: Request, error: HTTPException) -> Response:
    title = TITLES.get(error.status_code, "The request failed")
    response = message(request, error.status_code, title, str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _not_found(request: Request, error: dataset_view.NotFound) -> Response:
    return message(request, 404, TITLES[404], str(error))


def _invalid_query(request: Request, error: InvalidQuery) -> Response:
    return message(request, 422, "Invalid address", str(error))


def _invalid_address(request: Request, error: RequestValidationError) -> Response:
    text = "A value in the address is invalid: a day must be YYYY-MM-DD, a year YYYY, and a part a whole number."
    return message(request, 422, "Invalid address", text)


def _internal_error(request: Request, error: Exception) -> Response:
    return message(request, 500, "Internal error", "The page failed. The log of the API server has the reason.")


def _unavailable(request: Request, error: Unavailable) -> Response:
    log.warning("The Dataverse page could not read %s: %s", error.store, error.__cause__)
    text = f"{error.store.capitalize()} does not answer, or refuses access. The log of the API server has the reason."
    return message(request, 503, "Temporarily unavailable", text)
