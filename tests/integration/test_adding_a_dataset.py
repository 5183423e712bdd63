"""The README's way to a new dataset, followed in a copy of the repository: two files and golden cases are all of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = "daily_contract_calls"
TRANSFORMER = '''"""Calls of contracts."""

import duckdb
import pyarrow as pa


def daily_contract_calls(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical calls of each contract, and the fees they paid, in µSTX.

    Reads: txs.
    Columns: contract, calls, fee_ustx.
    """
    return day.sql("""
        SELECT contract_call_contract_id AS contract, count(*) AS calls, sum(fee_rate)::BIGINT AS fee_ustx
        FROM txs WHERE contract_call_contract_id IS NOT NULL GROUP BY contract ORDER BY contract
    """).to_arrow_table()
'''
DECLARATION = '''"""Calls of contracts."""

from stacks_dataverse.catalog.fields import DAY, series_of
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.transformers import contract_calls, shapes

TABLES = (
    Table(
        name="daily_contract_calls",
        kind=Kind.FACT,
        transform=contract_calls.daily_contract_calls,
        reads={"txs": ("contract_call_contract_id", "fee_rate")},
        method="Canonical contract calls by contract.",
        columns=(
            DAY,
            Column("contract", "text", "contract that was called"),
            Column("calls", "bigint", "calls"),
            Column("fee_ustx", "bigint", "fees they paid", unit="µSTX"),
        ),
        key=("day", "contract"),
    ),
)
OBJECTS = (
    PublicObject(
        name="contract_calls",
        path="contract_calls/{version}.json.gz",
        shape=shapes.series,
        rows="SELECT day, sum(calls)::bigint AS value FROM daily_contract_calls WHERE day <= {day} GROUP BY day",
        method="Canonical contract calls of each day.",
        fields=series_of("calls"),
    ),
)
'''
RAW_TXS = [
    {"index_block_hash": "main", "microblock_canonical": True, "fee_rate": 5, "contract_call_contract_id": "SP.a"},
    {"index_block_hash": "main", "microblock_canonical": True, "fee_rate": 7, "contract_call_contract_id": "SP.a"},
    {"index_block_hash": "main", "microblock_canonical": True, "fee_rate": 9, "contract_call_contract_id": None},
]
# In the copy: the sample is run, and the table, its comments and its object are there.
RUN = '''"""The new dataset, from the sample chain to readers."""

from stacks_dataverse import catalog
from stacks_dataverse.runners import describe
from stacks_dataverse.stores.warehouse import Warehouse
from tests.support.databases import query

DAY = "2024-10-28"


def test_it_is_built_described_checked_and_published(sample, new_pipeline) -> None:
    pipeline = new_pipeline(sample)
    pipeline.run(DAY)
    theirs = query(sample, """
        SELECT contract_call_contract_id, count(*), sum(fee_rate)::bigint FROM txs
        JOIN blocks USING (index_block_hash) WHERE blocks.canonical AND microblock_canonical AND type_id = 2
            AND to_timestamp(blocks.block_time)::date = %s
        GROUP BY 1 ORDER BY 1
    """, DAY)
    ours = pipeline.read("SELECT contract, calls, fee_ustx FROM daily_contract_calls ORDER BY contract").to_pylist()
    assert [tuple(row.values()) for row in ours] == theirs
    (calls,) = pipeline.public.get_json("contract_calls/latest.json.gz").values()
    assert calls == sum(count for _, count, _ in theirs) > 0
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        describe.comment_tables(warehouse, catalog.TABLES)
        comment = warehouse.scalar("SELECT obj_description('daily_contract_calls'::regclass)")
    assert comment == "Canonical contract calls by contract."
    assert any("daily_contract_calls" in check.query for check in catalog.CHECKS)
'''
OF_THE_TABLE = (
    *("tests/golden", "tests/unit/test_raw_tables.py", "tests/unit/test_catalog.py"),
    *("tests/architecture/test_transformers.py", "-k", TABLE),
)
WAREHOUSE = "tests/integration/test_warehouse.py"
OF_ALL = (
    "tests/unit/scripts/docs/test_data_dictionary.py",
    f"{WAREHOUSE}::test_tables_columns_and_types_are_those_of_the_catalogue",
    f"{WAREHOUSE}::test_every_table_has_the_key_that_the_catalogue_declares",
    "tests/integration/test_new_dataset.py",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository's files."""
    archive = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in filter(None, archive.split("\0")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def run(copy: Path, *arguments: str) -> str:
    environment = {"PYTHONPATH": str(copy), "HOME": str(copy)}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_fact_with_a_public_object(copy: Path) -> None:
    (copy / "stacks_dataverse/transformers/contract_calls.py").write_text(TRANSFORMER)
    (copy / "stacks_dataverse/catalog/contract_calls.py").write_text(DECLARATION)
    assert "_contract_calls.py" in run(copy, "scripts.new_migration", "contract_calls")
    skeleton = Path(run(copy, "scripts.new_golden_case", TABLE).strip())
    case = json.loads(skeleton.read_text())
    case["raw"] |= {"blocks": [case["raw"]["blocks"][0] | {"block_height": 10}], "txs": RAW_TXS}
    case["expected"] = [{"contract": "SP.a", "calls": 2, "fee_ustx": 12}]
    skeleton.rename(skeleton.with_name("calls_are_counted.json")).write_text(json.dumps(case))
    run(copy, "scripts.docs.data_dictionary")
    run(copy, "scripts.docs.runbook")
    (copy / "tests/integration/test_new_dataset.py").write_text(RUN)
    for tests in (OF_THE_TABLE, OF_ALL):
        run(copy, "pytest", "-q", "-p", "no:cacheprovider", *tests)
