"""A loaded day is made anew beside the warehouse; what differs is named, and nothing is changed."""

from collections.abc import Callable
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.runners import audit
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import execute
from tests.integration.releases import same_rows
from tests.support.pipeline import Pipeline

DAY = SAMPLE_DAYS[1]
FILE = f"v1/daily_txs/{DAY}.json.gz"


def audited(run: Pipeline, day: str = DAY) -> audit.Audit:
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        tables, objects = catalog.built_tables(), catalog.objects(Schedule.DAILY)
        return audit.audit_day(run.archive, warehouse, run.public, Window.parse(day), tables, objects, run.network)


@pytest.mark.parametrize("day", SAMPLE_DAYS)
def test_a_day_as_it_was_built_has_no_difference(day: str, loaded: Pipeline) -> None:
    before, keys = loaded.content(), loaded.published()
    found = audited(loaded, day)
    assert found.differences == []
    assert {table.name for table in catalog.built_tables()} <= set(found.compared)
    assert {obj.name for obj in catalog.objects(Schedule.DAILY) if obj.is_dated} <= set(found.compared)
    assert (loaded.content(), loaded.published()) == (before, keys)


@pytest.mark.parametrize(
    ("fault", "table", "what"),
    [
        ("UPDATE daily_activity SET tx_count = tx_count + 1", "daily_activity", "lacks 1 rows"),
        ("DELETE FROM stx_balance_changes", "stx_balance_changes", "lacks"),
        ("INSERT INTO nft_moves SELECT (json_populate_record(m, '{\"event_index\": 999}')).* FROM nft_moves AS m",
         "nft_moves", "has, and should not,"),
        ("UPDATE daily_balances SET supply_ustx = supply_ustx + 1", "daily_balances", "lacks 1 rows"),
    ],
)  # fmt: skip
def test_rows_that_differ_are_named(fault: str, table: str, what: str, loaded: Pipeline) -> None:
    target = f"{fault} WHERE day = '{DAY}'" + " LIMIT 1" * fault.startswith("INSERT")
    execute(loaded.warehouse_dsn, target)
    assert any(text.startswith(f"{table} {what}") for text in audited(loaded).differences)


def test_a_file_that_differs_is_named(loaded: Pipeline) -> None:
    loaded.public.put(FILE, b"{}")
    assert audited(loaded).differences == [f"The file {FILE} is not what the warehouse says"]


def test_a_table_of_other_code_is_not_compared(loaded: Pipeline, release: Callable[..., Any]) -> None:
    release({"daily_microblocks": same_rows})
    found = audited(loaded)
    assert "daily_microblocks" not in found.compared
    assert found.differences == []


def test_a_day_is_chosen_by_its_seed(loaded: Pipeline) -> None:
    with Warehouse.open(loaded.warehouse_dsn) as warehouse:
        chosen = {str(audit.choose_day(warehouse, str(seed))) for seed in range(20)}
        assert chosen == set(SAMPLE_DAYS)
        assert audit.choose_day(warehouse, "1") == audit.choose_day(warehouse, "1")
        assert {table.kind for table in catalog.built_tables()} == {Kind.FACT, Kind.FIGURE}
