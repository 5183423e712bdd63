"""Blocks, tenures and miners of whole chains against the source's own tables, by SQL of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stacks_dataverse.network import MAINNET
from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.support.databases import query
from tests.support.pipeline import Pipeline

CHAINS = [*REAL_DAYS, SAMPLE]

# Heights follow one another: an interval is to the block one height below, where that is of the same day.
BLOCKS = """
    WITH timed AS (
        SELECT *, COALESCE(NULLIF(block_time, 0), burn_block_time) AS time,
               (to_timestamp(COALESCE(NULLIF(block_time, 0), burn_block_time)) AT TIME ZONE 'UTC')::date AS day
        FROM blocks WHERE canonical
    ), spaced AS (
        SELECT *, CASE WHEN block_height - 1 = lag(block_height) OVER same_day THEN time - lag(time) OVER same_day END
                   AS seconds,
               (SELECT count(*) FROM txs WHERE txs.index_block_hash = timed.index_block_hash AND microblock_canonical)
                   AS txs,
               (SELECT count(*) FROM txs WHERE txs.index_block_hash = timed.index_block_hash AND microblock_canonical
                                               AND type_id = 7 AND tenure_change_cause > 0) AS extends
        FROM timed WINDOW same_day AS (PARTITION BY day ORDER BY block_height)
    ), tenures AS (
        SELECT day, count(*) AS blocks, sum(txs) AS txs FROM spaced GROUP BY day, burn_block_height
    )
    SELECT day::text, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds),
           percentile_disc(0.95) WITHIN GROUP (ORDER BY seconds), count(DISTINCT burn_block_height),
           sum(txs)::bigint, sum(extends)::bigint, sum(tx_total_size)::bigint,
           (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY of_day.blocks) FROM tenures AS of_day
            WHERE of_day.day = spaced.day),
           (SELECT max(of_day.txs)::bigint FROM tenures AS of_day WHERE of_day.day = spaced.day),
           sum(execution_cost_runtime)::bigint, max(execution_cost_runtime),
           sum(execution_cost_read_count)::bigint, max(execution_cost_read_count),
           sum(execution_cost_read_length)::bigint, max(execution_cost_read_length),
           sum(execution_cost_write_count)::bigint, max(execution_cost_write_count),
           sum(execution_cost_write_length)::bigint, max(execution_cost_write_length)
    FROM spaced GROUP BY day ORDER BY day
"""
OUR_BLOCKS = """
    SELECT day::text, blocks, interval_p50_seconds, interval_p95_seconds, tenures, tx_count, tenure_extends, tx_bytes,
           tenure_blocks_p50, tenure_txs_max, runtime, runtime_max, read_count, read_count_max, read_length,
           read_length_max, write_count, write_count_max, write_length, write_length_max
    FROM daily_blocks WHERE blocks > 0 ORDER BY day
"""

# Each tenure's miner is who sent its coinbase; of each miner, the tenures and the fees of their transactions.
MINERS = """
    WITH counted AS (
        SELECT blocks.burn_block_height, max(sender_address) FILTER (WHERE type_id IN (4, 5, 8)) AS miner,
               sum(fee_rate) AS fees
        FROM txs JOIN blocks USING (index_block_hash) WHERE blocks.canonical AND microblock_canonical
        GROUP BY blocks.burn_block_height
    )
    SELECT miner, count(*), sum(fees)::bigint FROM counted WHERE miner IS NOT NULL GROUP BY miner ORDER BY miner
"""
OUR_MINERS = """
    SELECT miner_address, sum(tenures)::bigint AS tenures, sum(fees_ustx)::bigint AS fees_ustx FROM daily_miners
    GROUP BY miner_address ORDER BY miner_address
"""

every_chain = pytest.mark.parametrize("chain", CHAINS, indirect=True, ids=CHAINS)


@pytest.fixture
def chain(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a chain, run once."""
    return whole_chain(request.param)


def ours(pipeline: Pipeline, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in pipeline.read(sql).to_pylist()]


@every_chain
def test_blocks_and_tenures_equal_the_sources(chain: Pipeline) -> None:
    assert ours(chain, OUR_BLOCKS) == query(chain.stacks_dsn, BLOCKS)


@every_chain
def test_miners_equal_the_senders_of_coinbases(chain: Pipeline) -> None:
    assert ours(chain, OUR_MINERS) == query(chain.stacks_dsn, MINERS)


def test_blocks_and_miners_follow_a_fork(
    stacks_dump: Callable[[str], str], new_pipeline: Callable[..., Pipeline]
) -> None:
    """The chain before its fork choice, then the same chain after it, in one warehouse."""
    forked = new_pipeline(stacks_dump("stacks_reorg1"), MAINNET)
    before = replace(forked, stacks_dsn=stacks_dump("stacks_reorg1_before"))
    for chain in (before, forked):
        chain.load(*REAL_DAYS["stacks_reorg1"])
        assert ours(forked, OUR_BLOCKS) == query(chain.stacks_dsn, BLOCKS)
        assert ours(forked, OUR_MINERS) == query(chain.stacks_dsn, MINERS)
    assert query(before.stacks_dsn, BLOCKS) != query(forked.stacks_dsn, BLOCKS)


# The size that the API keeps of a block is that of its transactions; block 1 has those of block 0 too, uncounted.
SIZES = """
    SELECT count(*), count(*) FILTER (WHERE tx_total_size = (
        SELECT COALESCE(sum(octet_length(raw_tx)), 0) FROM txs
        WHERE txs.index_block_hash = blocks.index_block_hash AND microblock_canonical))
    FROM blocks WHERE canonical AND block_height > 1
"""


@every_chain
def test_the_apis_sizes_are_those_of_transactions(chain: Pipeline, request: pytest.FixtureRequest) -> None:
    """The transactions of `stacks_pox5_bonds` are made up, of no bytes that a block would count."""
    expected_alike = "stacks_pox5_bonds" not in request.node.name
    ((blocks, alike),) = query(chain.stacks_dsn, SIZES)
    assert (blocks == alike) == expected_alike


# The chain's coinbases before these tenures mature: 1,000 STX a tenure, and to whom the tenures before them were paid.
PAID = """
    SELECT DISTINCT sum(coinbase_amount)::bigint FROM miner_rewards WHERE canonical GROUP BY index_block_hash
"""


def test_coinbases_are_what_matured_on_the_same_day(whole_chain: Callable[[str], Pipeline]) -> None:
    """Each block pays the coinbase of a tenure of a hundred blocks before; all are of the same step of the schedule."""
    chain = whole_chain("stacks_balance_reorg")
    ((paid,),) = query(chain.stacks_dsn, PAID)
    rows = ours(chain, "SELECT miner_address, tenures, coinbase_ustx FROM daily_miners")
    assert rows
    assert all(coinbase == tenures * paid for _, tenures, coinbase in rows)
