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
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from stacks_dataverse.window import Window
from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.integration.pool import distributed
from tests.support.pipeline import Pipeline

CHAINS = [*REAL_DAYS, SAMPLE]
CHECKS = {declared.name: declared for declared in catalog.CHECKS}
OF_THE_POOL = {"distribution_split", "reserve_balance"}  # Compared in test_distributions.
COPIES = itertools.count(1)

# The last settled day of the chain, and the one that holds its tip.
DAY, TIP_DAY = "2024-10-29", "2024-10-30"
FIRST_ROW = "ctid = (SELECT min(ctid) FROM {0} WHERE day = '{1}')"
FIRST_ADDRESS = "address = (SELECT min(address) FROM stx_balances)"
DUE = f"UPDATE built_tables SET due = true WHERE table_name LIKE 'daily_balance%' AND day >= '{DAY}'"
DAMAGED = f"UPDATE stx_balances SET balance_ustx = balance_ustx + 1 WHERE {FIRST_ADDRESS}; {DUE}"
MOVED = "UPDATE {} SET day = '2024-10-20' WHERE day = '2024-10-28';"
QUIET_WEEK = f"""
    INSERT INTO built_days
    SELECT '2024-10-28'::date - number, NULL, NULL, block_count * {{blocks}}, tx_count * {{txs}}, 'x', true,
           now(), now(), 'x', false, 0, 0
    FROM built_days, generate_series(1, {{days}}) AS number WHERE day = '{DAY}'
"""

# By check: the day that it then fails on, and what is broken. Nothing else notices.
FAULTS = [
    ("transactions_of_hours", DAY, f"UPDATE hourly_transactions SET tx_count = tx_count + 1 WHERE day = '{DAY}'"),
    ("fees_of_types", DAY, f"UPDATE daily_fees SET tx_count = tx_count + 1 WHERE day = '{DAY}' AND tx_type ~ '^token'"),
    ("accounts_of_hours", DAY, f"UPDATE hourly_new_accounts SET new_accounts = new_accounts + 1 WHERE day = '{DAY}'"),
    ("landed_blocks", DAY, f"UPDATE built_days SET blocks_digest = 'other' WHERE day = '{DAY}'"),
    (
        *("balance_changes", DAY),
        "UPDATE stx_balance_changes SET change_ustx = change_ustx + 1 WHERE "
        + FIRST_ROW.format("stx_balance_changes", DAY),
    ),
    (
        *("earlier_days", DAY),
        "DELETE FROM loaded_days WHERE day = '2024-10-28';"
        "INSERT INTO quality_checks VALUES ('3000-01-01', '2024-10-28', 'any', false, '0', '1', 'error')",
    ),
    ("unbuilt_days", DAY, "INSERT INTO daily_microblocks VALUES ('2024-10-27', 1)"),
    ("unbuilt_days", DAY, "INSERT INTO whale_historical_stx_balances VALUES (1730505600, 'SP1', 1)"),
    ("unbuilt_days", DAY, MOVED.format("built_days") + MOVED.format("built_tables")),
    ("missing_history", DAY, "UPDATE built_days SET first_block_height = 9 WHERE day = '2024-10-28'"),
    ("balances_in_total", DAY, DAMAGED),
    ("balances_in_total", DAY, f"UPDATE daily_balance_totals SET fees_paid_ustx = 0 WHERE day = '{DAY}'"),
    (
        *("balances_at_the_tip", TIP_DAY),
        "UPDATE daily_balance_totals SET balances_ustx = balances_ustx + 1, fees_paid_ustx = fees_paid_ustx - 1"
        f" WHERE day = '{TIP_DAY}'",
    ),
    (
        *("supply_at_the_tip", TIP_DAY),
        f"UPDATE daily_balances SET supply_ustx = supply_ustx + 1 WHERE day = '{TIP_DAY}';"
        f"UPDATE daily_balance_totals SET fees_paid_ustx = fees_paid_ustx + 1 WHERE day = '{TIP_DAY}'",
    ),
    ("tokens_at_the_tip", TIP_DAY, f"UPDATE daily_nft_totals SET tokens = tokens + 1 WHERE day = '{TIP_DAY}'"),
    (
        *("negative_balances", DAY),
        "UPDATE stx_balances SET balance_ustx = -1 WHERE address ="
        f" (SELECT min(address) FROM stx_balance_changes WHERE day = '{DAY}')",
    ),
    ("day_without_blocks", DAY, f"UPDATE built_days SET block_count = 0 WHERE day = '{DAY}'"),
    ("blocks_near_median", DAY, QUIET_WEEK.format(days=7, blocks=6, txs=1)),
    ("transactions_near_median", DAY, QUIET_WEEK.format(days=7, blocks=1, txs=6)),
    (
        *("transactions_near_median", DAY),
        QUIET_WEEK.format(days=7, blocks=1, txs=1)
        + f"; UPDATE built_days SET tx_count = tx_count * 6 WHERE day = '{DAY}'",
    ),
    ("supply", DAY, "UPDATE daily_balances SET supply_ustx = 9e15 WHERE day = '2024-10-28'"),
    ("stacked", DAY, f"UPDATE daily_stacking SET stacked_ustx = 9e15 WHERE day = '{DAY}'"),
    ("reward_set", DAY, f"UPDATE reward_cycles SET stacked_ustx = stacked_ustx * 2 WHERE day = '{DAY}'"),
    ("reward_set", DAY, f"UPDATE stx_locks SET locked_ustx = locked_ustx * 9 WHERE day <= '{DAY}'"),
    ("distribution_split", DAY, distributed(DAY, 1, gross=10)),
    ("reserve_balance", DAY, distributed("2024-10-28", 1) + distributed(DAY, 2, balance=9)),
]

# What is no fault: by check, which then has nothing to compare.
EXEMPT = [
    ("negative_balances", "UPDATE stx_supply_changes SET minted_ustx = 0; UPDATE stx_balances SET balance_ustx = -1"),
    ("stacked", "UPDATE stx_supply_changes SET minted_ustx = 0; UPDATE daily_stacking SET stacked_ustx = 9e15"),
    (
        "balances_in_total",
        "UPDATE daily_balance_totals SET fees_paid_ustx = 0; UPDATE built_tables SET due = true",
    ),
    ("day_without_blocks", "UPDATE built_days SET block_count = 9 WHERE day = '2024-10-28'"),
    ("day_without_blocks", f"UPDATE built_days SET block_count = 0, settled = false WHERE day = '{DAY}'"),
    ("blocks_near_median", QUIET_WEEK.format(days=4, blocks=6, txs=1)),
    ("reward_set", "UPDATE reward_cycles SET stacked_ustx = 0"),
    ("balances_at_the_tip", f"UPDATE daily_balance_totals SET balances_ustx = 0 WHERE day = '{TIP_DAY}'"),
]
WITHOUT_A_DAY = [
    pytest.param("DELETE FROM built_days WHERE day = '2024-10-28'", id="the first day"),
    pytest.param("DELETE FROM built_days WHERE day = '2024-10-29'", id="a day between"),
]


@pytest.fixture(scope="module")
def base(postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """All days of a small chain on which no transaction waits beyond the tip, run once; only to be copied."""
    for name in ("quality", "quality_source"):
        postgres_server.create_database(name)
    for bucket in ("quality-private", "quality-public"):
        s3_server.create_bucket(bucket)
    source, warehouse = postgres_server.dsn("quality_source"), postgres_server.dsn("quality")
    sample_chain.generate(source, days=3, txs_per_day=100)
    execute(source, "DELETE FROM txs WHERE block_height > (SELECT block_height FROM chain_tip)")
    migrate(warehouse)
    private, public = (ObjectStore(s3_server.client(), f"quality-{which}") for which in ("private", "public"))
    pipeline = Pipeline(source, warehouse, private, public, network=sample_chain.NETWORK)
    pipeline.run(*map(str, sample_chain.days_in(source)))
    return pipeline


@pytest.fixture
def copied(base: Pipeline, postgres_server: PostgresServer) -> Pipeline:
    """The same warehouse once more, to be broken."""
    name = f"quality_{next(COPIES)}"
    with postgres_server.connect() as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE quality OWNER quality")
    return replace(base, warehouse_dsn=postgres_server.dsn(name, "quality"))


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
