"""What the warehouse says of fungible tokens against the API's own tables, on every real database and the sample."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from stacks_dataverse.seeds import PROTOCOLS
from tests.integration.test_reconciliations import CHAINS, ours, theirs
from tests.support.pipeline import Pipeline

every_chain = pytest.mark.parametrize("chain", CHAINS, indirect=True, ids=CHAINS)


@pytest.fixture
def chain(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a chain, run once."""
    return whole_chain(request.param)


@every_chain
def test_balances_of_tokens_equal_the_apis(chain: Pipeline) -> None:
    expected = theirs(
        chain, "SELECT token, address, balance FROM ft_balances WHERE token <> 'stx' ORDER BY token, address"
    )
    found = [
        (asset, principal, Decimal(balance))
        for asset, principal, balance in ours(chain, "SELECT asset_identifier, principal, balance FROM token_balances")
    ]
    assert sorted(found) == sorted(expected)


# Not only of the newest day: every figure of every day is held against the sums of the ledger up to it.
TOKENS_BY_LEDGER = """
    WITH held AS (
        SELECT figure.day, asset_identifier, principal, sum(change) AS balance
        FROM daily_tokens AS figure JOIN token_balance_changes AS entry USING (asset_identifier)
        WHERE entry.day <= figure.day GROUP BY 1, 2, 3
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY day, asset_identifier ORDER BY balance DESC) AS place
        FROM held
    )
    SELECT day, asset_identifier, sum(balance)::text AS supply,
           count(*) FILTER (WHERE balance > 0 AND principal NOT LIKE '%.%') AS accounts,
           count(*) FILTER (WHERE balance > 0 AND principal LIKE '%.%') AS contracts,
           sum(greatest(balance, 0)) FILTER (WHERE place <= 10)::double precision 
               / CASE WHEN sum(balance) > 0 THEN sum(balance) END AS share
    FROM ranked GROUP BY 1, 2
"""


@every_chain
def test_supply_and_holders_of_tokens_equal_the_sums_of_the_ledger(chain: Pipeline) -> None:
    columns = "day, asset_identifier, supply::text, account_holders, contract_holders, ten_largest_share"
    found = ours(chain, f"SELECT {columns} FROM daily_tokens ORDER BY day, asset_identifier")
    expected = {row[:2]: row for row in ours(chain, TOKENS_BY_LEDGER)}
    assert [row[:5] for row in found] == [expected[row[:2]][:5] for row in found]
    shares = {row[:2]: row[5] for row in found}
    assert shares == {day_and_token: pytest.approx(expected[day_and_token][5]) for day_and_token in shares}
    assert len(found) == ours(chain, "SELECT count(*) FROM daily_token_activity")[0][0]


@every_chain
def test_moves_of_tokens_equal_the_apis_events(chain: Pipeline) -> None:
    counts = theirs(
        chain,
        """
        SELECT asset_identifier, count(*) FILTER (WHERE asset_event_type_id = 1),
               sum(amount) FILTER (WHERE asset_event_type_id = 2),
               COALESCE(sum(amount) FILTER (WHERE asset_event_type_id = 1), 0)
        FROM ft_events JOIN blocks USING (index_block_hash)
        WHERE blocks.canonical AND microblock_canonical GROUP BY 1
        """,
    )
    rows = """SELECT asset_identifier, sum(transfers)::bigint AS transfers, NULLIF(sum(minted), 0)::text AS minted,
                     sum(transferred)::text AS transferred
              FROM daily_token_activity GROUP BY 1"""
    found = [
        (name, transfers, minted and Decimal(minted), Decimal(transferred))
        for name, transfers, minted, transferred in ours(chain, rows)
    ]
    assert sorted(found, key=repr) == sorted(counts, key=repr)


# Of every principal of a listed deployer, what the API says it holds; not of tokens that a listed deployer minted.
HELD = f"""
    WITH protocols AS (SELECT * FROM {PROTOCOLS.values})
    SELECT protocol, CASE token WHEN 'stx' THEN 'STX' ELSE token END, sum(balance)
    FROM ft_balances JOIN protocols ON address LIKE deployer || '.%'
    WHERE NOT EXISTS (SELECT FROM protocols AS minter WHERE token LIKE minter.deployer || '.%')
    GROUP BY 1, 2
"""


@every_chain
def test_what_protocols_hold_equals_the_apis_balances(chain: Pipeline) -> None:
    found = ours(
        chain,
        """SELECT DISTINCT ON (protocol, asset_identifier) protocol, asset_identifier, balance
           FROM daily_protocol_balances ORDER BY protocol, asset_identifier, day DESC""",
    )
    assert sorted((*key, Decimal(balance)) for *key, balance in found) == sorted(theirs(chain, HELD))
