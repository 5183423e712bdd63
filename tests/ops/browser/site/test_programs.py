"""The programs on the pages of the site run as they are, and read the rows that are published."""

import contextlib
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.files import unzip
from stacks_dataverse.public_files import v1_path
from stacks_dataverse.site.snippets import CURL, DUCKDB, JAVASCRIPT, PANDAS, POLARS, snippets_of
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

OBJECTS = {obj.name: obj for obj in catalog.OBJECTS}
NAMES = ("daily_txs", "network_activity", "exchange_pools", "spot_stats", "tokens", "whale_movements")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: Pipeline) -> Path:
    """A folder of its own, on a machine that asks its own servers without a proxy."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path


def run(*arguments: str) -> str:
    """What a program prints that succeeds."""
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


def run_python(text: str) -> dict[str, object]:
    """The names of a program in Python after it has run."""
    scope: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "program", "exec"), scope)
    return scope


@pytest.mark.parametrize("name", NAMES)
def test_programs_read_the_rows_that_are_published(name: str, published: Pipeline, folder: Path) -> None:
    obj = OBJECTS[name]
    programs = snippets_of(obj, published.public.url)
    rows = json.loads(unzip(published.public.get(v1_path(name, is_dated=obj.is_dated).format(version="latest"))))[
        "data"
    ]
    run("sh", "-c", programs[CURL])
    assert json.loads((folder / f"{name}.json").read_text())["data"] == rows
    columns = [column.name for column in obj.columns]
    for tool in (PANDAS, POLARS):
        frame = run_python(programs[tool])["frame"]
        assert (list(frame.columns), len(frame)) == (columns, len(rows)), tool
    scope = run_python(programs[DUCKDB])
    assert scope["duckdb"].sql(f"FROM '{name}.parquet'").columns == columns
    node = shutil.which("node")
    if node is None:
        pytest.skip("not installed: node")
    assert columns[0] in run(node, "--input-type=module", "--eval", programs[JAVASCRIPT])
