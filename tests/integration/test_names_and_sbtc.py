"""Names and sBTC against the API's own tables: real names of version 1, and what the sample holds."""

from collections.abc import Callable

import pytest

from tests.integration.conftest import SAMPLE
from tests.support.databases import query
from tests.support.pipeline import Pipeline

# The API keeps the first version's names by what was done to each; an update of a zone file is no event of ours.
NAMES_OF_API = """
    SELECT '0x' || encode(name.tx_id, 'hex'),
           CASE status WHEN 'name-register' THEN 'registration' ELSE 'transfer' END, name, namespace_id
    FROM names AS name JOIN blocks AS block USING (index_block_hash)
    WHERE block.canonical AND microblock_canonical AND status IN ('name-register', 'name-transfer') ORDER BY 1
"""
OUR_NAMES = "SELECT tx_id, kind, name, namespace FROM name_events WHERE bns_version = 1 ORDER BY tx_id"

# These databases begin amid the chain's history: names of before are not known, and moved there.
MINTED = """
    SELECT count(*) FROM nft_events JOIN blocks USING (index_block_hash)
    WHERE asset_identifier LIKE '%.bns::names' AND asset_event_type_id = 2 AND blocks.canonical AND microblock_canonical
"""

WITH_NAMES = {"stacks_balance_reorg": 41, "stacks_ooo_microblock": 1}


@pytest.mark.parametrize("name", WITH_NAMES)
def test_names_of_version_1_are_those_that_the_api_keeps(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    run = whole_chain(name)
    ours = query(run.warehouse_dsn, OUR_NAMES)
    assert ours == query(run.stacks_dsn, NAMES_OF_API)
    assert len(ours) == WITH_NAMES[name]
    last = "SELECT sum(names) FROM daily_names WHERE bns_version = 1 AND day = (SELECT max(day) FROM daily_names)"
    assert query(run.warehouse_dsn, last) == query(run.stacks_dsn, MINTED)
    misfits = "SELECT DISTINCT passed, actual FROM quality_checks WHERE name = 'prints_as_declared'"
    assert query(run.warehouse_dsn, misfits) == [(True, "0")]


def test_names_of_the_sample_are_its_tokens(whole_chain: Callable[[str], Pipeline]) -> None:
    run = whole_chain(SAMPLE)
    alive = "SELECT count(*) FROM nft_custody WHERE asset_identifier LIKE '%.BNS-V2::BNS-V2' AND recipient IS NOT NULL"
    last = "SELECT sum(names), count(*) FROM daily_names WHERE day = (SELECT max(day) FROM daily_names)"
    ((names, namespaces),) = query(run.warehouse_dsn, last)
    assert ([(names,)], namespaces) == (query(run.stacks_dsn, alive), 2)


def test_supply_and_stakes_of_the_sample_are_its_balances(whole_chain: Callable[[str], Pipeline]) -> None:
    """The API sums balances in ft_balances; withdrawals are settled on a later day than that of their request too."""
    run = whole_chain(SAMPLE)
    ours = "SELECT liquid_sats, locked_sats, staked_sats FROM daily_sbtc ORDER BY day DESC LIMIT 1"
    theirs = """
        SELECT sum(balance) FILTER (WHERE token LIKE '%.sbtc-token::sbtc-token'),
               sum(balance) FILTER (WHERE token LIKE '%.sbtc-token::sbtc-token-locked'),
               sum(balance) FILTER (WHERE token LIKE '%.sbtc-token::sbtc-token' AND address LIKE '%.pox-5')
        FROM ft_balances
    """
    assert query(run.warehouse_dsn, ours) == query(run.stacks_dsn, theirs)
    settled_later = """
        SELECT count(*) > 0 FROM sbtc_withdrawal_events AS event JOIN sbtc_withdrawals USING (request_id)
        WHERE kind <> 'created' AND event.day > created_day
    """
    assert query(run.warehouse_dsn, settled_later) == [(True,)]
    assert query(run.warehouse_dsn, "SELECT count(*) FROM daily_sbtc WHERE unexplained_mint_sats <> 0") == [(0,)]
