"""What stacking yields at the tip: BTC that stackers were paid, over the STX that earned it, in every era.

The sample's tip is put into the place that a test needs by the network's heights; what was distributed is written by
hand.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from stacks_dataverse.network import Network
from tests.integration.looks import TAKEN_AT, execute, rows, spot
from tests.integration.pool import distributed
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.usefixtures("untold_cycles")

# The tip stands 1,500 Bitcoin blocks after the beginning of its cycle: behind the first half, within the second.
PLACE, LENGTH, HALF = 1_500, 2_100, 1_050
FIRST_OF_THE_POOL = 141
STX, BTC = 1_000_000, 100_000_000

# Prices of the example in the documents.
FIXED_PRICES = "UPDATE price_hourly SET close_usd = CASE symbol WHEN 'BTC' THEN 100000 ELSE 0.5 END"
BTC_PER_STX_A_YEAR = 100_000 / 0.5 * 52_560 * 100


@pytest.fixture
def run(sample: str, new_run: Callable[[str, int], Pipeline]) -> Pipeline:
    """All days of the sample loaded, without its own reward sets and distributions, at fixed prices."""
    pipeline = new_run(sample, 3)
    execute(pipeline.warehouse_dsn, f"DELETE FROM stacking_distributions; DELETE FROM reward_cycles; {FIXED_PRICES}")
    return pipeline


def network_at(pipeline: Pipeline, cycle: int) -> Network:
    """Mainnet's cycles around its fork, counted so that the tip stands in a cycle."""
    first = tip(pipeline) - PLACE - LENGTH * cycle
    return Network(first, LENGTH, 100, pox_5_height=first + LENGTH * (FIRST_OF_THE_POOL - 1) + 180)


def tip(pipeline: Pipeline) -> int:
    ((height,),) = rows(
        pipeline.stacks_dsn, "SELECT burn_block_height FROM blocks WHERE canonical ORDER BY block_height DESC LIMIT 1"
    )
    return height


def distribute(pipeline: Pipeline, network: Network, halves: int, sats: int, stx: int) -> None:
    """Distribute for the half cycle that ends so many halves after the pool began."""
    height = network.waterfall_height + halves * HALF - 1
    cycle = network.cycle_of(height)
    execute(pipeline.warehouse_dsn, distributed("2024-10-30", height, cycle=cycle, stakers=sats, ustx=stx * STX))


def stacking_yield(pipeline: Pipeline, network: Network) -> float | None:
    """The published yield on a network of these heights."""
    replace(pipeline, network=network).look(TAKEN_AT, "spot_stats")
    return spot(pipeline)["stacking_apy"]


def test_what_stakers_get_over_what_they_stake_is_the_yield_and_not_what_miners_pay(run: Pipeline) -> None:
    network = network_at(run, 141)
    distribute(run, network, 1, 272_000_000, 440_000_000)
    found = stacking_yield(run, network)
    assert found == pytest.approx(2.72 * 100_000 / (440_000_000 * 0.50) * 52_560 / 1_050 * 100)
    assert round(found, 2) == 6.19


def test_the_last_two_distributions_count_each_by_its_stx_and_blocks(run: Pipeline) -> None:
    network = network_at(run, 142)
    for halves, btc, stx in ((1, 7, 100), (2, 3, 400), (3, 2, 500)):
        distribute(run, network, halves, btc * BTC, stx)
    expected = (3 + 2) / (400 * HALF + 500 * HALF) * BTC_PER_STX_A_YEAR
    assert stacking_yield(run, network) == pytest.approx(expected)


def test_a_half_cycle_that_nobody_called_for_is_paid_with_the_next(run: Pipeline) -> None:
    network = network_at(run, 142)
    distribute(run, network, 1, 2 * BTC, 400)
    distribute(run, network, 3, 5 * BTC, 500)
    expected = (2 + 5) / (400 * HALF + 500 * 2 * HALF) * BTC_PER_STX_A_YEAR
    assert stacking_yield(run, network) == pytest.approx(expected)


def test_the_first_distribution_counts_from_the_blocks_that_paid_into_the_pool(run: Pipeline) -> None:
    """One of before, when nothing came in, is none: its cycle still paid stackers by the block."""
    network = network_at(run, 141)
    distribute(run, network, -1, 0, 0)
    distribute(run, network, 1, 2 * BTC, 400)
    assert stacking_yield(run, network) == pytest.approx(2 / (400 * HALF) * BTC_PER_STX_A_YEAR)


@pytest.mark.parametrize(
    ("cycle", "stx"),
    [
        pytest.param(143, 400, id="the last distribution is of the cycle before the last"),
        pytest.param(141, 0, id="nobody stakes STX alone"),
    ],
)
def test_no_yield_is_made_up(cycle: int, stx: int, run: Pipeline) -> None:
    network = network_at(run, cycle)
    distribute(run, network, 1, 2 * BTC, stx)
    assert stacking_yield(run, network) is None


def test_before_the_first_distribution_there_is_no_yield(run: Pipeline) -> None:
    assert stacking_yield(run, network_at(run, 141)) is None


@pytest.mark.parametrize("cycle", [140, 100], ids=["of the fork that frees all locks", "long before"])
def test_until_the_pool_the_reward_set_earns_what_miners_pay(cycle: int, run: Pipeline) -> None:
    network = network_at(run, cycle)
    execute(run.warehouse_dsn, f"""
        INSERT INTO reward_cycles VALUES ('2024-10-28', {cycle}, 6, NULL, 9, 1), ('2024-10-29', {cycle}, 7, NULL,
                                         {440_000 * STX}, 1), ('2024-10-29', {cycle - 1}, 8, NULL, 9, 1)
    """)  # fmt: skip
    expected = btc_of_the_cycle(run) / 440_000 / (PLACE + 1) * BTC_PER_STX_A_YEAR
    assert stacking_yield(run, network) == pytest.approx(expected)


def test_before_there_were_reward_sets_what_is_locked_earns(run: Pipeline) -> None:
    found = stacking_yield(run, network_at(run, 100))
    expected = btc_of_the_cycle(run) / spot(run)["total_stacked"] / (PLACE + 1) * BTC_PER_STX_A_YEAR
    assert found == pytest.approx(expected)


def test_after_the_fork_what_is_locked_did_not_earn(run: Pipeline) -> None:
    assert stacking_yield(run, network_at(run, 140)) is None


def btc_of_the_cycle(pipeline: Pipeline) -> float:
    """All that the sample's miners paid: it is shorter than the cycle so far."""
    ((btc,),) = rows(pipeline.warehouse_dsn, "SELECT sum(reward_sats) / 1e8::float8 FROM burn_block_rewards")
    return btc
