"""The import law: who may know whom, and that nothing below a wrapper asks for the time or the environment."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "stacks_dataverse"
FOUNDATIONS = {"window", "chain", "clarity", "http", "errors", "postgres", "dataset"}

# What a layer may import of the package, besides itself.
LAW = {
    "paths": set(),
    "window": {"errors"},
    "errors": set(),
    "postgres": {"errors"},
    "dataset": set(),
    "chain": {"errors"},
    "extractors": FOUNDATIONS,
    "transformers": FOUNDATIONS,
    "stores": FOUNDATIONS,
    "runners": FOUNDATIONS | {"paths", "extractors", "transformers", "stores"},
    "catalog": FOUNDATIONS | {"paths", "runners"},
    "connections": FOUNDATIONS | {"extractors", "stores"},
    "task_wrappers": FOUNDATIONS | {"catalog", "runners", "connections"},
}
KNOWS_AIRFLOW = {"connections", "task_wrappers"}
KNOWS_THE_CLOCK = {"task_wrappers"}
CLOCK_AND_ENVIRONMENT = {"now", "utcnow", "today", "time", "time_ns", "environ", "getenv"}
CLOCK_OWNERS = {"datetime", "date", "time", "os"}

# Migrating is the warehouse's own business; the wrapper calls it without a runner between.
STORE_CALLS = {"task_wrappers": {"stores.warehouse"}}


def modules() -> list[Path]:
    return sorted((ROOT / PACKAGE).rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(ROOT / PACKAGE).with_suffix("").parts[0]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def breaches(layer_name: str, source: str) -> list[str]:
    """What a module of a layer imports against the law, or asks of clock and environment."""
    tree, found = ast.parse(source), []
    for name in imported(tree):
        if name.split(".")[0] == "airflow" and layer_name not in KNOWS_AIRFLOW:
            found.append(name)
        if name.startswith(f"{PACKAGE}.") and not _allowed(layer_name, name.removeprefix(f"{PACKAGE}.")):
            found.append(name)
    if layer_name not in KNOWS_THE_CLOCK:
        found += [ast.unparse(node) for node in ast.walk(tree) if _asks_outside(node)]
    return found


def _allowed(layer_name: str, name: str) -> bool:
    target = name.split(".")[0]
    exempt = any(name.startswith(prefix) or prefix.startswith(name) for prefix in STORE_CALLS.get(layer_name, ()))
    return target == layer_name or target in LAW[layer_name] or exempt


def _asks_outside(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in CLOCK_AND_ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id in CLOCK_OWNERS
    )


@pytest.mark.parametrize("path", [p for p in modules() if p.parent != ROOT / PACKAGE or p.stem != "__init__"], ids=str)
def test_a_module_keeps_the_import_law(path: Path) -> None:
    if "migrations" not in path.parts:
        assert breaches(layer(path), path.read_text()) == []


@pytest.mark.parametrize(
    ("layer_name", "source"),
    [
        pytest.param("runners", "from airflow.sdk import Variable", id="a runner that knows Airflow"),
        pytest.param("transformers", "from stacks_dataverse.stores import warehouse", id="a transformer with a store"),
        pytest.param("extractors", "from stacks_dataverse import paths", id="an extractor that knows paths"),
        pytest.param("runners", "from stacks_dataverse.catalog import TABLES", id="a runner that reads the catalogue"),
        pytest.param("stores", "import os\nKEY = os.environ['KEY']", id="a store that reads the environment"),
        pytest.param("runners", "from datetime import datetime\nNOW = datetime.now()", id="a runner with a clock"),
    ],
)
def test_a_breach_is_seen(layer_name: str, source: str) -> None:
    assert breaches(layer_name, source)


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda path: path.stem)
def test_a_dag_knows_task_wrappers_only(path: Path) -> None:
    ours = {name for name in imported(ast.parse(path.read_text())) if name.startswith(f"{PACKAGE}.")}
    allowed = (f"{PACKAGE}.task_wrappers", f"{PACKAGE}.chain")
    assert [name for name in ours if not name.startswith(allowed)] == []


@pytest.mark.parametrize("path", [*modules(), *sorted((ROOT / "scripts").rglob("*.py"))], ids=str)
def test_files_and_functions_stay_short(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 250
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= 50] == []


@pytest.mark.parametrize("path", modules(), ids=str)
def test_public_functions_are_annotated_and_described(path: Path) -> None:
    if "versions" in path.parts:
        return
    tree = ast.parse(path.read_text())
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not _inside(node, tree)
    ]
    assert [node.name for node in public if not ast.get_docstring(node)] == []
    assert [node.name for node in public if isinstance(node, ast.FunctionDef) and node.returns is None] == []


def _inside(node: ast.AST, tree: ast.Module) -> bool:
    """Whether a definition is local to a function, or belongs to a private class."""
    for parent in ast.walk(tree):
        hides = isinstance(parent, ast.FunctionDef) or (
            isinstance(parent, ast.ClassDef) and parent.name.startswith("_")
        )
        if hides and parent is not node and any(child is node for child in ast.walk(parent)):
            return True
    return False
