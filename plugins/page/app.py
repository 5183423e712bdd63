"""The page as an application of its own, which Airflow serves beside its web UI."""

import logging
from collections.abc import Awaitable, Callable

from airflow.models.dagbag import DBDagBag
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from plugins.page import datasets
from plugins.page.found import Away, Found
from plugins.page.rendering import message
from plugins.page.routes import router

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
UNKEPT = {"Cache-Control": "private, no-store"}

TITLES = {401: "You are not logged in", 403: "You may not do this", 404: "Not found", 409: "Not now"}


def make(found: Found, dag_bag: DBDagBag) -> FastAPI:
    """Return the application over the stores; `dag_bag` has the DAG that it triggers."""
    app = FastAPI(title="Dataverse", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.found, app.state.dag_bag = found, dag_bag
    app.include_router(router)
    app.middleware("http")(_with_headers)
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(Away)(_away)
    app.exception_handler(datasets.Missing)(_missing)
    app.exception_handler(RequestValidationError)(_not_understood)
    app.exception_handler(Exception)(_broken)
    return app


async def _with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await answer(request)
    for name, value in (UNKEPT | HEADERS).items():
        response.headers.setdefault(name, value)
    return response


def _refused(request: Request, error: HTTPException) -> Response:
    return message(request, error.status_code, TITLES.get(error.status_code, "That did not work"), str(error.detail))


def _missing(request: Request, error: datasets.Missing) -> Response:
    return message(request, 404, TITLES[404], str(error))


def _not_understood(request: Request, error: RequestValidationError) -> Response:
    return message(request, 422, "Not understood", "The address has a day or a number that is none.")


def _broken(request: Request, error: Exception) -> Response:
    return message(request, 500, "Something is broken", "The API server's log says what.")


def _away(request: Request, error: Away) -> Response:
    log.warning("The Dataverse page could not read %s: %s", error.store, error.__cause__)
    text = f"{error.store.capitalize()} does not answer, or refuses. The API server's log says why."
    return message(request, 503, "Not to be read just now", text)
