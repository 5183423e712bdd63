"""The Dataverse page is made while the API server starts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from threading import Event
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from plugins import dataverse_page
from plugins.page.dataset_routes import Download
from tests.support.served import serving

PATIENCE_SECONDS = 30


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set once the page is made, in a process whose page is not made yet."""
    found = Event()

    class Page:
        @property
        def app(self) -> None:
            found.set()

    monkeypatch.setattr(dataverse_page, "PAGE", Page())
    return found


def passed_on(scope: dict[str, Any]) -> list[dict[str, Any]]:
    """What comes behind the plugin's part of the API server for such a scope."""
    seen: list[dict[str, Any]] = []

    async def behind(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(scope)

    asyncio.run(dataverse_page.ReadyAtStart(behind)(scope, None, None))
    return seen


def test_a_server_that_starts_makes_the_page(made: Event) -> None:
    scope = {"type": "lifespan", "app": SimpleNamespace(middleware_stack=None)}
    assert passed_on(scope) == [scope]
    assert made.wait(PATIENCE_SECONDS)


def test_what_breaks_off_behind_airflows_middlewares_is_not_ended(made: Event, direct: None) -> None:
    """Airflow adds its own middlewares after those of plugins, and so outside of them."""

    def chunks() -> Iterator[bytes]:
        yield b"some"
        raise OSError("lost")

    async def pass_on(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        return await call_next(request)

    server = FastAPI()
    server.get("/")(lambda: Download(chunks(), "name", "csv"))
    for registered in dataverse_page.DataversePlugin.fastapi_root_middlewares:
        server.add_middleware(registered["middleware"])
    server.middleware("http")(pass_on)
    with serving(server, lifespan="on") as url, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(url)


def test_a_request_goes_by(made: Event) -> None:
    assert passed_on({"type": "http", "path": "/"}) == [{"type": "http", "path": "/"}]
    assert not made.is_set()


def test_airflow_puts_it_before_the_api_server() -> None:
    (registered,) = dataverse_page.DataversePlugin.fastapi_root_middlewares
    assert registered["middleware"] is dataverse_page.ReadyAtStart
