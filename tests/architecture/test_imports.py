"""The import law: who may know whom, and that nothing below a wrapper asks for the time or the environment."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "stacks_dataverse"
EVERY_FILE = [
    *(path for top in (PACKAGE, "dags", "plugins", "scripts", "tests") for path in sorted((ROOT / top).rglob("*.py"))),
    *sorted(ROOT.glob("*.py")),
]
# Read by Airflow's web server, and not the package's: how one logs in.
PLUGINS = [*sorted((ROOT / "plugins").rglob("*.py")), ROOT / "webserver_config.py"]
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
FOUNDATIONS = {
    *("caveats", "window", "chain", "clarity", "network", "http", "errors", "files", "postgres", "dataset"),
    *("burn_rows", "data_check", "end_of_day", "envelope", "event_order", "manifest", "mempool", "prints", "queries"),
    *("api_spelling", "labels", "postgres_types", "public", "public_files", "raw_tables", "seeds", "source"),
    *("sql_values", "state", "tip_snapshot", "typed_rows", "units", "vendor", "versions"),
}

# What a layer may import of the package, besides itself.
LAW = {
    "window": {"errors"},
    "http": {"errors"},
    "adbc": frozenset(),
    "postgres": {"adbc", "errors", "postgres_types"},
    "dataset": {"labels", "prints", "raw_tables", "state", "units"},
    "prints": {"api_spelling", "clarity", "raw_tables"},
    "source": {"dataset"},
    "end_of_day": {"dataset", "event_order", "queries", "seeds", "state"},
    "envelope": {"dataset", "public"},
    "public_files": {"dataset", "files"},
    "typed_rows": {"dataset", "postgres_types", "units"},
    "data_check": {"raw_tables"},
    "public": {"dataset", "envelope", "errors", "files", "labels", "public_files", "units"},
    "network": {"errors"},
    "seeds": {"dataset"},
    "raw_tables": {"burn_rows", "labels", "mempool"},
    "chain": {"burn_rows", "errors", "mempool", "network", "raw_tables", "sql_values"},
    "tip_snapshot": {"manifest", "window"},
    **dict.fromkeys(("api_spelling", "burn_rows", "caveats", "clarity", "errors", "event_order"), frozenset()),
    **dict.fromkeys(("files", "labels", "manifest", "mempool", "paths", "postgres_types", "sql_values"), frozenset()),
    **dict.fromkeys(("state", "units", "versions"), frozenset()),
    "vendor": {"window"},
    "vendors": FOUNDATIONS | {"extractors", "transformers"},
    "queries": {"dataset", "event_order"},
    "extractors": FOUNDATIONS,
    "transformers": FOUNDATIONS,
    "stores": FOUNDATIONS,
    "runners": FOUNDATIONS | {"paths", "extractors", "transformers", "stores"},
    "catalog": FOUNDATIONS | {"paths", "transformers"},
    "site": FOUNDATIONS,
    "connections": FOUNDATIONS | {"extractors", "stores", "vendors"},
    "metrics": set(),
    # Packages of their own.
    "clients": frozenset(),
    "task_wrappers": FOUNDATIONS | {"catalog", "runners", "connections", "metrics", "site", "vendors"},
}
KNOWS_AIRFLOW, KNOWS_THE_CLOCK = {"connections", "metrics", "task_wrappers"}, {"task_wrappers"}
CLOCK_AND_ENVIRONMENT = {"now", "utcnow", "today", "time", "time_ns", "environ", "getenv"}
CLOCK_OWNERS = {"datetime", "date", "time", "os"}
ASKING = {"os.environ", "os.getenv", "time.time", "time.time_ns"}

# A transformer turns rows into rows: neither network nor file nor database.
OUTSIDE_WORLD = {
    *("http", "urllib", "socket", "ssl", "requests", "httpx", "boto3", "botocore", "smart_open"),
    *("io", "os", "pathlib", "shutil", "subprocess", "tempfile", "sqlite3"),
    *("psycopg2", "sqlalchemy", "alembic", "adbc_driver_manager", "adbc_driver_postgresql"),
}

# Migrating is the warehouse's own business; the wrapper calls it without a runner between.
STORE_CALLS = {"task_wrappers": {"stores.warehouse"}}


def modules() -> list[Path]:
    return sorted((ROOT / PACKAGE).rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(ROOT / PACKAGE).with_suffix("").parts[0]


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names that a module imports; a relative one keeps its dots, and none is allowed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (module, *(f"{module}.{name.name}" for name in node.names))


def breaches(layer_name: str, source: str) -> list[str]:
    """What a module of a layer imports against the law, or asks of clock and environment."""
    tree, found = ast.parse(source), []
    for name in imported(tree):
        top = name.split(".")[0]
        if (
            not top
            or (top == "airflow" and layer_name not in KNOWS_AIRFLOW)
            or (top in OUTSIDE_WORLD and layer_name == "transformers")
            or (name in ASKING and layer_name not in KNOWS_THE_CLOCK)
            or (name.startswith(f"{PACKAGE}.") and not _allowed(layer_name, name.removeprefix(f"{PACKAGE}.")))
        ):
            found.append(name)
    if layer_name not in KNOWS_THE_CLOCK:
        found += [ast.unparse(node) for node in ast.walk(tree) if _asks_outside(node)]
    return found


def _allowed(layer_name: str, name: str) -> bool:
    target = name.split(".")[0]
    exempt = any(name.startswith(prefix) or prefix.startswith(name) for prefix in STORE_CALLS.get(layer_name, ()))
    return target == layer_name or target in LAW[layer_name] or exempt


def _asks_outside(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr not in CLOCK_AND_ENVIRONMENT:
        return False
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", None)
    return owner in CLOCK_OWNERS


@pytest.mark.parametrize("path", [p for p in modules() if p.parent != ROOT / PACKAGE or p.stem != "__init__"], ids=str)
def test_a_module_keeps_the_import_law(path: Path) -> None:
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
        pytest.param("window", "import datetime\nNOW = datetime.datetime.utcnow()", id="a clock by its full name"),
        pytest.param("transformers", "def age() -> int:\n    import time\n    return time.time()", id="a hidden clock"),
        pytest.param("extractors", "from os import getenv", id="the environment by another name"),
        pytest.param("transformers", "import httpx", id="a transformer that calls out"),
        pytest.param("transformers", "from pathlib import Path", id="a transformer with files"),
        pytest.param("stores", "from ..extractors import stacks_db", id="a relative import"),
        pytest.param("task_wrappers", "from stacks_dataverse.transformers import tip", id="a wrapper that computes"),
        pytest.param("stores", "from stacks_dataverse.runners import land", id="a store that knows a runner"),
        pytest.param("paths", "from stacks_dataverse import window", id="a path that knows anything"),
        pytest.param("clients", "from stacks_dataverse import dataset", id="a client that knows the publisher"),
    ],
)
def test_a_breach_is_seen(layer_name: str, source: str) -> None:
    assert breaches(layer_name, source)


@pytest.mark.parametrize(
    ("layer_name", "source"),
    [
        pytest.param("task_wrappers", "from datetime import datetime\nNOW = datetime.now()", id="a wrapper's clock"),
        pytest.param("connections", "from airflow.sdk import Connection", id="connections know Airflow"),
        pytest.param("runners", "from stacks_dataverse.stores.warehouse import Warehouse", id="a runner's store"),
        pytest.param("transformers", "from stacks_dataverse.errors import Terminal\nimport duckdb", id="foundations"),
    ],
)
def test_what_is_lawful_passes(layer_name: str, source: str) -> None:
    assert breaches(layer_name, source) == []


def test_paths_have_no_logic() -> None:
    nodes = ast.parse((ROOT / PACKAGE / "paths.py").read_text()).body[1:]
    assert all(isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) for node in nodes)


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda path: path.stem)
def test_a_dag_knows_task_wrappers_only(path: Path) -> None:
    ours = {name for name in imported(ast.parse(path.read_text())) if name.startswith(f"{PACKAGE}.")}
    allowed = tuple(f"{PACKAGE}.{name}" for name in ("task_wrappers", "chain", "vendors"))
    assert [name for name in ours if not name.startswith(allowed)] == []


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.stem)
def test_a_plugin_knows_plugins_and_what_a_wrapper_may(path: Path) -> None:
    names = [name.split(".") for name in imported(ast.parse(path.read_text()))]
    assert [name for name in names if name[0] in ("dags", "scripts", "tests", "webserver_config")] == []
    # What the page asks of the stores stands where a runner does; more of it in test_page_imports.
    also = {"paths", "stores"} if path.parent.name == "page" else set()
    allowed = LAW["task_wrappers"] | {"task_wrappers"} | also
    assert [name for name in names if name[0] == PACKAGE and len(name) > 1 and name[1] not in allowed] == []


@pytest.mark.parametrize("path", modules(), ids=str)
def test_the_package_knows_no_plugin(path: Path) -> None:
    top = {name.split(".")[0] for name in imported(ast.parse(path.read_text()))}
    assert not top & {"plugins", "webserver_config"}


@pytest.mark.parametrize("path", EVERY_FILE, ids=str)
def test_files_and_functions_stay_short(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 250
    assert [name for name, lines in lengths(source).items() if lines > 50] == []


@pytest.mark.parametrize("path", sorted((ROOT / PACKAGE / "runners").rglob("*.py")), ids=str)
def test_a_runner_is_one_short_routine(path: Path) -> None:
    assert [name for name, lines in lengths(path.read_text(), documented=False).items() if lines > 15] == []


def lengths(source: str, *, documented: bool = True) -> dict[str, int]:
    """Lines of each function; without what stands above its first statement, if only its body is asked for."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTION)]
    found: dict[str, int] = {}
    for function in functions:
        body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
        first = function.lineno if documented else body[0].lineno
        lines = (function.end_lineno or first) - first + 1
        found[function.name] = max(lines, found.get(function.name, 0))
    return found


def test_a_long_function_is_seen() -> None:
    source = "def long():\n" + "    x = 1\n" * 50
    assert lengths(source) == {"long": 51}
    assert lengths(source, documented=False) == {"long": 50}


@pytest.mark.parametrize("path", [*modules(), *PLUGINS], ids=str)
def test_public_functions_are_annotated_and_described(path: Path) -> None:
    if "versions" in path.parts:
        return
    tree = ast.parse(path.read_text())
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, FUNCTION | ast.ClassDef) and not node.name.startswith("_") and not _inside(node, tree)
    ]
    assert ast.get_docstring(tree) or not tree.body, "the module says nothing of itself"
    assert [node.name for node in public if not ast.get_docstring(node)] == []
    assert [node.name for node in public if isinstance(node, FUNCTION) and node.returns is None] == []


def _inside(node: ast.AST, tree: ast.Module) -> bool:
    """Whether a definition is local to a function, or belongs to a private class."""
    for parent in ast.walk(tree):
        hides = isinstance(parent, FUNCTION) or (isinstance(parent, ast.ClassDef) and parent.name.startswith("_"))
        if hides and parent is not node and any(child is node for child in ast.walk(parent)):
            return True
    return False
