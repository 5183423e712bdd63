"""Every check on every chain passes, and fails when the one thing that it is there to see is broken."""

import itertools
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import psycopg2
import pytest

from scripts.docs import runbook
from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.data_check import Place, Severity
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import check, figures
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.integration.quality_faults import DAMAGED, DAY, EXEMPT, FAULTS, TIP_DAY
from tests.support.pipeline import Pipeline
from tests.support.stores import copy_database, new_stores

CHAINS = [*REAL_DAYS, SAMPLE]
CHECKS = {declared.name: declared for declared in catalog.CHECKS}
OF_THE_POOL = {"distribution_split", "reserve_balance", "bond_yields"}  # Compared in test_distributions.
COPIES = itertools.count(1)

WITHOUT_A_DAY = [
    pytest.param("DELETE FROM built_days WHERE day = '2024-10-28'", id="the first day"),
    pytest.param("DELETE FROM built_days WHERE day = '2024-10-29'", id="a day between"),
]


@pytest.fixture(scope="module")
def base(postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """All days of a small chain on which no transaction waits beyond the tip, run once; only to be copied."""
    postgres_server.create_database("quality_source")
    source = postgres_server.dsn("quality_source")
    sample_chain.generate(source, days=3, txs_per_day=100)
    execute(source, "DELETE FROM txs WHERE block_height > (SELECT block_height FROM chain_tip)")
    pipeline = new_stores(postgres_server, s3_server, "quality", source, sample_chain.NETWORK)
    pipeline.run(*map(str, sample_chain.days_in(source)))
    return pipeline


@pytest.fixture
def copied(base: Pipeline, postgres_server: PostgresServer) -> Pipeline:
    """The same warehouse once more, to be broken."""
    warehouse = copy_database(postgres_server, base.warehouse_dsn, f"quality_{next(COPIES)}")
    return replace(base, warehouse_dsn=warehouse)


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection:
        connection.cursor().execute(sql)


def make_figures(pipeline: Pipeline) -> None:
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        figures.make_due_figures(warehouse, catalog.tables(Kind.FIGURE), pipeline.network)


def checked(pipeline: Pipeline, day: str, checks: Any = catalog.CHECKS) -> dict[str, dict[str, Any]]:
    """Outcomes of the checks of a day by name, as they are stored; a day with a failed ERROR is not loaded."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        with suppress(Terminal):
            check.check_day(pipeline.archive, warehouse, Window.parse(day), checks, now := datetime.now(UTC))
        rows = warehouse.read(f"SELECT * FROM quality_checks WHERE checked_at = '{now}'").to_pylist()
        is_loaded = warehouse.scalar(f"SELECT count(*) FROM loaded_days WHERE day = '{day}'") == 1
    assert is_loaded is not any(row["kind"] == "error" and not row["passed"] for row in rows)
    return {row["name"]: row for row in rows}


def failed(outcomes: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, outcome in outcomes.items() if not outcome["passed"]}


@pytest.mark.parametrize("name", CHAINS)
def test_every_check_passes(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    rows = whole_chain(name).read("SELECT * FROM quality_checks").to_pylist()
    assert {row["name"] for row in rows} >= {
        declared.name for declared in catalog.CHECKS if declared.place is Place.RAW
    }
    assert [row for row in rows if not row["passed"]] == []


@pytest.mark.parametrize(("name", "day", "fault"), FAULTS, ids=[f"{name}: {fault}" for name, _, fault in FAULTS])
def test_a_fault_is_seen_and_named(name: str, day: str, fault: str, copied: Pipeline) -> None:
    execute(copied.warehouse_dsn, fault)
    make_figures(copied)
    outcomes = checked(copied, day)
    assert failed(outcomes) == {name}
    assert outcomes[name]["kind"] == CHECKS[name].kind.value


def test_every_check_of_the_warehouse_has_a_fault_that_it_sees() -> None:
    assert {name for name, _, _ in FAULTS} == {
        declared.name for declared in catalog.CHECKS if declared.place is Place.WAREHOUSE
    }


@pytest.mark.parametrize(("name", "change"), EXEMPT, ids=[f"{name}: {change}" for name, change in EXEMPT])
def test_what_is_exempt_is_not_compared(name: str, change: str, copied: Pipeline) -> None:
    execute(copied.warehouse_dsn, change)
    assert name not in checked(copied, DAY)


@pytest.mark.parametrize("change", WITHOUT_A_DAY)
def test_the_apis_sums_are_held_against_no_less_than_all_its_days(change: str, copied: Pipeline) -> None:
    at_the_tip = {name for name in CHECKS if name.endswith("_at_the_tip")}
    assert at_the_tip <= checked(copied, TIP_DAY).keys()
    execute(copied.warehouse_dsn, change)
    assert not at_the_tip & checked(copied, TIP_DAY).keys()


def test_the_apis_sums_are_not_compared_while_transactions_wait(whole_chain: Callable[[str], Pipeline]) -> None:
    names = whole_chain(SAMPLE).read("SELECT DISTINCT name FROM quality_checks")["name"].to_pylist()
    assert not [name for name in names if name.endswith("_at_the_tip")]


def test_every_check_has_something_to_compare_on_some_day(base: Pipeline) -> None:
    found = set(base.read("SELECT DISTINCT name FROM quality_checks")["name"].to_pylist()) | OF_THE_POOL
    assert CHECKS.keys() - found == {"blocks_near_median", "transactions_near_median"}, "which ask for a week before"


def test_an_exempt_days_error_is_a_warning(copied: Pipeline) -> None:
    execute(copied.warehouse_dsn, f"UPDATE built_days SET blocks_digest = 'other' WHERE day = '{DAY}'")
    exempt = replace(CHECKS["landed_blocks"], exempt_days={date.fromisoformat(DAY): "known to differ"})
    (outcome,) = checked(copied, DAY, [exempt]).values()
    assert (outcome["passed"], outcome["kind"]) == (False, Severity.WARNING.value)


def test_a_check_run_again_takes_the_day_back_or_lets_it_in(copied: Pipeline) -> None:
    execute(copied.warehouse_dsn, f"UPDATE built_days SET blocks_digest = 'other' WHERE day = '{DAY}'")
    assert failed(checked(copied, DAY)) == {"landed_blocks"}
    execute(
        copied.warehouse_dsn,
        "UPDATE built_days SET blocks_digest = outcome.expected FROM quality_checks AS outcome"
        f" WHERE built_days.day = '{DAY}' AND outcome.day = '{DAY}' AND name = 'landed_blocks'",
    )
    assert failed(checked(copied, DAY)) == set()


def test_the_runbooks_way_to_make_balances_anew_mends_them(copied: Pipeline) -> None:
    (remedy,) = re.findall(r"```sql\n(.*?)```", runbook.PAGE.read_text(), re.DOTALL)
    before = copied.content()
    execute(copied.warehouse_dsn, DAMAGED)
    make_figures(copied)
    assert failed(checked(copied, DAY)) == {"balances_in_total"}
    execute(copied.warehouse_dsn, remedy)
    make_figures(copied)
    assert not any(failed(checked(copied, day)) for day in (DAY, TIP_DAY))
    assert copied.content() == before
