"""What stacking was worth, cycle by cycle: null unless every day and price that it takes is known."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.stores.warehouse import Warehouse, migrate

OBJECTS = {declared.name: declared for declared in catalog.OBJECTS}
FIRST = date(2024, 5, 1)
SATS_PER_BTC = 100_000_000


@pytest.fixture
def warehouse(new_database: Callable[[str], str]) -> Iterator[Warehouse]:
    """An empty warehouse."""
    dsn = new_database("risk_reward")
    migrate(dsn)
    with Warehouse.open(dsn) as opened:
        yield opened


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def load(warehouse: Warehouse, number: int, cycle: int, rewards: dict[int, int], first_block_height: int = 500) -> None:
    """Load a day: the cycle at its end, what was paid by cycle in bitcoins; 100 STX times its number are locked."""
    values = {"day": day(number), "cycle": cycle, "stacked": number * 100_000_000, "height": first_block_height}
    with warehouse.transaction():
        warehouse.execute(
            "INSERT INTO loaded_days VALUES ({day}, {height}, 600, 9, 9, '', true, {day}::date, {day}::date)", **values
        )
        warehouse.execute("INSERT INTO daily_stacking VALUES ({day}, {cycle}, {stacked}, 5, NULL)", **values)
        for of, bitcoins in rewards.items():
            sats = bitcoins * SATS_PER_BTC
            warehouse.execute("INSERT INTO daily_stacking_rewards VALUES ({day}, {cycle}, {sats})",
                              day=day(number), cycle=of, sats=sats)  # fmt: skip


def price(warehouse: Warehouse, *numbers: int, symbol: str = "BTC") -> None:
    """Store closes: of BTC 1,000 USD times the day's number, of STX 2 USD."""
    with warehouse.transaction():
        for number in numbers:
            close = 1000 * number if symbol == "BTC" else 2
            warehouse.execute("INSERT INTO price_daily (symbol, day, close_usd, source) VALUES ({s}, {d}, {c}, 'x')",
                              s=symbol, d=day(number), c=close)  # fmt: skip


def fortnight(warehouse: Warehouse, *, without: tuple[int, ...] = (), first_block_height: int = 500) -> None:
    """Cycle 10 on days 1 and 2, cycle 11 on days 3 to 5, cycle 12 from day 6; a cycle's last blocks on the next."""
    days = {1: (10, {10: 9}), 2: (10, {10: 9}), 3: (11, {10: 1, 11: 2}), 4: (11, {11: 3}), 5: (11, {11: 0}),
            6: (12, {11: 5, 12: 7})}  # fmt: skip
    for number, (cycle, rewards) in days.items():
        if number not in without:
            load(warehouse, number, cycle, rewards, first_block_height if number == 1 else 500)


def found(warehouse: Warehouse, name: str = "stacking_riskreward", upto: int = 6) -> dict[int, dict[str, Any]]:
    rows = warehouse.read(OBJECTS[name].rows, day=day(upto)).to_pylist()
    return {row.pop("cycle"): row for row in rows}


def test_a_cycle_whose_days_and_prices_are_all_known(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, 3, 4, 6)
    price(warehouse, 5, symbol="STX")
    assert found(warehouse)[11] == {"locked_usd": 500 * 2, "rewarded_usd": 2 * 3000 + 3 * 4000 + 5 * 6000}


def test_the_running_cycle_has_no_row(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    assert list(found(warehouse)) == [11, 10]
    assert list(found(warehouse, upto=5)) == [10]


def test_the_first_cycle_held_is_known_only_where_the_chain_began(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, 1, 2, 3)
    assert found(warehouse)[10]["rewarded_usd"] is None


def test_the_chains_first_cycle_has_no_day_before(warehouse: Warehouse) -> None:
    fortnight(warehouse, first_block_height=1)
    price(warehouse, 1, 2, 3)
    assert found(warehouse)[10]["rewarded_usd"] == 9 * 1000 + 9 * 2000 + 1 * 3000


@pytest.mark.parametrize("missing", [3, 4, 6], ids=["first day", "in the middle", "the next cycle's first day"])
def test_a_price_that_is_not_known_leaves_the_rewards_unknown(missing: int, warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, *({3, 4, 6} - {missing}))
    price(warehouse, 5, symbol="STX")
    assert found(warehouse)[11] == {"locked_usd": 1000, "rewarded_usd": None}


def test_a_day_on_which_nobody_was_paid_needs_no_price(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, 3, 4, 6)
    assert found(warehouse)[11] == {"locked_usd": None, "rewarded_usd": 48_000}


@pytest.mark.parametrize(
    ("missing", "is_locked_known"), [(2, True), (4, True), (5, False)], ids=["before", "in the middle", "last"]
)
def test_a_day_that_is_not_loaded_leaves_the_cycle_unknown(
    missing: int, is_locked_known: bool, warehouse: Warehouse
) -> None:
    fortnight(warehouse, without=(missing,))
    price(warehouse, 3, 4, 5, 6)
    price(warehouse, 4, 5, symbol="STX")
    assert found(warehouse)[11] == {"locked_usd": 1000 if is_locked_known else None, "rewarded_usd": None}


def test_a_source_without_rewards_has_none_rather_than_nothing(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    with warehouse.transaction():
        warehouse.execute("DELETE FROM daily_stacking_rewards")
    price(warehouse, 3, 4, 5, 6)
    assert found(warehouse)[11]["rewarded_usd"] is None


def test_the_small_one_holds_the_last_ten(warehouse: Warehouse) -> None:
    for number in range(1, 14):
        load(warehouse, number, number, {number: 1})
    assert list(found(warehouse, upto=13)) == list(range(12, 0, -1))
    assert list(found(warehouse, "stacking_riskreward_small", upto=13)) == list(range(12, 2, -1))


def test_no_loaded_day_is_no_cycle(warehouse: Warehouse) -> None:
    assert warehouse.read(OBJECTS["stacking_riskreward"].rows, day=None).num_rows == 0
