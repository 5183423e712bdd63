"""A past that is missing: what stands on all of it is not known, and says so until the past is there."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scripts.local.report import aligned
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.dataset import EVERY_ROW
from stacks_dataverse.runners import history
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_DAYS, Outcome
from tests.integration.looks import TAKEN_AT
from tests.support.pipeline import Pipeline
from tests.support.stores import new_stores

FIRST, SECOND, THIRD = (date.fromisoformat(day) for day in SAMPLE_DAYS)
FIGURES = catalog.tables(Kind.FIGURE)

# Heights of the days from FIRST on, none without blocks, None for a day that is not built; which have their past.
HEIGHTS: dict[str, tuple[list[tuple[int, int] | tuple[()] | None], str]] = {
    "from the first block on": ([(1, 3), (4, 5), (6, 6)], "yes yes yes"),
    "from block 0 on": ([(0, 3), (4, 5)], "yes yes"),
    "from a later block on": ([(104, 105), (106, 107)], "no no"),
    "over days without blocks": ([(1, 3), (), (4, 5)], "yes yes yes"),
    "over days without blocks that are not built": ([(1, 3), None, None, (4, 5)], "yes yes"),
    "a hole": ([(1, 3), None, (5, 6), (7, 8)], "yes no no"),
    "a hole and a day without blocks after it": ([(1, 3), None, (), (5, 6)], "yes no no"),
    "a day without blocks far from any other": ([(1, 3), None, (), (4, 6)], "yes no yes"),
    "times step back over midnight": ([(1, 4), (3, 6), (7, 8)], "yes yes yes"),
    "times step back over the midnight of the first block": ([(2, 2), (1, 6), (7, 8)], "no yes yes"),
    "days without blocks alone": ([(), ()], "no no"),
}
BUILT = """
    INSERT INTO built_days (day, first_block_height, last_block_height, block_count, tx_count, blocks_digest, settled,
                            landed_at, built_at, facts_digest, figures_due, revision, chain_first_day)
    VALUES ({day}, {low}, {high}, {count}, 1, '', {settled}, {day}, {day}, '', false, 1, '2024-10-20')
"""


def build(warehouse: Warehouse, day: date, heights: tuple[int, int] | tuple[()], *, settled: bool = True) -> None:
    """Note a day as built."""
    low, high = heights or (None, None)
    with warehouse.transaction():
        warehouse.execute(BUILT, day=day, low=low, high=high, count=int(bool(heights)), settled=settled)


@pytest.mark.parametrize(("days", "expected"), HEIGHTS.values(), ids=HEIGHTS)
def test_a_day_has_its_past_when_no_height_is_missing_before_it(
    days: list[tuple[int, int] | tuple[()] | None], expected: str, warehouse: Warehouse
) -> None:
    placed = {FIRST + timedelta(days=n): heights for n, heights in enumerate(days) if heights is not None}
    for day, heights in sorted(placed.items(), reverse=True):
        build(warehouse, day, heights)
    whole = history.read_whole_days(warehouse, FIRST, FIRST + timedelta(days=len(days)))
    assert ["yes" if day in whole else "no" for day in sorted(placed)] == expected.split()


def test_what_is_missing_is_named_with_the_command_that_loads_it(warehouse: Warehouse) -> None:
    assert history.read_missing_history(warehouse) is None
    build(warehouse, FIRST, (10, 12))
    build(warehouse, FIRST + timedelta(days=4), (30, 31))
    build(warehouse, FIRST + timedelta(days=6), (40, 41))
    assert history.read_missing_history(warehouse) == {
        "stretches": "2024-10-20 to 2024-10-27, 2024-10-29 to 2024-10-31, 2024-11-02",
        "command": "airflow dags trigger stacks_backfill --conf "
        '\'{"from_day" : "2024-10-20", "to_day" : "2024-11-02"}\'',
    }


def test_days_past_the_tip_are_not_missing(warehouse: Warehouse) -> None:
    build(warehouse, FIRST, (1, 12))
    build(warehouse, FIRST + timedelta(days=400), (), settled=False)
    assert history.read_missing_history(warehouse) is None


def test_a_first_day_that_nobody_noted_is_left_to_the_operator(warehouse: Warehouse) -> None:
    build(warehouse, FIRST, (10, 12))
    with warehouse.transaction():
        warehouse.execute("UPDATE built_days SET chain_first_day = NULL")
    assert history.read_missing_history(warehouse) == {
        "stretches": "the days up to 2024-10-27",
        "command": "airflow dags trigger stacks_backfill --conf "
        '\'{"from_day" : "YYYY-MM-DD", "to_day" : "2024-10-27"}\'',
    }


def test_days_that_the_source_does_not_hold_have_no_command(warehouse: Warehouse) -> None:
    day = date(2024, 10, 20)
    build(warehouse, day, (10, 12))
    assert history.read_missing_history(warehouse) == {"stretches": "all before 2024-10-20", "command": None}


@pytest.fixture(scope="module")
def without_past(sample: str, request: pytest.FixtureRequest, postgres_server: Any, s3_server: Any) -> Pipeline:
    """The sample's second day alone, looked at from its tip. Only to look at."""
    run = new_stores(postgres_server, s3_server, "without_past", sample, CYCLES[SAMPLE])
    run.run(SAMPLE_DAYS[1])
    run.look(TAKEN_AT)
    return run


@pytest.mark.parametrize("table", [table for table in FIGURES if table.cumulative], ids=lambda table: table.name)
def test_a_figure_that_stands_on_all_of_the_past_is_not_known_without_it(table: Any, without_past: Pipeline) -> None:
    rows = without_past.read(f"SELECT * FROM {table.name}").to_pylist()
    if table.cumulative == EVERY_ROW:
        assert rows == []
    else:
        assert rows
        assert {row[column] for row in rows for column in table.cumulative} == {None}


def test_what_the_day_itself_says_is_known_without_its_past(without_past: Pipeline, looked: Pipeline) -> None:
    for table in FIGURES:
        if table.cumulative != EVERY_ROW:
            columns = ", ".join(name for name in table.fields if name not in table.cumulative)
            query = f"SELECT {columns} FROM {table.name} WHERE day = '{SECOND}'"
            assert _rows(without_past, query) == _rows(looked, query), table.name


UNKNOWN_OBJECTS = {
    "wallet_balances_raw/latest.json.gz": {"whale_balances": None, "nonzero_bals": None},
    "pools/top_pools.json.gz": None,
    "pools/number.json.gz": {"total_pools": None},
    "nft/in_existence_now.json.gz": {"result": None},
    "nft/top_by_holders.json.gz": None,
    "nft/fastest_growing.json.gz": None,
    "nft/top_10_cheapest.json.gz": None,
    "nft/top_10_most_expensive.json.gz": None,
}
SERIES = ("addx_growth/latest", "wallet_balances/latest_nonzero", "stx_stacked_over_time/latest",
          "nft/in_existence_over_time")  # fmt: skip
SPOT = ("gini_coefficient", "median_balance", "nonzero_bal_addx", "whale_percent", "circulating_supply",
        "total_stacked", "total_stackers", "stacking_apy", "total_txs_alltime")  # fmt: skip


def test_objects_without_a_past_say_null(without_past: Pipeline) -> None:
    found = without_past.published()
    assert {key: found[key] for key in UNKNOWN_OBJECTS} == UNKNOWN_OBJECTS
    assert set(found["wallet_balances/latest.json.gz"].values()) == {None}
    for name in SERIES:
        assert list(found[f"{name}.json.gz"].values()) == [None], name
    spot = found["spot_stats/latest.json.gz"]
    assert {name: spot[name] for name in SPOT} == dict.fromkeys(SPOT)
    assert list(found["daily_txs/latest.json.gz"].values()) > [0]


def test_a_check_says_that_the_past_is_missing_and_how_it_is_loaded(without_past: Pipeline) -> None:
    [check] = without_past.read("SELECT * FROM quality_checks WHERE name = 'missing_history'").to_pylist()
    assert (check["passed"], check["kind"], check["expected"]) == (False, "warning", "none")
    command = f"""airflow dags trigger stacks_backfill --conf '{{"from_day" : "{FIRST}", "to_day" : "{FIRST}"}}'"""
    assert check["actual"] == f"{FIRST} ({command})"
    others = without_past.read("SELECT name FROM quality_checks WHERE NOT passed AND name <> 'missing_history'")
    assert others.to_pylist() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    [(2, 1, 0), (0, 1, 2), (1, 2, 0), (2, 0, 1)],
    ids=lambda order: " ".join(str(number + 1) for number in order),
)
def test_days_in_any_order_end_with_their_whole_past(
    order: tuple[int, ...], sample: str, new_pipeline: Callable[[str], Pipeline], outcome: Outcome
) -> None:
    run = replace(new_pipeline(sample), network=CYCLES[SAMPLE])
    run.run(*(SAMPLE_DAYS[number] for number in order))
    with Warehouse.open(run.warehouse_dsn) as store:
        assert history.read_missing_history(store) is None
    assert (run.content(), run.published()) == outcome


def test_a_hole_is_mended_by_the_command_that_is_named(
    sample: str, new_pipeline: Callable[[str], Pipeline], outcome: Outcome
) -> None:
    run = replace(new_pipeline(sample), network=CYCLES[SAMPLE])
    run.run(SAMPLE_DAYS[0], SAMPLE_DAYS[2])
    holders = [row["holders"] for row in _rows(run, "SELECT holders FROM daily_balances ORDER BY day")]
    assert holders[0] > 0
    assert holders[1] is None
    with Warehouse.open(run.warehouse_dsn) as store:
        named = history.read_missing_history(store)
    assert named
    first, last = re.findall(r'"(\d{4}-\d\d-\d\d)"', named["command"])
    run.backfill(first, last)
    assert (run.content(), run.published()) == outcome


@pytest.mark.parametrize("name", ["stacks_balance_reorg", "stacks_epoch3", "stacks_reorg1"])
def test_a_chain_that_begins_with_block_1_has_its_whole_past(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    run = whole_chain(name)
    assert None not in {row["supply_ustx"] for row in _rows(run, "SELECT supply_ustx FROM daily_balances")}
    outcomes = _rows(run, "SELECT passed FROM quality_checks WHERE name = 'missing_history'")
    assert {row["passed"] for row in outcomes} == {True}


def test_lines_of_a_name_and_a_value_stand_below_one_another() -> None:
    assert aligned([("history missing", "a day"), ("load it", "so")]) == "history missing  a day\nload it          so"
    assert aligned([]) == ""


def _rows(run: Pipeline, query: str) -> list[dict[str, Any]]:
    return sorted(run.read(query).to_pylist(), key=repr)
