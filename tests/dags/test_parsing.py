"""A DAG file is parsed without the code that its tasks run, and every task's wrapper is there when it runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag

from stacks_dataverse.task_wrappers.lazy import resolve

ROOT = Path(__file__).parents[2]
DAGS = sorted((ROOT / "dags").glob("*.py"))
PARSE = "import json, runpy, sys; runpy.run_path(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"
OF_TASKS = ("runners", "stores", "catalog", "connections")
OF_THE_CHAIN = ("chain", "raw_tables", "look", "mempool", "clarity", "extractors.stacks_db")


def parsed(path: Path) -> set[str]:
    """The modules that a fresh interpreter has after it read a DAG file."""
    command = [sys.executable, "-c", PARSE, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    # A task parses its DAG's file, and its log would begin with what the packages say of themselves.
    assert "is deprecated" not in done.stdout + done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def of_ours(modules: set[str], names: tuple[str, ...]) -> list[str]:
    """Those of the modules that are, or lie in, some of the package."""
    ours = tuple(f"stacks_dataverse.{name}" for name in names)
    return [module for module in modules if module in ours or module.startswith(tuple(f"{name}." for name in ours))]


@pytest.mark.parametrize("path", DAGS, ids=lambda path: path.stem)
def test_parsing_loads_nothing_that_only_a_task_needs(path: Path) -> None:
    modules = parsed(path)
    assert "stacks_dataverse.task_wrappers.lazy" in modules
    assert of_ours(modules, OF_TASKS) == []


def test_parsing_market_daily_loads_no_code_of_the_chain() -> None:
    modules = parsed(ROOT / "dags" / "market_daily.py")
    assert "stacks_dataverse.vendors.lunarcrush" in modules
    assert of_ours(modules, OF_THE_CHAIN) == []
    assert modules & {"duckdb", "pandas", "talib"} == set()


def test_every_task_calls_a_wrapper_that_is_there() -> None:
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    tasks = [task for dag in bag.dags.values() for task in dag.tasks]
    called = [task.partial_kwargs if task.is_mapped else vars(task) for task in tasks]
    functions = [found["python_callable"] for found in called if "python_callable" in found]
    assert len(functions) > 30
    assert [name for name in map(resolve, functions) if not hasattr(name, "__wrapped__")] == []
