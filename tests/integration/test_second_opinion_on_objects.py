"""Public objects of real databases and of the sample, with prices and looks at the tip, are as the second opinion."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Schedule
from tests.integration.conftest import REAL_DAYS
from tests.integration.looks import TAKEN_AT, execute
from tests.integration.test_second_opinion import read_chain, read_table
from tests.second_opinion.objects.compare import disagreements, disagreements_on_tables
from tests.second_opinion.objects.opinions import JUDGES, OF_TABLES
from tests.second_opinion.objects.run import Run, make_files, read_files, read_tables
from tests.support.pipeline import Pipeline

OF_DAYS = [*catalog.objects(Schedule.DAILY), *catalog.objects(Schedule.MARKET)]
OF_THE_TIP = catalog.objects(Schedule.HALF_HOURLY)
SNAPSHOTS = [table.name for table in catalog.tables(Kind.SNAPSHOT)]
VIEWS = [table.name for table in catalog.tables(Kind.VIEW)]
SERIES = [table.name for table in catalog.tables(Kind.SERIES)]

# Two days of three, and a few hours here and there.
HOLES = "DELETE FROM price_hourly WHERE hour_at::date <> '2024-10-28' OR extract(hour FROM hour_at)::int % 5 = 3"


def run_of(pipeline: Pipeline) -> Run:
    """What a pipeline has published; of daily objects the latest as they would be published now, with its prices."""
    tables, files = read_tables(pipeline.warehouse_dsn), read_files(pipeline.public)
    day = max(row["day"] for row in tables["loaded_days"])
    today = make_files(pipeline.warehouse_dsn, catalog.objects(Schedule.DAILY), day, pipeline.network)
    chain = read_chain(pipeline)
    mempool = {"mempool_txs": read_table(pipeline.stacks_dsn, "mempool_txs")}
    return Run(tables, replace(chain, tables={**chain.tables, **mempool}), pipeline.network, files | today)


def test_every_object_and_table_has_a_second_opinion() -> None:
    assert JUDGES.keys() == {obj.name for obj in (*OF_DAYS, *OF_THE_TIP)}
    assert OF_TABLES.keys() == {*SNAPSHOTS, *VIEWS, *SERIES}


def test_the_sample_and_the_market(sample_with_market: Pipeline) -> None:
    run = run_of(sample_with_market)
    assert disagreements(run, OF_DAYS) == {}
    assert disagreements_on_tables(run, [*SERIES, *VIEWS]) == {}


def test_a_look_at_the_tip(sample_with_look: Pipeline) -> None:
    run = run_of(sample_with_look)
    assert disagreements(run, OF_THE_TIP) == {}
    assert disagreements_on_tables(run, [*SNAPSHOTS, *VIEWS]) == {}


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize("prices", ["all", "some"])
def test_a_look_ahead_of_the_days(days: int, prices: str, sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    """Of which one or two are loaded."""
    pipeline = new_run(sample, days)
    if prices == "some":
        execute(pipeline.warehouse_dsn, HOLES)
    pipeline.look(TAKEN_AT)
    run = run_of(pipeline)
    assert disagreements(run, OF_THE_TIP) == {}
    assert disagreements_on_tables(run, SNAPSHOTS) == {}


@pytest.mark.parametrize("name", REAL_DAYS)
def test_a_database(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    """Which has no prices."""
    run = run_of(whole_chain(name))
    assert disagreements(run, catalog.objects(Schedule.DAILY)) == {}
    assert disagreements_on_tables(run, VIEWS) == {}
