"""The import law of the Dataverse page: one module asks the stores, shapes know nobody, few know the web server."""

import ast
from pathlib import Path

import pytest

from tests.architecture.test_imports import PACKAGE, breaches, imported

PAGE = Path(__file__).parents[2] / "plugins" / "page"
MODULES = [path for path in sorted(PAGE.glob("*.py")) if path.stem != "__init__"]

# Rows in, what a template shows out: no store, no server, no clock.
SHAPES = {"words", "days", "entries", "overview", "landing", "figures"}
# Which of the page's own modules each may import; `routes` and `app` put all together.
LAW = {
    "words": set(),
    "days": set(),
    "figures": set(),
    "entries": {"words"},
    "overview": {"words", "days", "entries"},
    "landing": {"days"},
    "assets": set(),
    "guide": set(),
    "reader": set(),
    "found": {"reader"},
    "datasets": {"entries", "figures", "reader", "found"},
    "access": set(),
    "runs": {"access"},
    "rendering": {"assets", "figures", "guide", "words"},
    "routes": {path.stem for path in MODULES} - {"app"},
    "app": {"datasets", "found", "rendering", "routes"},
}
OF_SHAPES = {"dataset", "tip_snapshot", "manifest"}
OF_READERS = OF_SHAPES | {"catalog", "errors", "files", "paths", "queries", "runners", "stores", "window"}
KNOW_THE_SERVER = {"access", "runs", "rendering", "routes", "app"}
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
            or (package and package not in (OF_SHAPES if module in SHAPES else OF_READERS))
            or (package in ("stores", "paths", "runners") and module in KNOW_THE_SERVER)
        ):
            found.append(name)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_of_the_page_keeps_its_law(path: Path) -> None:
    assert wrong(path.stem, path.read_text()) == []


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem != "routes"], ids=lambda path: path.stem)
def test_only_routes_know_the_clock(path: Path) -> None:
    assert [name for name in breaches("runners", path.read_text()) if name.endswith((".now", ".today"))] == []


def test_only_the_api_server_makes_the_page() -> None:
    """Every process of Airflow loads its plugins: what they import at once is little."""
    body = ast.parse((PAGE.parent / "dataverse_page.py").read_text()).body
    statements = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    at_once = {name.split(".")[0] for node in statements for name in imported(node)}
    assert at_once == {"functools", "threading", "typing", "airflow"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem != "reader"], ids=lambda path: path.stem)
def test_only_the_reader_asks_in_sql(path: Path) -> None:
    texts = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    assert [text for text in texts if isinstance(text, str) and "SELECT " in text] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("days", "from stacks_dataverse.stores import warehouse", id="a shape with a store"),
        pytest.param("figures", "from fastapi import Request", id="a shape that knows the server"),
        pytest.param("reader", "from airflow.sdk import Connection", id="a reader that knows Airflow"),
        pytest.param("overview", "from plugins.page import reader", id="a shape that reads"),
        pytest.param("words", "from plugins.page.days import State", id="words that know a shape"),
        pytest.param("routes", "from stacks_dataverse.stores.warehouse import Warehouse", id="a route with a store"),
    ],
)
def test_a_breach_is_seen(module: str, source: str) -> None:
    assert wrong(module, source)
