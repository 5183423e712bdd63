"""What the warehouse says of a whole chain against the API's own tables, on every real database and the sample."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest

from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.integration.locked import LOCKED, LOCKED_OR_BONDED
from tests.support.pipeline import Pipeline

CHAINS = [*REAL_DAYS, SAMPLE]
LAST_EVENING = "WHERE day = (SELECT max(day) FROM built_days)"

every_chain = pytest.mark.parametrize("chain", CHAINS, indirect=True, ids=CHAINS)


@pytest.fixture
def chain(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a chain, run once."""
    return whole_chain(request.param)


def theirs(pipeline: Pipeline, sql: str) -> list[tuple[Any, ...]]:
    """What the API's own tables say."""
    with psycopg2.connect(pipeline.stacks_dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return [tuple(_plain(value) for value in row) for row in cursor.fetchall()]


def ours(pipeline: Pipeline, sql: str) -> list[tuple[Any, ...]]:
    """What the warehouse says."""
    rows = pipeline.read(sql)
    return [tuple(_plain(value) for value in row.values()) for row in rows.to_pylist()]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@every_chain
def test_owners_of_tokens_equal_nft_custody(chain: Pipeline) -> None:
    place = "block_height, microblock_sequence, tx_index, event_index"
    assert sorted(ours(chain, f"SELECT asset_identifier, token_value, owner, {place} FROM nft_owners"), key=repr) == (
        sorted(theirs(chain, f"SELECT asset_identifier, value, recipient, {place} FROM nft_custody"), key=repr)
    )


@every_chain
def test_holders_and_tokens_equal_the_owners(chain: Pipeline) -> None:
    """Figures of the evenings, made from what each day moved, against the owners counted at once."""
    held = "SELECT asset_identifier, owner, count(*) FROM nft_owners WHERE owner IS NOT NULL GROUP BY 1, 2"
    latest = "SELECT DISTINCT ON ({0}) {0}, {1} FROM {2} ORDER BY {0}, day DESC"
    holdings = latest.format("asset_identifier, owner", "tokens", "nft_holdings")
    holdings = ours(chain, f"SELECT * FROM ({holdings}) t WHERE tokens > 0")
    assert sorted(holdings) == sorted(ours(chain, held))
    holders = latest.format("asset_identifier", "holders", "daily_nfts")
    holders = ours(chain, f"SELECT * FROM ({holders}) t WHERE holders > 0")
    assert sorted(holders) == sorted(ours(chain, f"SELECT asset_identifier, count(*) FROM ({held}) t GROUP BY 1"))
    tokens = ours(chain, f"SELECT tokens FROM daily_nft_totals {LAST_EVENING}")
    assert tokens == ours(chain, "SELECT count(owner) FROM nft_owners")


@pytest.mark.parametrize("chain", REAL_DAYS, indirect=True, ids=list(REAL_DAYS))
def test_stacked_equals_the_unexpired_locked_balances(chain: Pipeline) -> None:
    expected = theirs(chain, f"SELECT COALESCE(sum(locked_amount), 0)::bigint, count(*) FROM ({LOCKED}) AS locked")
    assert ours(chain, f"SELECT stacked_ustx, stackers FROM daily_stacking {LAST_EVENING}") == expected


@pytest.mark.parametrize("chain", [SAMPLE], indirect=True)
def test_stacked_equals_the_locked_balances_and_bonds(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        f"SELECT sum(COALESCE(bonded, locked_amount))::bigint, count(*) FROM {LOCKED_OR_BONDED}",
    )
    assert ours(chain, f"SELECT stacked_ustx, stackers FROM daily_stacking {LAST_EVENING}") == expected


# The sample has the API's slip of clearing the flag of rewards whose Bitcoin block stayed: burn_blocks keeps the truth.
OF_CANONICAL = "burn_block_hash IN (SELECT burn_block_hash FROM burn_blocks WHERE canonical)"


@every_chain
def test_bitcoins_rewards_equal_the_apis(chain: Pipeline, request: pytest.FixtureRequest) -> None:
    is_canonical = OF_CANONICAL if f"[{SAMPLE}]" in request.node.name else "canonical"
    expected = theirs(
        chain,
        f"""
        SELECT burn_block_height, sum(reward_amount)::bigint, count(DISTINCT reward_recipient)
        FROM (SELECT DISTINCT burn_block_height, burn_block_hash, reward_index, reward_recipient, reward_amount
              FROM burnchain_rewards WHERE {is_canonical}) AS rewards
        WHERE burn_block_height <= (SELECT max(burn_block_height) FROM blocks WHERE canonical)
        GROUP BY burn_block_height HAVING sum(reward_amount) > 0 ORDER BY burn_block_height
        """,
    )
    rows = """SELECT burn_block_height, reward_sats, recipients FROM burn_block_rewards
              WHERE reward_sats > 0 ORDER BY burn_block_height"""
    assert ours(chain, rows) == expected


@every_chain
def test_tenures_equal_the_blocks_by_bitcoin_height(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        """
        SELECT burn_block_height, min(to_timestamp(burn_block_time)), COALESCE(sum(fees), 0)::bigint
        FROM blocks LEFT JOIN LATERAL (
            SELECT sum(fee_rate) AS fees FROM txs
            WHERE txs.index_block_hash = blocks.index_block_hash AND microblock_canonical) AS paid ON true
        WHERE canonical GROUP BY burn_block_height ORDER BY burn_block_height
        """,
    )
    rows = """SELECT burn_block_height, min(mined_at), sum(fees_ustx)::bigint FROM tenures
              GROUP BY burn_block_height ORDER BY burn_block_height"""
    assert ours(chain, rows) == expected
    assert ours(chain, "SELECT burn_block_height FROM mining_tenures ORDER BY 1") == [(row[0],) for row in expected]


@every_chain
def test_coinbases_of_matured_tenures_are_those_that_were_paid(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        """
        SELECT blocks.burn_block_height, sum(coinbase_amount)::bigint
        FROM miner_rewards JOIN blocks ON blocks.index_block_hash = from_index_block_hash
        WHERE miner_rewards.canonical AND blocks.canonical
        GROUP BY blocks.burn_block_height ORDER BY blocks.burn_block_height
        """,
    )
    rows = "SELECT burn_block_height, coinbase_ustx FROM mining_tenures WHERE matured ORDER BY 1"
    assert ours(chain, rows) == expected


@every_chain
def test_fees_of_tenures_are_those_of_their_transactions_matured_or_not(chain: Pipeline) -> None:
    rows = "SELECT burn_block_height, sum(fees_ustx)::bigint FROM tenures GROUP BY 1 ORDER BY 1"
    assert ours(chain, "SELECT burn_block_height, fees_ustx FROM mining_tenures ORDER BY 1") == ours(chain, rows)


@every_chain
def test_microblocks_equal_the_apis(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        "SELECT count(*) FROM microblocks JOIN blocks USING (index_block_hash)"
        " WHERE blocks.canonical AND microblock_canonical",
    )
    assert ours(chain, "SELECT COALESCE(sum(microblocks), 0)::bigint AS n FROM daily_microblocks") == expected


@every_chain
def test_reward_cycles_equal_the_apis(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        "SELECT cycle_number, block_height, total_stacked_amount::bigint, total_signers FROM pox_cycles"
        " WHERE canonical ORDER BY 1, 2",
    )
    assert ours(chain, "SELECT cycle, block_height, stacked_ustx, signers FROM reward_cycles ORDER BY 1, 2") == expected


def test_a_lock_of_the_next_cycle_is_stacked_before_it_earns(whole_chain: Callable[[str], Pipeline]) -> None:
    """The reward set is written before the cycle begins; what is locked at the tip is the same STX."""
    pipeline = whole_chain("stacks_epoch3")
    ((cycle, stacked, threshold),) = ours(
        pipeline, "SELECT cycle, stacked_ustx, min_threshold_ustx FROM daily_stacking"
    )
    sets = ours(pipeline, f"SELECT stacked_ustx, min_threshold_ustx FROM reward_cycles WHERE cycle = {cycle}")
    assert sets == [(stacked, threshold)]
