"""The network's hours and fees against the source's own rows and its API's answers, on every real database."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.integration.test_real_databases import WITH_ORACLE
from tests.integration.test_reconciliations import ours, theirs
from tests.support.pipeline import Pipeline

CHAINS = [*REAL_DAYS, SAMPLE]
CANONICAL = """
    FROM txs JOIN blocks USING (index_block_hash)
    WHERE blocks.canonical AND txs.canonical AND txs.microblock_canonical
"""
# In the API's terms, of the block and not of the transaction: that is the clock of whoever stored it.
HOUR = """
    date_trunc('hour', to_timestamp(CASE WHEN COALESCE(blocks.block_time, 0) > 0 THEN blocks.block_time
                                    ELSE blocks.burn_block_time END) AT TIME ZONE 'UTC')
"""

every_chain = pytest.mark.parametrize("chain", CHAINS, indirect=True, ids=CHAINS)


@pytest.fixture
def chain(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a chain, run once."""
    return whole_chain(request.param)


@every_chain
def test_hours_equal_the_sources_transactions(chain: Pipeline) -> None:
    expected = theirs(chain, f"SELECT {HOUR}::text, count(*), sum(fee_rate)::bigint {CANONICAL} GROUP BY 1 ORDER BY 1")
    rows = """SELECT (hour_at AT TIME ZONE 'UTC')::text, sum(tx_count)::bigint AS txs, sum(fee_ustx)::bigint AS fees
              FROM hourly_transactions GROUP BY 1 ORDER BY 1"""
    assert ours(chain, rows) == expected != []


@every_chain
def test_callers_and_contracts_of_each_hour_equal_the_sources(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        f"""SELECT {HOUR}::text, count(DISTINCT sender_address) FILTER (WHERE type_id IN (0, 1, 2, 3, 6)),
                   count(DISTINCT contract_call_contract_id)
            {CANONICAL} GROUP BY 1 ORDER BY 1""",
    )
    rows = """SELECT (hour_at AT TIME ZONE 'UTC')::text, initiators, contracts_called FROM hourly_activity
              WHERE hour_at IN (SELECT hour_at FROM hourly_transactions) ORDER BY 1"""
    assert ours(chain, rows) == expected != []


@every_chain
def test_new_accounts_of_the_hours_are_all_accounts(chain: Pipeline) -> None:
    """Of each day, and so of the chain; unknown only where its past is."""
    days = "SELECT day, sum(new_accounts)::bigint FROM hourly_new_accounts GROUP BY day ORDER BY day"
    assert ours(chain, days) == ours(chain, "SELECT day, new_accounts FROM daily_addresses ORDER BY day")


@every_chain
def test_fees_equal_those_of_the_source(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        f"""SELECT CASE type_id WHEN 0 THEN 'token_transfer' WHEN 2 THEN 'contract_call' ELSE 'smart_contract' END,
                   count(*), sum(fee_rate)::bigint, sum(length(raw_tx))::bigint
            {CANONICAL} AND type_id IN (0, 1, 2, 6) GROUP BY 1 ORDER BY 1""",
    )
    rows = """SELECT tx_type, sum(tx_count)::bigint AS txs, sum(fee_ustx)::bigint AS fees,
                     sum(size_bytes)::bigint AS bytes FROM daily_fees
              GROUP BY 1 ORDER BY 1"""
    assert ours(chain, rows) == expected


@every_chain
def test_percentiles_equal_those_of_postgres(chain: Pipeline) -> None:
    percentiles = ", ".join(
        f"percentile_disc({p / 100}) WITHIN GROUP (ORDER BY fee_rate)" for p in (10, 25, 50, 75, 90, 99)
    )
    expected = theirs(
        chain,
        f"""SELECT ({HOUR})::date::text, {percentiles} {CANONICAL} AND type_id = 2 GROUP BY 1 ORDER BY 1""",
    )
    rows = """SELECT day::text, fee_p10_ustx, fee_p25_ustx, fee_p50_ustx, fee_p75_ustx, fee_p90_ustx, fee_p99_ustx
              FROM daily_fees WHERE tx_type = 'contract_call' ORDER BY day"""
    assert ours(chain, rows) == expected


@pytest.mark.parametrize("chain", WITH_ORACLE, indirect=True, ids=WITH_ORACLE)
def test_hours_hold_the_transactions_of_the_apis_answers(
    chain: Pipeline, oracle: Any, request: pytest.FixtureRequest
) -> None:
    """Block 1 alone differs: the API moves block 0's transactions there without counting them."""
    blocks = [block for block in oracle(request.node.callspec.params["chain"])["blocks"] if block["canonical"]]
    uncounted = theirs(chain, f"SELECT count(*) {CANONICAL} AND blocks.block_height = 1")[0][0]
    counted = sum(block["tx_count"] for block in blocks if block["height"] > 1)
    assert ours(chain, "SELECT sum(tx_count)::bigint FROM hourly_transactions") == [(counted + uncounted,)]
