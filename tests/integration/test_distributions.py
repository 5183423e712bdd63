"""A chain whose miners begin to pay into the pool of PoX-5: landed, built, made into figures, and looked at."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from stacks_dataverse.network import Network
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import TAKEN_AT, execute, rows, spot
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.usefixtures("untold_cycles")

LAST_DAY = SAMPLE_DAYS[2]
CYCLE, LENGTH = 141, 40

# The numbers of the documents' example, as the contract prints them.
PRINTED = {
    "gross_accrued_rewards": "500000000",
    "total_bond_rewards": "180000000",
    "reserve_deposit": "48000000",
    "reserve_balance": "48000000",
    "total_stx_staker_rewards": "272000000",
    "cycle_staked_ustx": "440000000000000",
}

OF_THE_DAY = f"block_time >= extract(epoch FROM '{LAST_DAY}'::date)"
NONE_CALCULATED = "DELETE FROM pox5_events WHERE name = 'calculate-rewards'"
CALCULATED = """
    INSERT INTO pox5_events (event_index, tx_id, tx_index, block_height, index_block_hash, parent_index_block_hash,
                             microblock_hash, microblock_sequence, microblock_canonical, canonical, name, data)
    SELECT 0, '\\x01', 0, block_height, index_block_hash, parent_index_block_hash, '\\x', 2147483647, true, true,
           'calculate-rewards', '{data}'
    FROM blocks WHERE canonical AND burn_block_height >= {height} ORDER BY block_height LIMIT 1
"""


def calculate(dsn: str, network: Network, halves: int, printed: dict[str, str]) -> None:
    """Print a distribution for the half cycle that ends so many halves after the pool began, as soon as it can be."""
    height = network.waterfall_height + halves * LENGTH // 2
    place = {"calculation_height": str(height - 1), "stx_cycle": str(network.cycle_of(height - 1))}
    execute(dsn, CALCULATED.format(data=json.dumps(printed | place), height=height))


@pytest.fixture
def pooled(chain_copy: str, new_run: Callable[[str, int], Pipeline]) -> Pipeline:
    """Two days loaded of a chain on which the last day has the end of cycle 140 and the first half of cycle 141."""
    pipeline = new_run(chain_copy, 2)
    ((before,),) = rows(chain_copy, f"SELECT min(burn_block_height) + 20 FROM blocks WHERE canonical AND {OF_THE_DAY}")
    first = before - CYCLE * LENGTH
    network = Network(first, LENGTH, 5, pox_5_height=before - 10)
    execute(chain_copy, NONE_CALCULATED)
    calculate(chain_copy, network, 1, PRINTED)
    return replace(pipeline, network=network)


def test_what_miners_pay_into_the_pool_is_not_what_stackers_are_paid(pooled: Pipeline) -> None:
    pooled.load(LAST_DAY)
    begins = pooled.network.waterfall_height
    found = rows(pooled.warehouse_dsn, f"""
        SELECT cycle, reward_sats, miner_sats, bond_sats, reserve_sats FROM daily_stacking_rewards
        WHERE day = '{LAST_DAY}' ORDER BY cycle
    """)  # fmt: skip
    sent = dict(rows(pooled.warehouse_dsn, f"""
        SELECT {CYCLE} + (burn_block_height - {begins} + {LENGTH}) / {LENGTH} - 1, sum(reward_sats)::bigint
        FROM burn_block_rewards WHERE day = '{LAST_DAY}' GROUP BY 1
    """))  # fmt: skip
    assert sent[CYCLE - 1] > 0
    assert found[0] == (CYCLE - 1, sent[CYCLE - 1], sent[CYCLE - 1], 0, 0)
    assert found[1] == (CYCLE, 272_000_000, sent[CYCLE], 180_000_000, 48_000_000)
    assert found[2:] == [(cycle, 0, sats, 0, 0) for cycle, sats in sorted(sent.items()) if cycle > CYCLE]


def test_the_split_is_as_the_contract_printed_it(pooled: Pipeline) -> None:
    pooled.load(LAST_DAY)
    ((day, *split),) = rows(pooled.warehouse_dsn, """
        SELECT day, cycle, calculation_height, gross_sats, bond_sats, stx_staker_sats, reserve_sats,
               reserve_balance_sats, staked_ustx FROM stacking_distributions
    """)  # fmt: skip
    height = pooled.network.waterfall_height + LENGTH // 2 - 1
    assert (str(day), split[:2]) == (LAST_DAY, [CYCLE, height])
    assert split[2:] == [500_000_000, 180_000_000, 272_000_000, 48_000_000, 48_000_000, 440_000_000_000_000]


def test_a_distribution_of_after_the_last_built_day_counts_at_the_tip(pooled: Pipeline) -> None:
    """The tip is moved to the distribution's cycle, for later ones have none of their own."""
    execute(pooled.stacks_dsn, f"""
        UPDATE blocks SET canonical = false WHERE burn_block_height >= {pooled.network.waterfall_height + LENGTH}
    """)  # fmt: skip
    pooled.look(TAKEN_AT)
    before = spot(pooled)["stacking_apy"]
    assert before == pytest.approx(2.72 / 440e6 * ratio_of_prices(pooled) * 52_560 / (LENGTH // 2) * 100)
    pooled.load(LAST_DAY)
    pooled.look(TAKEN_AT)
    assert spot(pooled)["stacking_apy"] == before


def test_each_distribution_is_held_against_itself_and_the_reserve_of_the_one_before(pooled: Pipeline) -> None:
    calculate(pooled.stacks_dsn, pooled.network, 2, PRINTED | {"reserve_balance": "96000000"})
    pooled.load(LAST_DAY)
    assert outcomes(pooled) == {"distribution_split": True, "reserve_balance": True}


def test_a_distribution_that_is_missing_is_seen(pooled: Pipeline) -> None:
    calculate(pooled.stacks_dsn, pooled.network, 2, PRINTED | {"reserve_balance": "144000000"})
    pooled.load(LAST_DAY)
    assert outcomes(pooled) == {"distribution_split": True, "reserve_balance": False}


def outcomes(pipeline: Pipeline) -> dict[str, bool]:
    """The checks of distributions on the last day, and whether it passed them."""
    return dict(rows(pipeline.warehouse_dsn, f"""
        SELECT name, passed FROM quality_checks
        WHERE day = '{LAST_DAY}' AND name IN ('distribution_split', 'reserve_balance')
    """))  # fmt: skip


def ratio_of_prices(pipeline: Pipeline) -> float:
    """BTC's price in STX in the hour of the tip."""
    ((tip_time,),) = rows(pipeline.stacks_dsn, "SELECT max(block_time) FROM blocks WHERE canonical")
    ((ratio,),) = rows(pipeline.warehouse_dsn, f"""
        SELECT btc.close_usd / stx.close_usd FROM price_hourly AS btc JOIN price_hourly AS stx USING (hour_at)
        WHERE btc.symbol = 'BTC' AND stx.symbol = 'STX' AND hour_at = date_trunc('hour', to_timestamp({tip_time}))
    """)  # fmt: skip
    return ratio
