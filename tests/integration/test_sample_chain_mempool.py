"""The sample chain's mempool and its large transfers: rules of a Stacks database, and cases to tell apart."""

import psycopg2
import pytest

from tests.integration.conftest import SAMPLE_SIZE

WAITING = "mempool_txs WHERE NOT pruned"
LARGE = 1_000_000_000_000
MOVED = "stx_events JOIN txs USING (tx_id, index_block_hash) WHERE stx_events.canonical AND asset_event_type_id = 1"

# Every query finds the rows that break a rule.
RULES = {
    "the chain's tip counts what waits": f"""
        SELECT mempool_tx_count FROM chain_tip WHERE mempool_tx_count <> (SELECT count(*) FROM {WAITING})""",
    "what waits is not mined": "SELECT tx_id FROM mempool_txs JOIN txs USING (tx_id) WHERE NOT pruned",
    "what waits is pending, and what was dropped is pruned": """
        SELECT tx_id FROM mempool_txs WHERE (NOT pruned AND status <> 0) OR (status < 0 AND NOT pruned)""",
    "what is pruned and pending was mined": """
        SELECT tx_id FROM mempool_txs WHERE pruned AND status = 0 AND NOT EXISTS (
        SELECT FROM txs WHERE txs.tx_id = mempool_txs.tx_id AND canonical)""",
    "all but deployments and calls name a recipient": """
        SELECT tx_id FROM mempool_txs WHERE (type_id = 0) <> (token_transfer_recipient_address IS NOT NULL)""",
    "nothing was received after the tip": """
        SELECT tx_id FROM mempool_txs, chain_tip JOIN blocks USING (index_block_hash)
        WHERE receipt_time > block_time OR receipt_block_height > chain_tip.block_height""",
    "a waiting nonce is the sender's next or later": f"""
        SELECT tx_id FROM (SELECT * FROM {WAITING}) AS w WHERE nonce <= (
        SELECT max(nonce) FROM txs WHERE txs.sender_address = w.sender_address AND canonical)""",
    "a sponsor is named where there is one": """
        SELECT tx_id FROM mempool_txs WHERE sponsored <> (sponsor_address IS NOT NULL)""",
}

# Every query finds at least one case.
CASES = {
    **{
        f"a waiting transaction of type {kind}": f"SELECT 1 FROM {WAITING} AND type_id = {kind}"
        for kind in (0, 1, 2, 6)
    },
    **{
        f"a dropped transaction of status {status}": f"SELECT 1 FROM mempool_txs WHERE pruned AND status = {status}"
        for status in (-10, -12, -13, -15)
    },
    "a waiting sponsored transfer": f"SELECT 1 FROM {WAITING} AND sponsored AND type_id = 0",
    "a waiting sponsored call": f"SELECT 1 FROM {WAITING} AND sponsored AND type_id = 2",
    "a mined transaction": "SELECT 1 FROM mempool_txs WHERE pruned AND status = 0",
    "a replacement that waits, with the same nonce and a higher fee": """
        SELECT 1 FROM mempool_txs old JOIN mempool_txs new ON new.tx_id = old.replaced_by_tx_id
        WHERE NOT new.pruned AND new.nonce = old.nonce AND new.sender_address = old.sender_address
        AND new.fee_rate > old.fee_rate""",
    "transfers of unlike fees and sizes": f"""
        SELECT 1 FROM {WAITING} AND type_id = 0 HAVING count(DISTINCT fee_rate) > 9 AND count(DISTINCT tx_size) > 3""",
    "a large transfer to the µSTX": f"SELECT 1 FROM {MOVED} AND amount = {LARGE}",
    "a transfer one µSTX short of large": f"SELECT 1 FROM {MOVED} AND amount = {LARGE - 1}",
    "a large transfer in a contract call": f"SELECT 1 FROM {MOVED} AND amount > {LARGE} AND type_id = 2",
    "large transfers on every day": f"""
        SELECT 1 FROM {MOVED} AND amount >= {LARGE}
        HAVING count(DISTINCT txs.burn_block_time / 86400) = {SAMPLE_SIZE["days"]}""",
}


def found(dsn: str, sql: str) -> list[tuple]:
    """What a query finds."""
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_kept(sample: str, rule: str) -> None:
    assert found(sample, RULES[rule]) == []


@pytest.mark.parametrize("case", CASES)
def test_there_is(sample: str, case: str) -> None:
    assert found(sample, f"SELECT EXISTS ({CASES[case]})") == [(True,)]
