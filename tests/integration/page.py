"""What the tests of the Dataverse page share: the page over a pipeline's stores, as somebody who is logged in."""

from tests.support import airflow_home as airflow_home  # isort: skip

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.api_fastapi.common.db.common import _get_session
from airflow.api_fastapi.core_api.security import get_user
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from plugins.dataverse_page import NeverWhole
from plugins.page import access, app, run_details, runs, task_runs
from plugins.page.page_stores import Connections, PageStores
from stacks_dataverse.source import Source
from stacks_dataverse.stores.warehouse import Warehouse
from tests.support.pipeline import Pipeline

SOMEBODY = SimpleNamespace(get_name=lambda: "ada", get_id=lambda: "1")
PUBLIC_URL = "https://data.example"


@pytest.fixture(autouse=True)
def no_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow has no runs."""
    airflow_has(monkeypatch)


@pytest.fixture(scope="module")
def viewer(sample_with_look: Pipeline) -> Iterator[TestClient]:
    """Somebody who may look only, at the sample's three days and a look at its tip."""
    with logged_in(served(stores(sample_with_look), cache_seconds=60)) as client:
        yield client


def stores(pipeline: Pipeline, **others: Any) -> Connections:
    """The stores of a pipeline, or others in their place."""
    ours = {
        "warehouse": lambda: Warehouse.open_read_only(pipeline.warehouse_dsn),
        "archive": lambda: pipeline.archive,
        "public": lambda: pipeline.public,
        "public_url": lambda: PUBLIC_URL,
        "source": lambda: Source.LIVE,
        "settle_hours": lambda: 2.0,
    }
    return Connections(**(ours | others))


def served(stores: Connections, cache_seconds: float = 0) -> FastAPI:
    """The page over stores, as it is to the anonymous."""
    page = app.create_app(PageStores(stores, cache_seconds), SimpleNamespace())
    page.add_middleware(NeverWhole)
    return page


@contextmanager
def logged_in(page: FastAPI, may_rebuild: bool = False) -> Iterator[TestClient]:
    """Somebody who may look, and perhaps have days built again."""
    page.dependency_overrides = {
        access.may_view: lambda: None,
        get_user: lambda: SOMEBODY,
        _get_session: lambda: None,
        access.may_rebuild: lambda: may_rebuild,
        access.must_rebuild: _nothing if may_rebuild else _refuse,
        **dict.fromkeys(_loggings(page), _nothing),
    }
    with TestClient(page, follow_redirects=False) as client:
        yield client


def airflow_has(monkeypatch: pytest.MonkeyPatch, *found: runs.Run) -> None:
    """Have Airflow have these runs, all about whatever day is asked for."""
    monkeypatch.setattr(runs, "read_newest", lambda *_: list(found))
    monkeypatch.setattr(task_runs, "read_last", lambda *_: [])
    monkeypatch.setattr(runs, "read_of_day", lambda *_: list(found))
    monkeypatch.setattr(runs, "is_paused", lambda _: False)
    monkeypatch.setattr(run_details, "read_failed", lambda *_: [run for run in found if run.state == "failed"])
    monkeypatch.setattr(run_details, "with_tasks", lambda _, these: list(these))


def _loggings(page: FastAPI) -> list[Any]:
    """Airflow's own notes of what users do, which need its database."""
    routes = [route for route in page.routes if hasattr(route, "dependant")]
    calls = [dependency.call for route in routes for dependency in route.dependant.dependencies]
    return [call for call in calls if call and call.__qualname__.startswith("action_logging")]


def _nothing() -> None:
    return None


def _refuse() -> None:
    raise HTTPException(403, "Forbidden")
