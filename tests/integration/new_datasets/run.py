"""A new dataset, from the sample chain to readers, run by `test_adding_a_dataset` in a copy of the repository.

The environment variable NEW_DATASET names its folder.
"""

from tests.integration import page as shared  # isort: skip

import os
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

import pytest

from scripts.local import sample_chain
from stacks_dataverse import catalog
from stacks_dataverse.runners import describe
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.support.databases import query
from tests.support.pipeline import Pipeline

NAME = os.environ["NEW_DATASET"]
EXPECTED = import_module(f"tests.integration.new_datasets.{NAME}.expected")
DECLARED = import_module(f"stacks_dataverse.catalog.{NAME}")
CANONICAL_TXS = """
    WITH canonical_txs AS (
        SELECT txs.*, (to_timestamp(COALESCE(NULLIF(blocks.block_time, 0), blocks.burn_block_time))
                       AT TIME ZONE 'UTC')::date AS day
        FROM txs JOIN blocks USING (index_block_hash)
        WHERE blocks.canonical AND txs.canonical AND txs.microblock_canonical
    )
"""
CHECKS = "SELECT DISTINCT name FROM quality_checks WHERE passed AND day = %s"


def assert_right(pipeline: Pipeline) -> None:
    """The table and the public object are what the source says, whatever happened before."""
    expected = query(pipeline.stacks_dsn, CANONICAL_TXS + EXPECTED.SOURCE)
    assert query(pipeline.warehouse_dsn, EXPECTED.ROWS) == expected != []
    published = pipeline.public.get_json(EXPECTED.KEY)
    found = {datetime.fromtimestamp(int(second), UTC).date(): value for second, value in published.items()}
    assert found == EXPECTED.values(expected)


def test_it_is_built_checked_published_and_kept_right(
    chain_copy: str, new_pipeline: Callable[[str], Pipeline], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = new_pipeline(chain_copy)
    pipeline.run(*SAMPLE_DAYS)
    assert_right(pipeline)
    before = query(pipeline.warehouse_dsn, EXPECTED.ROWS)
    pipeline.run(SAMPLE_DAYS[0])
    assert_right(pipeline)
    sample_chain.fork(chain_copy, depth=150)
    pipeline.backfill(*SAMPLE_DAYS[1:])
    assert_right(pipeline)
    assert query(pipeline.warehouse_dsn, EXPECTED.ROWS) != before
    assert_checked(pipeline)
    assert_described(pipeline)
    assert_shown(pipeline, monkeypatch)


def assert_checked(pipeline: Pipeline) -> None:
    """The checks of every table are run on it, and those of prints where it reads any."""
    passed = {name for (name,) in query(pipeline.warehouse_dsn, CHECKS, SAMPLE_DAYS[-1])}
    assert passed >= {"unbuilt_days", *("prints_as_declared" for table in DECLARED.TABLES if table.prints)}
    (unbuilt,) = (check for check in catalog.CHECKS if check.name == "unbuilt_days")
    assert all(table.name in unbuilt.query for table in DECLARED.TABLES if table.kind is not catalog.Kind.STATE)


def assert_described(pipeline: Pipeline) -> None:
    """Every SQL client shows what is declared."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        describe.comment_tables(warehouse, catalog.TABLES)
        for table in DECLARED.TABLES:
            sql = f"SELECT obj_description('{table.name}'::regclass)"
            assert warehouse.scalar(sql) == describe.description(table)


def assert_shown(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows each table and object, and the day's rows of what is made by day."""
    shared.airflow_has(monkeypatch)
    with shared.logged_in(shared.served(shared.stores(pipeline))) as viewer:
        day = viewer.get(f"/day/{SAMPLE_DAYS[-1]}").text
        for declared in (*DECLARED.TABLES, *DECLARED.OBJECTS):
            answer = viewer.get(f"/dataset/{declared.name}")
            assert answer.status_code == 200
            assert declared.method in answer.text
        assert all(table.name in day for table in DECLARED.TABLES if table.kind is not catalog.Kind.STATE)
