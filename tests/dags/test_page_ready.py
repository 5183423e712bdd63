"""The Dataverse page is made while the API server starts."""

import asyncio
from threading import Event
from typing import Any

import pytest

from plugins import dataverse_page

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
    assert passed_on({"type": "lifespan"}) == [{"type": "lifespan"}]
    assert made.wait(PATIENCE_SECONDS)


def test_a_request_goes_by(made: Event) -> None:
    assert passed_on({"type": "http", "path": "/"}) == [{"type": "http", "path": "/"}]
    assert not made.is_set()


def test_airflow_puts_it_before_the_api_server() -> None:
    registered, _ = dataverse_page.DataversePlugin.fastapi_root_middlewares
    assert registered["middleware"] is dataverse_page.ReadyAtStart
