"""The sample chain's stackers, miners and tokens do what definitions must tell apart."""

import psycopg2
import pytest

from scripts.local.sample_chain import NETWORK
from scripts.local.sample_chain.market import HEADS, MARKET, NAMES, OTHER_HEADS
from scripts.local.sample_chain.pools import FAST_POOL
from tests.integration.conftest import SAMPLE_SIZE

FIRST, LENGTH, PREPARE = NETWORK.first_burn_height, NETWORK.cycle_length, NETWORK.prepare_length
PLACE_IN_CYCLE = f"(burn_block_height - {FIRST}) % {LENGTH}"
WATERFALL = NETWORK.waterfall_height
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
        AND bool_or(delegator = '{FAST_POOL}') AND bool_or(delegator NOT LIKE '%.%')""",
    "a member and a solo stacker of PoX-3": """
        SELECT 1 FROM pox3_events WHERE canonical HAVING bool_or(name = 'stack-stx')
        AND bool_or(name = 'delegate-stack-stx' AND delegator IS NOT NULL)""",
    "a member locked by the operator": f"""
        SELECT 1 FROM pox4_events p JOIN txs t USING (tx_id, index_block_hash) JOIN stx_lock_events l
        USING (tx_id, index_block_hash) WHERE p.canonical AND p.name = 'delegate-stack-stx'
        AND t.sender_address <> stacker AND locked_address = stacker AND contract_call_contract_id = '{FAST_POOL}'""",
    "an extension in another transaction than the lock": """
        SELECT 1 FROM pox4_events old JOIN pox4_events more USING (stacker) WHERE old.canonical AND more.canonical
        AND old.name = 'stack-stx' AND more.name = 'stack-extend' AND more.tx_id <> old.tx_id
        AND more.burnchain_unlock_height > old.burnchain_unlock_height""",
    "a forced unlock among the locked balances": """
        SELECT 1 FROM stx_locked_balances WHERE locked_amount = 0 AND pox_version = 4""",
    "reward sets of three cycles, written before they begin": f"""
        SELECT 1 FROM pox_cycles JOIN blocks USING (index_block_hash)
        WHERE burn_block_height < {FIRST} + cycle_number * {LENGTH} HAVING count(*) > 2""",
    "a set of several signers whose amounts add up": """
        SELECT 1 FROM pox_cycles c JOIN pox_sets s USING (index_block_hash, cycle_number)
        GROUP BY c.id, total_signers, c.total_stacked_amount
        HAVING count(*) > 1 AND count(*) = total_signers AND sum(stacked_amount) = c.total_stacked_amount""",
    "a prepare phase that pays nobody": f"""
        SELECT 1 FROM blocks WHERE {PLACE_IN_CYCLE} >= {LENGTH - PREPARE} AND burn_block_height < {WATERFALL}
        HAVING count(*) > 0 AND NOT EXISTS (
            SELECT FROM burnchain_rewards
            WHERE {PLACE_IN_CYCLE} >= {LENGTH - PREPARE} AND burn_block_height < {WATERFALL})""",
    "several miners, and the winner's transaction": """
        SELECT 1 FROM burn_block_pox_txs t JOIN blocks b USING (burn_block_height) WHERE b.canonical
        GROUP BY burn_block_height HAVING count(DISTINCT tx_id) > 2 AND bool_or(tx_id = miner_txid)""",
    "outputs that add up to the rewards": """
        SELECT 1 FROM burn_block_pox_txs GROUP BY burn_block_height HAVING sum(amount) = (
            SELECT sum(reward_amount) FROM (SELECT DISTINCT reward_index, reward_amount FROM burnchain_rewards r
            WHERE r.canonical AND r.burn_block_height = burn_block_pox_txs.burn_block_height) AS paid)""",
    "a winner that did not send the most": """
        SELECT 1 FROM burn_block_pox_txs t JOIN blocks b USING (burn_block_height)
        WHERE b.canonical AND utxo_idx = 0 AND tx_id = miner_txid AND amount < (
        SELECT max(amount) FROM burn_block_pox_txs o WHERE o.burn_block_height = t.burn_block_height)""",
    "a direct sale with a commission and a royalty": f"""
        SELECT 1 FROM nft_events n JOIN stx_events s USING (tx_id, index_block_hash)
        WHERE n.canonical AND asset_identifier = '{HEADS}' AND s.sender = n.recipient
        GROUP BY n.id, n.sender HAVING count(*) = 3 AND bool_or(s.recipient = n.sender)
        AND count(DISTINCT s.recipient) = 3""",
    "a bundle of two tokens at an odd price": f"""
        SELECT 1 FROM nft_events n JOIN stx_events s USING (tx_id, index_block_hash)
        WHERE n.canonical AND asset_identifier = '{HEADS}' AND n.asset_event_type_id = 1
        GROUP BY n.tx_id, n.index_block_hash HAVING count(DISTINCT value) = 2 AND min(amount) % 2 = 1""",
    "a listing withdrawn": f"""
        SELECT 1 FROM nft_events put JOIN nft_events back USING (asset_identifier, value)
        WHERE put.canonical AND back.canonical AND put.recipient = '{MARKET}' AND back.sender = '{MARKET}'
        AND back.recipient = put.sender""",
    "a gift": f"""
        SELECT 1 FROM nft_events n WHERE canonical AND asset_identifier = '{HEADS}' AND asset_event_type_id = 1
        AND '{MARKET}' NOT IN (sender, recipient)
        AND NOT EXISTS (SELECT FROM stx_events s WHERE s.tx_id = n.tx_id)""",
    "a free mint": f"""
        SELECT 1 FROM nft_events n WHERE canonical AND asset_identifier = '{HEADS}' AND asset_event_type_id = 2
        AND NOT EXISTS (SELECT FROM stx_events s WHERE s.tx_id = n.tx_id)""",
    "ten mints and more on two days, and more on the second": f"""
        SELECT 1 FROM (
            SELECT block_time / 86400 AS day, count(*) AS n FROM nft_events JOIN blocks USING (index_block_hash)
            WHERE blocks.canonical AND asset_identifier = '{HEADS}' AND asset_event_type_id = 2 GROUP BY 1) AS mints
        HAVING count(*) FILTER (WHERE n >= 10) = 3 AND count(DISTINCT n) = 3""",
    "a sale on every day": f"""
        SELECT 1 FROM nft_events n JOIN blocks b USING (index_block_hash)
        JOIN stx_events s USING (tx_id, index_block_hash)
        WHERE b.canonical AND n.sender = '{MARKET}' AND s.sender = n.recipient
        HAVING count(DISTINCT b.block_time / 86400) = {SAMPLE_SIZE["days"]}""",
    "a token that only an orphaned block knows": """
        SELECT 1 FROM nft_events o WHERE NOT canonical AND NOT EXISTS (
        SELECT FROM nft_custody c WHERE c.asset_identifier = o.asset_identifier AND c.value = o.value)""",
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
        HAVING count(DISTINCT asset_identifier) = 2
        AND count(DISTINCT substr(asset_identifier, strpos(asset_identifier, '.'))) = 1""",
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
