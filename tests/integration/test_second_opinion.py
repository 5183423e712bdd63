"""Warehouses of real databases, of the sample and of its forks agree with the second opinion on every table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg2
import psycopg2.extras
import pytest

from scripts.local import sample_chain
from tests.integration.conftest import CYCLES, REAL_DAYS, SAMPLE
from tests.second_opinion.chain import Chain
from tests.second_opinion.compare import disagreements
from tests.second_opinion.load import content
from tests.second_opinion.opinions import opinion_on
from tests.second_opinion.random_events import TABLES
from tests.support.databases import query
from tests.support.pipeline import Pipeline

FORKS = {"of Stacks": {"depth": 150}, "of Bitcoin": {"depth": 150, "is_bitcoins": True, "seconds": -700}}


def read_chain(pipeline: Pipeline) -> Chain:
    """The whole Stacks database of a pipeline, and the days that its warehouse has."""
    tables = {name: read_table(pipeline.stacks_dsn, name) for name in TABLES}
    days = pipeline.read("SELECT day FROM built_days ORDER BY day")["day"].to_pylist()
    return Chain(tables, days, pipeline.network)


def read_table(dsn: str, table: str) -> list[dict[str, Any]]:
    """All rows of a table of a Stacks database; none where its version has no such table."""
    ((exists,),) = query(dsn, "SELECT to_regclass(%s)", table)
    if exists is None:
        return []
    rows = psycopg2.extras.RealDictCursor
    with psycopg2.connect(dsn) as connection, connection.cursor(cursor_factory=rows) as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return [{name: plain(value) for name, value in row.items()} for row in cursor.fetchall()]


def plain(value: Any) -> Any:
    """A value as the landed files have it."""
    return bytes(value) if isinstance(value, memoryview) else value


def assert_agreed(pipeline: Pipeline) -> None:
    """All tables of the warehouse are as the second opinion on its Stacks database has them."""
    rows = content(pipeline.warehouse_dsn)
    assert rows["failures"] == []
    assert disagreements(rows, opinion_on(read_chain(pipeline))) == {}


@pytest.mark.parametrize("name", [*REAL_DAYS, SAMPLE])
def test_a_database(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    assert_agreed(whole_chain(name))


@pytest.mark.slow
@pytest.mark.parametrize("fork", FORKS.values(), ids=FORKS)
def test_a_fork_of_the_sample(fork: dict[str, Any], chain_copy: str, new_pipeline: Callable[..., Pipeline]) -> None:
    pipeline = new_pipeline(chain_copy, CYCLES[SAMPLE])
    days = list(map(str, sample_chain.days_in(chain_copy)))
    pipeline.run(*days)
    sample_chain.fork(chain_copy, **fork)
    pipeline.backfill(*map(str, pipeline.compare(days[0], days[-1]).days))
    assert_agreed(pipeline)


def test_an_opinion_on_other_days_differs(whole_chain: Callable[[str], Pipeline]) -> None:
    """The comparison can fail: a chain of which a day is missing is not the warehouse's."""
    pipeline = whole_chain("stacks_reorg1")
    others = replace(read_chain(pipeline), days=[date(2021, 1, 14)])
    assert {"daily_transactions", "daily_balances", "stx_balances"} <= disagreements(
        content(pipeline.warehouse_dsn), opinion_on(others)
    ).keys()
