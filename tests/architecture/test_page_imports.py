"""The import law of the Dataverse page: readers query the stores, shapes import nothing, few know the web server."""

import ast
from pathlib import Path

import pytest

from tests.architecture.test_imports import PACKAGE, breaches, imported

PAGE = Path(__file__).parents[2] / "plugins" / "page"
MODULES = [path for path in sorted(PAGE.glob("*.py")) if path.stem != "__init__"]

# Join all of the page's modules.
ROUTES = {"routes", "overview_routes", "day_routes"}
# Rows in, values of a template out: no store, no server, no clock.
SHAPES = {
    *("formatting", "calendar", "catalogue_view", "overview", "day_view", "charts", "envelopes", "glance"),
    *("checks_view", "verdict", "table_query", "downloads", "columns_view", "snippets"),
    *("identifiers", "bands", "series", "chart_view", "cells", "rankings", "tables"),
}
# The modules with SQL and keys; each reads for one view.
READERS = {
    *("overview_reader", "catalogue_reader", "checks_reader", "dataset_reader", "day_reader", "glance_reader"),
}
# And what is shown to be copied.
SQL = READERS | {"snippets"}
# Which of the page's own modules each may import; those of `ROUTES` join all.
LAW = {
    "formatting": set(),
    "calendar": set(),
    "identifiers": set(),
    "charts": set(),
    "bands": {"charts"},
    "series": {"charts", "formatting"},
    "chart_view": {"bands", "charts", "series"},
    "cells": {"charts", "formatting", "identifiers"},
    "rankings": {"charts"},
    "tables": {"bands", "cells", "charts", "identifiers", "rankings", "series"},
    "envelopes": {"charts"},
    "glance": set(),
    "catalogue_view": {"formatting", "glance"},
    "overview": {"formatting", "calendar", "catalogue_view"},
    "day_view": {"calendar", "checks_view"},
    "checks_view": set(),
    "checks_reader": {"day_reader"},
    "verdict": {"formatting", "overview"},
    "static_files": set(),
    "runbook_view": set(),
    "day_reader": set(),
    "overview_reader": {"day_reader"},
    "catalogue_reader": {"day_reader"},
    "table_query": set(),
    "downloads": {"charts"},
    "dataset_reader": {"day_reader", "catalogue_reader", "table_query"},
    "table_view": {"charts", "dataset_reader", "day_reader", "page_stores", "table_query"},
    "dataset_downloads": {"charts", "dataset_reader", "dataset_view", "downloads", "page_stores", "table_query"},
    "columns_view": {"charts"},
    "snippets": {"charts", "table_query"},
    "lineage": set(),
    "producers": {"lineage"},
    "task_runs": {"producers", "runs"},
    "dataset_details": {
        *("charts", "columns_view", "dataset_reader", "dataset_view", "lineage", "page_stores", "producers"),
        "snippets",
    },
    "dataset_routes": {"access", "dataset_downloads", "downloads", "page_stores"},
    "page_stores": {
        *("overview_reader", "catalogue_reader", "checks_reader", "checks_view", "day_reader"),
        *("glance", "glance_reader", "identifiers"),
    },
    "dataset_view": {
        *("catalogue_view", "chart_view", "charts", "dataset_reader", "envelopes", "page_stores", "series"),
        *("table_view", "tables"),
    },
    "glance_reader": {"day_reader"},
    "catalogue_listing": {"catalogue_view", "dataset_view", "day_reader", "glance", "page_stores"},
    "access": set(),
    "runs": {"access", "run_details"},
    "run_details": {"runs"},
    "rendering": {"static_files", "runbook_view", "formatting", "glance", "table_query"},
    **dict.fromkeys(ROUTES, {path.stem for path in MODULES} - {"app"}),
    "app": {"dataset_view", "page_stores", "rendering", "table_query", *ROUTES},
}
OF_SHAPES = {
    *("data_check", "dataset", "labels", "tip_snapshot", "manifest", "public_files", "site", "source", "sql_values"),
    *("units", "window"),
}
# Of declarations only: what reads what.
OF_LINEAGE = {"raw_tables", "vendors"}
OF_READERS = OF_SHAPES | {"catalog", "errors", "files", "network", "paths", "queries", "stores"}
KNOW_THE_SERVER = {"access", "runs", "run_details", "task_runs", "rendering", "dataset_routes", "app", *ROUTES}
SERVER = {"airflow", "fastapi", "starlette", "sqlalchemy"}


def wrong(module: str, source: str) -> list[str]:
    """What a module of the page imports against the law."""
    found = []
    for name in imported(ast.parse(source)):
        top, _, rest = name.partition(".")
        ours = rest.removeprefix("page").lstrip(".").split(".")[0] if name.startswith("plugins.page") else ""
        package = rest.split(".")[0] if top == PACKAGE else ""
        if (
            (top in SERVER and module not in KNOW_THE_SERVER)
            or (ours and ours not in LAW[module])
            or (package and package not in _allowed(module))
            or (package in ("stores", "paths", "runners") and module in KNOW_THE_SERVER)
        ):
            found.append(name)
    return found


def _allowed(module: str) -> set[str]:
    """What of the package a module of the page may import."""
    return OF_SHAPES if module in SHAPES else OF_READERS | OF_LINEAGE if module == "lineage" else OF_READERS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_of_the_page_keeps_its_law(path: Path) -> None:
    assert wrong(path.stem, path.read_text()) == []


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem not in ROUTES], ids=lambda path: path.stem)
def test_only_routes_know_the_clock(path: Path) -> None:
    assert [name for name in breaches("runners", path.read_text()) if name.endswith((".now", ".today"))] == []


def test_only_the_api_server_makes_the_page() -> None:
    """Every process of Airflow loads its plugins: what they import at once is little."""
    body = ast.parse((PAGE.parent / "dataverse_page.py").read_text()).body
    statements = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    at_once = {name.split(".")[0] for node in statements for name in imported(node)}
    assert at_once == {"functools", "threading", "typing", "airflow"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem not in SQL], ids=lambda path: path.stem)
def test_only_readers_have_sql(path: Path) -> None:
    texts = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    assert [text for text in texts if isinstance(text, str) and "SELECT " in text] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("calendar", "from stacks_dataverse.stores import warehouse", id="a shape with a store"),
        pytest.param("charts", "from fastapi import Request", id="a shape that knows the server"),
        pytest.param("day_reader", "from airflow.sdk import Connection", id="a reader that knows Airflow"),
        pytest.param("overview", "from plugins.page import overview_reader", id="a shape that reads"),
        pytest.param("overview_reader", "from stacks_dataverse.runners import land", id="a reader that knows a runner"),
        pytest.param("formatting", "from plugins.page.calendar import DayState", id="a format that knows a shape"),
        pytest.param("routes", "from stacks_dataverse.stores.warehouse import Warehouse", id="a route with a store"),
    ],
)
def test_a_breach_is_seen(module: str, source: str) -> None:
    assert wrong(module, source)
