"""The sample chain's stacking and commits agree with each other, at any length, and keep the API's own rules."""

from collections.abc import Callable

import pytest

from scripts.local import sample_chain
from scripts.local.sample_chain import NETWORK
from tests.integration.test_sample_chain_rewards import REWARD_RULES
from tests.integration.test_sample_chain_rules import RULES, TRUTHS, rows
from tests.integration.test_sample_chain_staking import STAKING_RULES

FIRST, LENGTH, PREPARE = NETWORK.first_burn_height, NETWORK.cycle_length, NETWORK.prepare_length
WATERFALL = NETWORK.waterfall_height
WATERFALL_CYCLE = NETWORK.cycle_of(WATERFALL)
PLACE_IN_CYCLE = f"(burn_block_height - {FIRST}) % {LENGTH}"
LOCKING = "name LIKE ANY (ARRAY['%stack-stx', '%stack-extend', '%stack-increase'])"

# The API's flag of these rows cannot be trusted; that of a burn block can.
OF_CHAIN = "burn_block_hash IN (SELECT burn_block_hash FROM burn_blocks WHERE canonical)"
PAID = f"""
    SELECT burn_block_hash, reward_recipient AS recipient, reward_index, reward_amount FROM (
        SELECT DISTINCT burn_block_hash, reward_index, reward_recipient, reward_amount
        FROM burnchain_rewards WHERE {OF_CHAIN}) AS rewards"""
OUTPUTS = f"(SELECT * FROM burn_block_pox_txs WHERE {OF_CHAIN})"

# Every query finds the rows that break a rule.
STATE_RULES = {
    "a stacker can pay what is locked": """
        SELECT principal FROM stx_locked_balances JOIN ft_balances ON address = principal AND token = 'stx'
        WHERE locked_amount > balance""",
    "a call leaves nobody less than nothing": """
        SELECT id FROM pox4_events WHERE balance < 0 OR locked < 0 OR amount_ustx < 0""",
    "a locking call has its lock as the event after its print": f"""
        SELECT p.tx_id FROM (
            SELECT *, 4 AS version FROM pox4_events UNION ALL SELECT *, NULL, NULL, NULL, 3 FROM pox3_events) AS p
        LEFT JOIN stx_lock_events l ON (l.tx_id, l.index_block_hash, l.microblock_hash, l.event_index)
            = (p.tx_id, p.index_block_hash, p.microblock_hash, p.event_index + 1)
        WHERE ({LOCKING}) <> (l.tx_id IS NOT NULL)
           OR (locked, burnchain_unlock_height, stacker, 'pox-' || version)
              <> (locked_amount, unlock_height, locked_address, contract_name)""",
    "a print of each PoX event": """
        SELECT p.tx_id FROM pox4_events p LEFT JOIN contract_logs c USING (tx_id, index_block_hash, event_index)
        WHERE contract_identifier IS DISTINCT FROM 'SP000000000000000000002Q6VF78.pox-4'""",
    "locks end with a cycle": f"SELECT 1 FROM stx_lock_events WHERE (unlock_height - {FIRST}) % {LENGTH} <> 0",
    "extensions and increases are of locks that run": """
        SELECT stacker FROM (
            SELECT name, stacker, b.burn_block_height, lag(burnchain_unlock_height) OVER (
                PARTITION BY stacker ORDER BY b.block_height, p.tx_index) AS until
            FROM pox4_events p JOIN blocks b USING (index_block_hash) WHERE b.canonical AND p.microblock_canonical
        ) AS calls WHERE name SIMILAR TO '%stack-(extend|increase)' AND until <= burn_block_height""",
    "a reward set up to PoX-4 is what its signers' locks add up to": """
        SELECT cycle_number FROM pox_sets s
        WHERE canonical AND cycle_number < {waterfall}
        AND stacked_amount <> (SELECT COALESCE(sum(locked_amount), 0) FROM (
            SELECT DISTINCT ON (stacker) locked AS locked_amount, burnchain_unlock_height AS until, delegator
            FROM pox4_events p WHERE canonical AND microblock_canonical AND p.block_height <= s.block_height
            AND (name LIKE '%stack-%' AND name NOT LIKE '%aggregation%' OR name = 'handle-unlock')
            ORDER BY stacker, p.block_height DESC, p.tx_index DESC) AS locks
            WHERE until > {start} AND signing_key = (
                SELECT signer_key FROM pox4_events WHERE signer_key IS NOT NULL
                AND (stacker = locks.delegator OR locks.delegator IS NULL AND name = 'stack-stx') LIMIT 1))
    """.format(start=f"{FIRST} + s.cycle_number * {LENGTH}", waterfall=WATERFALL_CYCLE),
    "pools commit what their members locked": f"""
        SELECT reward_cycle FROM (
            SELECT reward_cycle, sum(amount_ustx) AS committed FROM pox4_events
            WHERE canonical AND microblock_canonical AND name LIKE '%aggregation%' GROUP BY 1) AS pools
        JOIN pox_sets s ON cycle_number = reward_cycle AND canonical
        WHERE cycle_number < {WATERFALL_CYCLE}
        AND signing_key <> (SELECT signer_key FROM pox4_events WHERE name = 'stack-stx' LIMIT 1)
        GROUP BY reward_cycle, committed HAVING sum(stacked_amount) <> committed""",
    "percentages and weights of a set are of its totals": f"""
        SELECT cycle_number FROM pox_sets GROUP BY cycle_number, index_block_hash, total_weight
        HAVING sum(weight) <> total_weight OR abs(sum(weight_percent) - 100) > 1e-9
        OR abs(sum(stacked_amount_percent) - 100) > 1e-9
        OR cycle_number < {WATERFALL_CYCLE} AND min(stacked_amount - weight * pox_ustx_threshold) < 0""",
    "one burn amount a Bitcoin block, and two recipients before the waterfall, one since": f"""
        SELECT burn_block_hash FROM burnchain_rewards GROUP BY burn_block_hash, burn_block_height
        HAVING count(DISTINCT burn_amount) > 1
        OR count(DISTINCT reward_index) <> CASE WHEN burn_block_height < {WATERFALL} THEN 2 ELSE 1 END
        OR count(DISTINCT reward_recipient) <> count(DISTINCT reward_index)
        OR burn_block_height >= {WATERFALL} AND (max(burn_amount) > 0 OR min(reward_recipient) NOT LIKE 'bc1p%')""",
    "a prepare phase before the waterfall pays nobody, and every other block somebody": f"""
        SELECT burn_block_height FROM blocks b
        WHERE canonical AND ({PLACE_IN_CYCLE} >= {LENGTH - PREPARE} AND burn_block_height < {WATERFALL}) = EXISTS (
        SELECT FROM burnchain_rewards r WHERE r.burn_block_height = b.burn_block_height)""",
    "every Bitcoin block burns in a prepare phase before the waterfall, and none since": f"""
        SELECT burn_block_height FROM burn_blocks WHERE (burn_block_height >= {WATERFALL}) <> (burn_amount = 0)
        OR (reward_amount = 0) <> ({PLACE_IN_CYCLE} >= {LENGTH - PREPARE} AND burn_block_height < {WATERFALL})""",
    "a burn block has the rewards of its hash": """
        SELECT burn_block_hash FROM burn_blocks AS b FULL JOIN (
            SELECT burn_block_hash, sum(reward_amount) AS sats, max(burn_amount) AS burned FROM (
                SELECT DISTINCT burn_block_hash, reward_index, reward_amount, burn_amount FROM burnchain_rewards) AS r
            GROUP BY 1) AS paid USING (burn_block_hash)
        WHERE b.id IS NULL OR reward_amount <> COALESCE(sats, 0) OR burn_amount <> burned""",
    "one burn block a height is canonical, the one that Stacks blocks stand on": f"""
        SELECT burn_block_height FROM burn_blocks GROUP BY 1
        HAVING count(*) FILTER (WHERE canonical) <> 1
        UNION ALL
        SELECT burn_block_height FROM blocks WHERE canonical AND NOT {OF_CHAIN}""",
    "outputs add up to each reward, and go to its recipient": f"""
        SELECT burn_block_hash FROM {OUTPUTS} o FULL JOIN ({PAID}) AS paid USING (burn_block_hash, recipient)
        WHERE burn_block_hash IN (SELECT burn_block_hash FROM burn_block_pox_txs)
        GROUP BY burn_block_hash, recipient, reward_amount HAVING sum(amount) IS DISTINCT FROM reward_amount""",
    "a commit has two outputs before the waterfall, and one since": f"""
        SELECT tx_id FROM burn_block_pox_txs GROUP BY tx_id, burn_block_height
        HAVING count(*) <> CASE WHEN burn_block_height < {WATERFALL} THEN 2 ELSE 1 END""",
    "one of the commits won": """
        SELECT burn_block_height FROM burn_block_pox_txs o JOIN blocks b USING (burn_block_height) WHERE b.canonical
        GROUP BY 1 HAVING NOT bool_or(tx_id = miner_txid) OR count(DISTINCT tx_id) < 2""",
    "an NFT's ids are of one Clarity type": """
        SELECT asset_identifier FROM nft_events GROUP BY 1 HAVING count(DISTINCT substr(value, 1, 1)) > 1""",
    "who gives a token away owns it": """
        SELECT value FROM (
            SELECT asset_identifier, value, n.sender, lag(n.recipient) OVER (PARTITION BY asset_identifier, value
                ORDER BY n.block_height, microblock_sequence, tx_index, event_index) AS owner
            FROM nft_events n JOIN blocks b USING (index_block_hash) WHERE b.canonical AND microblock_canonical
        ) AS moves WHERE sender IS DISTINCT FROM owner""",
}
CHECKS = """
    SELECT conrelid::regclass::text, conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'stacks_blockchain_api'::regnamespace"""


@pytest.mark.parametrize("rule", STATE_RULES)
def test_rule(sample: str, rule: str) -> None:
    assert rows(sample, STATE_RULES[rule]) == []


def test_rows_pass_the_apis_own_checks(sample: str, stacks_dump: Callable[[str], str]) -> None:
    checks = rows(stacks_dump("stacks_schema_v9"), CHECKS)
    tables = {table for (table,) in rows(sample, "SELECT tablename FROM pg_tables")}
    checked = [check for check in checks if check[0].rpartition(".")[2] in tables]
    assert {"txs", "pox3_events", "pox4_events"} <= {table.rpartition(".")[2] for table, _, _ in checked}
    broken = [(t, name) for t, name, rule in checked if rows(sample, f"SELECT 1 FROM {t} WHERE NOT ({rule})")]
    assert broken == []


@pytest.mark.parametrize(("days", "txs_per_day"), [(1, 600), (6, 300)])
def test_a_chain_of_another_length_keeps_the_rules(
    new_database: Callable[[str], str], days: int, txs_per_day: int
) -> None:
    dsn = new_database(f"sample_of_{days}_days")
    sample_chain.generate(dsn, days=days, txs_per_day=txs_per_day)
    for name, rule in (RULES | STATE_RULES | REWARD_RULES | STAKING_RULES).items():
        assert rows(dsn, rule) == [], name
    for name, (tallied, recomputed) in TRUTHS.items():
        assert set(rows(dsn, tallied)) == set(rows(dsn, recomputed)), name
