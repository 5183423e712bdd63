"""The sample chain's stackers, miners and tokens do what definitions must tell apart."""

import psycopg2
import pytest

from scripts.local.sample_chain import POX
from scripts.local.sample_chain.market import HEADS, MARKET, NAMES, OTHER_HEADS
from scripts.local.sample_chain.pools import FAST_POOL

FIRST, LENGTH, PREPARE = POX
PLACE_IN_CYCLE = f"(burn_block_height - {FIRST}) % {LENGTH}"
TIP = "(SELECT burn_block_height FROM chain_tip)"

# Every query finds at least one case.
CASES = {
    **{f"the call {name}": f"SELECT 1 FROM pox4_events WHERE canonical AND name = '{name}'" for name in (
        "stack-stx", "stack-extend", "stack-increase", "delegate-stx", "delegate-stack-stx", "delegate-stack-extend",
        "delegate-stack-increase", "stack-aggregation-commit", "stack-aggregation-commit-indexed",
        "stack-aggregation-increase", "revoke-delegate-stx", "handle-unlock",
    )},
    "locks of two cycles and more": f"""
        SELECT 1 FROM pox4_events WHERE canonical
        HAVING count(DISTINCT (unlock_burn_height - {FIRST}) / {LENGTH}) > 2""",
    "a lock that ended and was not renewed": f"""
        SELECT 1 FROM stx_locked_balances WHERE locked_amount > 0 AND unlock_burn_height < {TIP} AND pox_version = 4""",
    "a stacker who came back after the lock had ended": """
        SELECT 1 FROM stx_lock_events old JOIN stx_lock_events again USING (locked_address)
        JOIN blocks b ON b.index_block_hash = again.index_block_hash
        WHERE again.canonical AND old.canonical AND old.unlock_height < b.burn_block_height""",
    "a lock that a forced unlock height ended": f"""
        SELECT 1 FROM stx_locked_balances, pox_state WHERE pox_version = 3 AND unlock_burn_height > pox_v3_unlock_height
        AND pox_v3_unlock_height < {TIP}""",
    "a revoked member whose lock ran on": """
        SELECT 1 FROM pox4_events r JOIN blocks b USING (index_block_hash)
        WHERE r.canonical AND name = 'revoke-delegate-stx' AND burnchain_unlock_height > b.burn_block_height""",
    "three pools, a known one among them": f"""
        SELECT 1 FROM pox4_events WHERE canonical HAVING count(DISTINCT delegator) = 3
        AND bool_or(delegator = '{FAST_POOL}')""",
    "reward sets of three cycles, written before they begin": f"""
        SELECT 1 FROM pox_cycles JOIN blocks USING (index_block_hash)
        WHERE burn_block_height < {FIRST} + cycle_number * {LENGTH} HAVING count(*) > 2""",
    "a set of several signers whose amounts add up": """
        SELECT 1 FROM pox_cycles c JOIN pox_sets s USING (index_block_hash, cycle_number)
        GROUP BY c.id, total_signers, c.total_stacked_amount
        HAVING count(*) > 1 AND count(*) = total_signers AND sum(stacked_amount) = c.total_stacked_amount""",
    "a prepare phase that pays nobody": f"""
        SELECT 1 FROM blocks WHERE {PLACE_IN_CYCLE} >= {LENGTH - PREPARE}
        HAVING count(*) > 0 AND NOT EXISTS (
            SELECT FROM burnchain_rewards WHERE {PLACE_IN_CYCLE} >= {LENGTH - PREPARE})""",
    "several miners, and the winner's transaction": """
        SELECT 1 FROM burn_block_pox_txs t JOIN blocks b USING (burn_block_height) WHERE b.canonical
        GROUP BY burn_block_height HAVING count(DISTINCT tx_id) > 2 AND bool_or(tx_id = miner_txid)""",
    "outputs that add up to the rewards": """
        SELECT 1 FROM burn_block_pox_txs GROUP BY burn_block_height HAVING sum(amount) = (
            SELECT sum(reward_amount) FROM (SELECT DISTINCT reward_index, reward_amount FROM burnchain_rewards r
            WHERE r.canonical AND r.burn_block_height = burn_block_pox_txs.burn_block_height) AS paid)""",
    "a bundle of two tokens": f"""
        SELECT 1 FROM nft_events WHERE canonical AND asset_identifier = '{HEADS}' AND asset_event_type_id = 1
        GROUP BY tx_id HAVING count(*) = 2""",
    "a token that the marketplace holds, and sells": f"""
        SELECT 1 FROM nft_events JOIN stx_events USING (tx_id, index_block_hash)
        WHERE nft_events.canonical AND nft_events.sender = '{MARKET}'""",
    "a paid mint": f"""
        SELECT 1 FROM nft_events n JOIN stx_events s USING (tx_id, index_block_hash)
        WHERE n.canonical AND asset_identifier = '{NAMES}' AND n.asset_event_type_id = 2 AND s.sender = n.recipient""",
    "a burned token that was once sold": f"""
        SELECT 1 FROM nft_custody c JOIN nft_events n USING (asset_identifier, value)
        WHERE c.recipient IS NULL AND n.sender = '{MARKET}'""",
    "two collections of one name": f"""
        SELECT 1 FROM nft_events WHERE asset_identifier IN ('{HEADS}', '{OTHER_HEADS}')
        HAVING count(DISTINCT asset_identifier) = 2""",
    "a failed purchase": f"""
        SELECT 1 FROM txs
        WHERE canonical AND contract_call_contract_id = '{MARKET}' AND status < 0 AND event_count = 0""",
    "a token moved by a microblock and by the anchored part of one block": """
        SELECT 1 FROM nft_events WHERE canonical AND microblock_canonical
        GROUP BY asset_identifier, value, index_block_hash HAVING count(DISTINCT microblock_sequence) > 1""",
    "a token whose id is text": r"SELECT 1 FROM nft_custody WHERE substr(value, 1, 1) = '\x0d'",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_there_is(sample: str, case: str) -> None:
    with psycopg2.connect(sample) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({CASES[case]})")
        assert cursor.fetchone() == (True,)
