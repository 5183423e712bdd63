"""Every executor, hook, notifier and back end of Airflow's that a file of ours names is there and can be imported."""

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from airflow.executors.executor_loader import ExecutorLoader
from airflow.sdk.module_loading import import_string

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "dags", "plugins", "scripts", "stacks_dataverse", ".github")
WRITTEN_IN = {".md", ".cfg", ".list", ".example", ".py", ".sh", ".yml", ".toml", ".json", ""}
FILES = sorted(
    path
    for path in (*ROOT.iterdir(), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")))
    if path.is_file() and path.suffix in WRITTEN_IN
)

# airflow.a.b.Name, in a text or a value.
DOTTED = re.compile(r"\bairflow(?:\.[a-z_][a-z0-9_]*)+(?:\.[A-Z]\w+)?")
# What looks like a module of Airflow's, and is the name of something else: of a metric, or of a file.
OTHERS = re.compile(r"airflow\.(example|cfg|dataverse)\b")
IN_PROSE = {"CeleryExecutor", "LocalExecutor"}


def mentioned(path: Path) -> set[str]:
    """Dotted names that a file holds, of classes and of modules of providers, and what it imports of Airflow."""
    text = path.read_text(encoding="utf-8", errors="replace")
    names = {name for name in DOTTED.findall(text) if not OTHERS.match(name)}
    found = {name for name in names if re.search(r"\.[A-Z]\w+$", name)}
    return found | (imported(text) if path.suffix == ".py" else set())


def imported(source: str) -> set[str]:
    """What a Python file imports of Airflow, inside of functions too."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {
        f"{node.module}.{name.name}"
        for node in nodes
        if (node.module or "").startswith("airflow")
        for name in node.names
    }


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or a member of one."""
    module, _, member = name.rpartition(".")
    return hasattr(import_module(module), member) or find_spec(name) is not None


NAMED = sorted({name for path in FILES for name in mentioned(path)})


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_can_be_imported(name: str) -> None:
    assert exists(name)


def test_names_of_every_kind_are_looked_at() -> None:
    for kind in ("AwsEcsExecutor", "SlackWebhookHook", "SmtpHook", "AwsBaseHook"):
        assert any(name.endswith(f".{kind}") for name in NAMED), kind


@pytest.mark.parametrize("name", sorted(IN_PROSE))
def test_an_executor_that_goes_by_its_short_name_can_be_imported(name: str) -> None:
    executor = import_string(ExecutorLoader.executors[name])
    assert executor.__name__ == name


@pytest.mark.parametrize(
    "name", ["airflow.providers.celery.executors.celery_executor.NoSuchExecutor", "airflow.no_such_module.Thing"]
)
def test_a_name_of_nothing_is_seen(name: str) -> None:
    with pytest.raises((AssertionError, ImportError)):
        assert exists(name)
