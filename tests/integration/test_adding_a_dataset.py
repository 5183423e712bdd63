"""The README's way to a new dataset, followed in a copy of the repository: two files and golden cases are all of it.

Each folder of `new_datasets` holds one: its two files, its golden cases by table, and what readers must get.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATASETS = Path(__file__).parent / "new_datasets"

# What holds of every table and object of the catalogue.
WAREHOUSE = "tests/integration/test_warehouse.py"
OF_ALL = (
    *("tests/golden", "tests/architecture", "tests/unit/test_catalog.py", "tests/unit/test_raw_tables.py"),
    *("tests/unit/scripts/docs", "tests/unit/scripts/test_new_golden_case.py"),
    f"{WAREHOUSE}::test_tables_columns_and_types_are_those_of_the_catalogue",
    f"{WAREHOUSE}::test_every_table_has_the_key_that_the_catalogue_declares",
    f"{WAREHOUSE}::test_every_daily_objects_query_runs",
)
RUN = "tests/integration/new_datasets/run.py"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository's files."""
    archive = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in filter(None, archive.split("\0")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def run(copy: Path, *arguments: str, **variables: str) -> str:
    environment = {"PYTHONPATH": str(copy), "HOME": str(copy), **variables}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write_case(copy: Path, table: str, case: dict) -> None:
    """Fill in what `scripts.new_golden_case` writes: its names are those of the case."""
    file = Path(run(copy, "scripts.new_golden_case", table).strip())
    to_fill = json.loads(file.read_text())
    assert case.keys() <= to_fill.keys()
    assert case["expected"][0].keys() == to_fill["expected"][0].keys()
    (places,) = to_fill["days"] if "days" in case else [to_fill["raw"]]
    for inputs in case["days"] if "days" in case else [case["raw"]]:
        assert all(row.keys() <= places[name][0].keys() for name, rows in inputs.items() for row in rows)
    file.rename(file.with_name("as_expected.json")).write_text(json.dumps(case))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(file.parent.name for file in DATASETS.glob("*/cases.json")))
def test_two_files_and_golden_cases_are_a_dataset(name: str, copy: Path) -> None:
    for file, place in ("transformer.py", "transformers"), ("declaration.py", "catalog"):
        (copy / "stacks_dataverse" / place / f"{name}.py").write_text((DATASETS / name / file).read_text())
    assert f"_{name}.py" in run(copy, "scripts.new_migration", name)
    cases = json.loads((DATASETS / name / "cases.json").read_text())
    for table, case in cases.items():
        write_case(copy, table, case)
    run(copy, "scripts.docs.data_dictionary")
    run(copy, "scripts.docs.runbook")
    assert all(table in (copy / "docs" / "data_dictionary.md").read_text() for table in cases)
    of_it = " or ".join(("not [", *re.findall('name="([a-z_]+)"', (DATASETS / name / "declaration.py").read_text())))
    run(copy, "pytest", "-q", "-p", "no:cacheprovider", "-k", of_it, *OF_ALL, RUN, NEW_DATASET=name)
