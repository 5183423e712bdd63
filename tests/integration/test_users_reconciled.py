"""Contracts, initiators and holders of whole chains against the API's own tables, on every real database.

What each query of the source says it says of the whole chain at once, and by other tables than the warehouse reads.
"""

import hashlib

from tests.integration.test_reconciliations import LAST_EVENING, chain, every_chain, ours, theirs
from tests.support.pipeline import Pipeline

__all__ = ["chain"]

IN_CANONICAL_BLOCK = """
    JOIN blocks ON blocks.index_block_hash = txs.index_block_hash
    WHERE blocks.canonical AND txs.canonical AND txs.microblock_canonical
"""


@every_chain
def test_deployed_contracts_equal_the_apis(chain: Pipeline) -> None:
    rows = theirs(
        chain,
        f"""
        SELECT contract_id, source_code, deployed.clarity_version FROM smart_contracts AS deployed
        JOIN txs USING (tx_id, index_block_hash, microblock_hash) {IN_CANONICAL_BLOCK} AND status = 1
        """,
    )
    expected = {(name, "0x" + hashlib.sha256(source.encode()).hexdigest(), version) for name, source, version in rows}
    assert set(ours(chain, "SELECT contract_id, source_sha256, clarity_version FROM contract_deployments")) == expected
    totals = (len(expected), len({source for _, source, _ in expected}))
    assert ours(chain, f"SELECT total_contracts, total_sources FROM daily_contracts {LAST_EVENING}") == [totals]
    assert ours(chain, "SELECT count(*) FROM contract_sources") == [(totals[1],)]


@every_chain
def test_direct_calls_equal_the_apis(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        f"""
        SELECT contract_call_contract_id COLLATE "C", count(*), count(*) FILTER (WHERE status < 0),
               sum(fee_rate)::bigint
        FROM txs {IN_CANONICAL_BLOCK} AND contract_call_contract_id IS NOT NULL GROUP BY 1 ORDER BY 1
        """,
    )
    rows = """SELECT contract_id COLLATE "C", sum(calls)::bigint AS calls,
                     sum(failed_calls)::bigint AS failed, sum(fee_ustx)::bigint AS fees
              FROM contract_usage GROUP BY 1 ORDER BY 1"""
    assert ours(chain, rows) == expected


@every_chain
def test_cohorts_hold_every_initiator_once(chain: Pipeline) -> None:
    of_all = f"FROM txs {IN_CANONICAL_BLOCK} AND type_id IN (0, 1, 2, 6)"
    [(expected,)] = theirs(chain, f"SELECT count(DISTINCT sender_address) {of_all}")
    sizes = """
        SELECT COALESCE(sum(size), 0)::bigint FROM (
            SELECT max(initiators) AS size FROM initiator_cohorts
            WHERE cohort = date_trunc('month', day) GROUP BY cohort
        ) AS cohorts
    """
    assert ours(chain, sizes) == [(expected,)]
    assert ours(chain, f"SELECT total_initiators FROM daily_initiators {LAST_EVENING}") == [(expected,)]


@every_chain
def test_bands_and_deciles_hold_all_stx(chain: Pipeline) -> None:
    held = "SELECT count(*), COALESCE(sum(balance), 0)::bigint FROM ft_balances WHERE token = 'stx' AND balance > 0"
    expected = theirs(chain, held)
    for table in ("stx_holder_bands", "stx_holder_deciles"):
        sums = "COALESCE(sum(holders), 0)::bigint AS holders, COALESCE(sum(balance_ustx), 0)::bigint AS ustx"
        assert ours(chain, f"SELECT {sums} FROM {table} {LAST_EVENING}") == expected


@every_chain
def test_the_largest_holders_are_the_apis(chain: Pipeline) -> None:
    expected = theirs(
        chain,
        """SELECT address, balance::bigint FROM ft_balances WHERE token = 'stx' AND balance > 0
           ORDER BY balance DESC, address COLLATE "C" LIMIT 100""",
    )
    assert ours(chain, f"SELECT address, balance_ustx FROM top_stx_holders {LAST_EVENING} ORDER BY rank") == expected
