"""What stacking was worth, cycle by cycle: null unless every day and price that it takes is known."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.stores.warehouse import Warehouse

OBJECTS = {declared.name: declared for declared in catalog.OBJECTS}
FIRST = date(2024, 5, 1)
SATS_PER_BTC = 100_000_000

# Stacks 4.0 begins within cycle 10, and miners pay into the pool from cycle 11 on, which ends at ELEVEN_ENDS.
POOLED = replace(MAINNET, pox_5_height=MAINNET.first_burn_height + 10 * MAINNET.cycle_length + 5)
ELEVEN_ENDS = MAINNET.first_burn_height + 12 * MAINNET.cycle_length
LAST_OF_ELEVEN = ELEVEN_ENDS - 1


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


def write_set(warehouse: Warehouse, number: int, cycle: int, stx: int, block_height: int = 7) -> None:
    """Write a cycle's reward set on a day."""
    with warehouse.transaction():
        warehouse.execute("INSERT INTO reward_cycles VALUES ({day}, {cycle}, {height}, NULL, {ustx}, 1)",
                          day=day(number), cycle=cycle, height=block_height, ustx=stx * 1_000_000)  # fmt: skip


def distribute(warehouse: Warehouse, number: int, calculation_height: int, stx: int, cycle: int = 11) -> None:
    """Distribute on a day, to so many STX that are staked alone."""
    with warehouse.transaction():
        warehouse.execute("""
            INSERT INTO stacking_distributions VALUES
            ({day}, {height}, 0, 0, 0, '0x', {cycle}, {height}, 9, 3, 3, 3, 3, {ustx})
        """, day=day(number), height=calculation_height, cycle=cycle, ustx=stx * 1_000_000)  # fmt: skip


def reach(warehouse: Warehouse, number: int, burn_block_height: int) -> None:
    """Note the Bitcoin height that a day reaches."""
    with warehouse.transaction():
        warehouse.execute(
            "INSERT INTO daily_pox_heights VALUES ({day}, {height})", day=day(number), height=burn_block_height
        )


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


def found(
    warehouse: Warehouse, name: str = "stacking_riskreward", upto: int = 6, network: Network = MAINNET
) -> dict[int, dict[str, Any]]:
    rows = warehouse.read(OBJECTS[name].rows, day=day(upto), **network.values).to_pylist()
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
    assert warehouse.read(OBJECTS["stacking_riskreward"].rows, day=None, **MAINNET.values).num_rows == 0


def test_the_stx_are_those_of_the_reward_set_as_it_was_written_last(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, 5, symbol="STX")
    write_set(warehouse, 1, 11, stx=30, block_height=6)
    write_set(warehouse, 2, 11, stx=70)
    write_set(warehouse, 5, 12, stx=9)
    assert found(warehouse)[11]["locked_usd"] == 70 * 2


def test_the_cycle_of_the_fork_that_frees_all_locks_knows_no_stx_but_those_of_its_set(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, 2, symbol="STX")
    assert found(warehouse, network=POOLED) == {10: {"locked_usd": None, "rewarded_usd": None}}
    write_set(warehouse, 1, 10, stx=40)
    assert found(warehouse, network=POOLED)[10]["locked_usd"] == 40 * 2


@pytest.fixture
def pooled(warehouse: Warehouse) -> Warehouse:
    """Cycle 11 earns 2 and 1 BTC on its own days, and 4 BTC on the eighth: the third day of cycle 12."""
    for number, (cycle, rewards) in {
        **{2: (10, {10: 9}), 3: (11, {11: 0}), 4: (11, {11: 2}), 5: (11, {11: 1}), 6: (12, {11: 0, 12: 0})},
        **{7: (12, {12: 0}), 8: (12, {12: 0, 11: 4}), 9: (12, {12: 5})},
    }.items():
        load(warehouse, number, cycle, rewards)
    price(warehouse, 4, 5, 8)
    price(warehouse, 5, symbol="STX")
    distribute(warehouse, 4, LAST_OF_ELEVEN - 1050, stx=400)
    return warehouse


def test_a_cycle_of_the_pool_is_finished_with_its_second_distribution(pooled: Warehouse) -> None:
    assert list(found(pooled, upto=9, network=POOLED)) == [10]
    distribute(pooled, 8, LAST_OF_ELEVEN, stx=440)
    assert list(found(pooled, upto=7, network=POOLED)) == [10]
    assert found(pooled, upto=9, network=POOLED)[11] == {
        "locked_usd": 440 * 2,
        "rewarded_usd": 2 * 4000 + 1 * 5000 + 4 * 8000,
    }


def test_a_later_distribution_says_that_none_follows(pooled: Warehouse) -> None:
    distribute(pooled, 9, LAST_OF_ELEVEN + 1050, stx=1, cycle=12)
    assert found(pooled, upto=9, network=POOLED)[11]["locked_usd"] == 400 * 2


@pytest.mark.parametrize(("reached", "cycles"), [(1049, [10]), (1050, [11, 10])], ids=["not yet", "now"])
def test_a_cycle_that_nobody_calls_for_is_finished_half_a_cycle_later(
    reached: int, cycles: list[int], pooled: Warehouse
) -> None:
    reach(pooled, 9, ELEVEN_ENDS + reached)
    assert list(found(pooled, upto=9, network=POOLED)) == cycles


def test_a_day_that_is_missing_before_the_last_distribution_leaves_the_rewards_unknown(pooled: Warehouse) -> None:
    distribute(pooled, 8, LAST_OF_ELEVEN, stx=440)
    with pooled.transaction():
        pooled.execute("DELETE FROM loaded_days WHERE day = {day}", day=day(7))
    assert found(pooled, upto=9, network=POOLED)[11] == {"locked_usd": 440 * 2, "rewarded_usd": None}


def test_where_nobody_stakes_stx_alone_nothing_is_locked_and_nothing_earned(warehouse: Warehouse) -> None:
    fortnight(warehouse)
    price(warehouse, 3, 4, 5, 6)
    price(warehouse, 5, symbol="STX")
    with warehouse.transaction():
        warehouse.execute("UPDATE daily_stacking_rewards SET reward_sats = 0")
    distribute(warehouse, 6, LAST_OF_ELEVEN, stx=0)
    assert found(warehouse, network=POOLED)[11] == {"locked_usd": 0, "rewarded_usd": 0}
