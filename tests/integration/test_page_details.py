"""The lower half of a dataset's page: columns, sample, lineage, checks; and its programs, each of which runs."""

from tests.integration import page as shared  # isort: skip
from tests.integration.page import no_airflow as no_airflow, viewer as viewer  # isort: skip

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import duckdb
import httpx
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from plugins.page import dataset_view, lineage, snippets, task_runs
from plugins.page.producers import Task
from plugins.page.snippets import CURL, DUCKDB, JAVASCRIPT, PANDAS, SQL
from plugins.page.task_runs import TaskRun
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, PublicObject
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.support.pipeline import Pipeline
from tests.support.served import serving

SUMMARY = re.compile(r"<summary>(\w+)</summary>.*?<code>(.*?)</code>", re.DOTALL)
# A table of each kind; programs of tables differ by their names alone.
TABLES = ("daily_blocks", "swaps", "stx_balances", "mining_tenures", "quality_checks")
OBJECTS = {obj.name: obj for obj in catalog.OBJECTS if not obj.private}
VIEWS = """
    SELECT DISTINCT source.relname::text FROM pg_rewrite AS rule
    JOIN pg_depend AS depend ON depend.objid = rule.oid JOIN pg_class AS source ON source.oid = depend.refobjid
    WHERE rule.ev_class = {view}::regclass AND source.oid <> rule.ev_class AND source.relkind = 'r' ORDER BY 1
"""
RAN = TaskRun(Task("stacks_daily", "publish"), "dags/stacks_daily/runs/day_1/tasks/publish", "failed", "day_1")


def test_every_column_has_type_unit_null_rule_and_meaning(viewer: TestClient) -> None:
    page = viewer.get("/dataset/daily_network_activity").text
    assert re.search(r">bigint</td><td[^>]*>µSTX</td><td[^>]*>no</td>", page)
    assert re.search(r"<td[^>]*>null ", page)
    of_object = viewer.get("/dataset/network_activity").text
    assert re.search(r"<code>data.&lt;row&gt;.day</code></th><td[^>]*>text, ISO date</td>", of_object)
    spot = viewer.get("/dataset/spot_stats").text
    assert re.search(
        r"<code>total_txs_alltime</code></th><td[^>]*>integer</td><td[^>]*></td><td[^>]*>null while blocks", spot
    )


def test_every_published_field_has_a_type(viewer: TestClient) -> None:
    untyped = {}
    for name in OBJECTS:
        page = viewer.get(f"/dataset/{name}").text
        if "is not published yet" not in page and "is published as null" not in page:
            untyped |= {name: page.count(">null at present<")} if ">null at present<" in page else {}
    # Of these the sample has no value that is known.
    assert untyped.keys() <= {"spot_stats", "mining_riskreward", "stacking_riskreward", "stacking_riskreward_small"}


def test_an_object_has_a_sample_of_its_file(viewer: TestClient) -> None:
    page = viewer.get("/dataset/network_activity").text
    sample = json.loads(unescape(page.split('aria-label="Sample of the file"><code>')[1].split("</code>")[0]))
    assert sample["dataset"] == "network_activity"
    assert sample["data"][0]["day"] == SAMPLE_DAYS[0]
    assert sample["data"][-1] == "… 1 more"
    assert 'aria-label="Sample of the file"' not in viewer.get("/dataset/daily_blocks").text


def test_lineage_links_both_ways_with_the_task_and_its_log(viewer: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_runs, "read_last", lambda *_: [RAN])
    page = viewer.get("/dataset/daily_exchange_volume").text
    assert 'href="/dataset/swaps"' in page
    assert 'href="/dataset/exchange_volume"' in page
    assert "<code>contract_logs</code>" in page
    assert 'class="run run-failed">failed' in page
    assert 'data-airflow-link href="/dags/stacks_daily/runs/day_1/tasks/publish"' in page


def test_checks_of_a_dataset_have_their_newest_result(viewer: TestClient) -> None:
    page = viewer.get("/dataset/swaps").text
    row = page.split("<code>swaps_as_moved</code>")[1].split("</tr>")[0]
    assert "✓ passed" in row
    assert f'href="/day/{SAMPLE_DAYS[2]}"' in row


def test_a_view_reads_the_tables_that_the_warehouse_says(sample_with_look: Pipeline) -> None:
    with Warehouse.open_read_only(sample_with_look.warehouse_dsn) as warehouse:
        for view in catalog.tables(Kind.VIEW):
            tables = warehouse.read(VIEWS, view=view.name)["relname"].to_pylist()
            assert sorted(view.made_of) == tables


@pytest.fixture(scope="module")
def address(sample_with_look: Pipeline) -> Iterator[str]:
    """The page on a port, for somebody who may look."""
    page = shared.served(shared.stores(sample_with_look, public_url=lambda: sample_with_look.public.url), 60)
    with pytest.MonkeyPatch.context() as patch, shared.logged_in(page), serving(page) as url:
        patch.setenv("no_proxy", "127.0.0.1")
        patch.setattr(task_runs, "read_last", lambda *_: [])
        yield url


def programs(address: str, name: str) -> dict[str, str]:
    """The programs of a dataset as its page shows them."""
    page = httpx.get(f"{address}/dataset/{name}").text
    return {tool: unescape(text) for tool, text in SUMMARY.findall(page[page.index('id="use"') :])}


def run_python(text: str) -> tuple[str, dict[str, object]]:
    """What a program prints, and its names."""
    scope: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "snippet", "exec"), scope)
    return printed.getvalue(), scope


def run(arguments: list[str]) -> str:
    """What a program prints that succeeds."""
    environment = os.environ | {snippets.TOKEN: "of-a-test"}
    return subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment).stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, and a token."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(snippets.TOKEN, "of-a-test")
    return tmp_path


@pytest.fixture(scope="module")
def readable(sample_with_look: Pipeline) -> ObjectStore:
    """The public bucket, which everybody may read."""
    public = sample_with_look.public
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{public.bucket}/*",
    }
    public._client.delete_public_access_block(Bucket=public.bucket)
    public._client.put_bucket_policy(
        Bucket=public.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    return public


# One of each shape of file; programs of the others differ by names alone.
SHAPES = (
    *("network_activity", "network_activity_hours", "daily_txs", "whale_movements", "nft_top_by_holders"),
    *("spot_stats", "spot_stats_historical", "wallet_balances_raw", "mining_overview", "tx_per_block"),
)


@pytest.mark.parametrize("name", SHAPES)
def test_programs_of_a_public_object_run(
    name: str, address: str, readable: ObjectStore, sample_with_look: Pipeline, folder: Path
) -> None:
    assert check_programs(OBJECTS[name], address, readable, sample_with_look, folder)


@pytest.mark.slow
def test_programs_of_all_public_objects_run(
    address: str, readable: ObjectStore, sample_with_look: Pipeline, folder: Path
) -> None:
    ran = [check_programs(obj, address, readable, sample_with_look, folder) for obj in OBJECTS.values()]
    assert sum(ran) > 60


def check_programs(obj: PublicObject, address: str, public: ObjectStore, pipeline: Pipeline, folder: Path) -> bool:
    """Run the programs of an object; whether there are any, which needs a value that is published."""
    found, key = programs(address, obj.name), obj.path.format(version="latest")
    if not public.has(key):
        return False
    run(["sh", "-c", found[CURL]])
    text = (folder / Path(f"{obj.name}{Path(key).suffixes[0]}")).read_text()
    value = json.loads(text) if ".json" in key else None
    if value is None and ".json" in key:
        return False
    _, scope = run_python(found[PANDAS])
    frame = scope["frame"]
    assert isinstance(frame, pd.DataFrame | pd.Series), obj.name
    printed, _ = run_python(found[DUCKDB])
    assert "│" in printed, obj.name
    if obj.is_enveloped:
        assert value is not None
        assert len(frame) == len(value["data"])
        assert not len(frame) or list(frame.columns) == [column.name for column in obj.columns]
    if SQL in found:
        with Warehouse.open_read_only(pipeline.warehouse_dsn) as warehouse:
            rows = warehouse.read(found[SQL])
        assert not obj.is_enveloped or rows.num_rows == len(frame), obj.name
    return True


@pytest.mark.parametrize("name", ["blocks", "daily_txs", "whale_movements", "nft_top_by_holders", "spot_stats"])
def test_javascript_of_a_public_object_runs(name: str, address: str, readable: ObjectStore) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("not installed: node")
    printed = run([node, "--input-type=module", "--eval", programs(address, name)[JAVASCRIPT]])
    assert len(printed) > 20


@pytest.mark.parametrize("name", TABLES)
def test_programs_of_a_table_run(name: str, address: str, sample_with_look: Pipeline, folder: Path) -> None:
    found = programs(address, name)
    assert list(found) == [CURL, PANDAS, DUCKDB, JAVASCRIPT, SQL]
    with Warehouse.open_read_only(sample_with_look.warehouse_dsn) as warehouse:
        rows = warehouse.read(found[SQL])
        count = warehouse.scalar(f"SELECT count(*) FROM {name}")
    assert rows.num_rows == min(count, snippets.ROWS)
    run(["sh", "-c", found[CURL]])
    assert len((folder / f"{name}.csv").read_text().splitlines()) == count + 1
    _, scope = run_python(found[PANDAS])
    frame = scope["frame"]
    assert isinstance(frame, pd.DataFrame)
    assert (len(frame), list(frame.columns)) == (count, list(dataset_view.TABLES[name].fields))
    run_python(found[DUCKDB])
    assert duckdb.sql(f"SELECT count(*) FROM '{folder / name}.parquet'").fetchall() == [(count,)]
    if node := shutil.which("node"):
        assert run([node, "--input-type=module", "--eval", found[JAVASCRIPT]])


def test_every_dataset_has_programs() -> None:
    for name, dataset in lineage.DATASETS.items():
        is_public = isinstance(dataset, PublicObject) and not dataset.private
        made = snippets.snippets_of(dataset, "https://data.example/x", is_public=is_public)
        assert [each.tool for each in made][:4] == [CURL, PANDAS, DUCKDB, JAVASCRIPT], name
