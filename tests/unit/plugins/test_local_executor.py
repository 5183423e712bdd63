"""Tasks find the libraries that they need in the process that they are forked from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.executors.executor_loader import ExecutorLoader

from plugins.local_executor import LIBRARIES, LocalExecutor

ROOT = Path(__file__).parents[3]

# Starts the executor, with workers that are not forked, and prints the modules of then, and of all tasks after that.
STARTED = """
import json, sys
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import airflow.executors.local_executor
from plugins.local_executor import LocalExecutor

def fork(executor, count):
    shared = sorted(sys.modules)
    for path in [*Path("stacks_dataverse/task_wrappers").glob("*.py"), *Path("dags").glob("*.py")]:
        import_module(".".join(path.with_suffix("").parts))
    print(json.dumps([shared, sorted(sys.modules)]))

with patch.object(airflow.executors.local_executor.LocalExecutor, "_spawn_workers_with_gc_freeze", fork):
    LocalExecutor(parallelism=2).start()
"""

# Uses the libraries with all their threads, in children of the process that has imported them and used none.
FORKED = """
import os, traceback
from importlib import import_module
from plugins.local_executor import LIBRARIES

for library in LIBRARIES:
    import_module(library)

def work():
    import duckdb, numpy, pandas, pyarrow, pyarrow.csv
    numpy.ones((500, 500)) @ numpy.ones((500, 500))
    rows = pyarrow.table({"n": range(1_000_000), "text": ["some text"] * 1_000_000})
    rows.to_pandas(use_threads=True)
    assert duckdb.sql("SELECT sum(n), max(text) FROM rows").fetchall() == [(499_999_500_000, "some text")]

children = []
for _ in range(4):
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
"""


def run(script: str, **settings: str) -> str:
    """What a script prints, in a process of its own with these settings."""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True, timeout=300,
        env=os.environ | settings | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def modules() -> tuple[set[str], set[str]]:
    """The modules that workers are forked with, and those after every task has imported what it needs."""
    shared, needed = json.loads(run(STARTED).splitlines()[-1])
    return set(shared), set(needed)


def test_a_task_imports_no_library_that_its_worker_has_not(modules: tuple[set[str], set[str]]) -> None:
    shared, needed = modules
    ours = {"airflow", "dags", "plugins", "stacks_dataverse", *sys.stdlib_module_names}
    assert shared >= set(LIBRARIES)
    assert [name for name in sorted(needed - shared) if name.split(".")[0] not in ours] == []


def test_a_worker_has_nothing_of_our_own_code(modules: tuple[set[str], set[str]]) -> None:
    """A task runs the code that is there when it starts."""
    shared, _ = modules
    assert [name for name in shared if name.startswith(("stacks_dataverse", "dags"))] == []


def test_forked_processes_can_use_the_libraries() -> None:
    run(FORKED)


def test_it_goes_by_the_name_of_airflows_own() -> None:
    script = """
from airflow.executors.executor_loader import ExecutorLoader
names = [ExecutorLoader.get_default_executor_name(), ExecutorLoader.lookup_executor_name_by_str("LocalExecutor")]
print(*{name.module_path for name in names})
"""
    settings = {"AIRFLOW_CONFIG": str(ROOT / "airflow.cfg"), "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite://"}
    path = run(script, **settings).split()[-1]
    assert path == f"{LocalExecutor.__module__}.{LocalExecutor.__name__}"
    assert ExecutorLoader.executors["LocalExecutor"].endswith(f".{LocalExecutor.__name__}")
