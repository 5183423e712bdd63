"""The sample chain's stakes, bonds, calculations and claims follow the contract of PoX-5, and the API's tables them."""

import pytest

from scripts.local.sample_chain import NETWORK
from tests.integration.test_sample_chain_rules import CANONICAL, rows

FIRST, LENGTH, PREPARE = NETWORK.first_burn_height, NETWORK.cycle_length, NETWORK.prepare_length
POX_5, WATERFALL = NETWORK.pox_5_height, NETWORK.waterfall_height
WATERFALL_CYCLE = NETWORK.cycle_of(WATERFALL)
SIGNER_MIN_USTX = 50_000_000_000
LOCKING = "('stake', 'stake-update', 'unstake', 'register-for-bond')"
SBTC = "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4.sbtc-token::sbtc-token"
CALLS = "SELECT t.*, b.burn_block_height AS burn FROM pox5_events AS t JOIN blocks AS b USING (index_block_hash)"

# What each staker has in a cycle, by its last call before the cycle began.
HELD = f"""
    SELECT staker, signer, ustx, is_bond FROM (
        SELECT DISTINCT ON (staker) * FROM (
            SELECT data ->> 'staker' AS staker, data ->> 'signer' AS signer, (data ->> 'amount_ustx')::numeric AS ustx,
                   name LIKE '%-bond%' AS is_bond, t.block_height, tx_index,
                   COALESCE((data ->> 'unlock_cycle')::int,
                            (data ->> 'first_reward_cycle')::int + (data ->> 'num_cycles')::int) AS ends
            FROM pox5_events t {CANONICAL}
            AND (name IN {LOCKING} OR name = 'update-bond-registration')
            AND b.burn_block_height < {FIRST} + {{cycle}} * {LENGTH}
        ) AS said ORDER BY staker, block_height DESC, tx_index DESC
    ) AS last WHERE ends > {{cycle}}"""

# Those with a signer that has the least STX of one.
IN_SET = f"""
    SELECT * FROM ({HELD}) AS held WHERE signer IN (
        SELECT signer FROM ({HELD}) AS held GROUP BY signer HAVING sum(ustx) >= {SIGNER_MIN_USTX})"""

# Every query finds the rows that break a rule; all hold after forks too.
STAKING_RULES = {
    "no call of PoX-4 has gone through since Stacks 4.0": f"""
        SELECT tx_id FROM pox4_events JOIN blocks USING (index_block_hash) WHERE burn_block_height >= {POX_5}""",
    "nobody stakes in a prepare phase": f"""
        SELECT tx_id FROM ({CALLS}) AS calls WHERE name LIKE ANY (ARRAY['%stake%', '%bond%', '%exit%'])
        AND name NOT IN ('setup-bond', 'bond-distribution') AND (burn - {FIRST}) % {LENGTH} >= {LENGTH - PREPARE}""",
    "a call that locks has its lock as the event after its print, and no other has": f"""
        SELECT p.tx_id FROM pox5_events AS p FULL JOIN
            (SELECT *, event_index - 1 AS printed FROM stx_lock_events WHERE contract_name = 'pox-5') AS l
            ON (l.tx_id, l.index_block_hash, l.printed) = (p.tx_id, p.index_block_hash, p.event_index)
        WHERE p.tx_id IS NULL OR (name IN {LOCKING}) <> (l.tx_id IS NOT NULL)
        OR (locked_amount::text, unlock_height::text, locked_address)
           <> (data ->> 'amount_ustx', data ->> 'unlock_burn_height', data ->> 'staker')""",
    "a print of each event": """
        SELECT p.tx_id FROM pox5_events p LEFT JOIN contract_logs c USING (tx_id, index_block_hash, event_index)
        WHERE contract_identifier IS DISTINCT FROM 'SP000000000000000000002Q6VF78.pox-5'""",
    "numbers of an event are text": """
        SELECT tx_id FROM pox5_events, jsonb_each(data) AS field WHERE jsonb_typeof(field.value) = 'number'""",
    "a reward set since the waterfall is what the stakers and bonds of its signers add up to": f"""
        SELECT cycle_number FROM pox_sets AS s WHERE canonical AND cycle_number >= {WATERFALL_CYCLE}
        AND stacked_amount <> (
            SELECT COALESCE(sum(ustx), 0) FROM ({IN_SET.format(cycle="s.cycle_number")}) AS held
            WHERE '0x' || encode(signing_key, 'hex') IN (
                SELECT data ->> 'signer_key' FROM pox5_events
                WHERE name = 'register-signer' AND data ->> 'signer' = held.signer))""",
    "the API's stand-in for a threshold is the least STX of a signer": f"""
        SELECT cycle_number FROM pox_sets
        WHERE (cycle_number >= {WATERFALL_CYCLE}) <> (pox_ustx_threshold = {SIGNER_MIN_USTX})""",
    "a calculation counts the STX of a cycle that are in no bond": f"""
        SELECT calculation_height FROM bond_reward_calculations AS c WHERE canonical AND cycle_staked_ustx <> (
            SELECT COALESCE(sum(ustx), 0) FROM ({IN_SET.format(cycle="c.stx_cycle")}) AS held WHERE NOT is_bond)""",
    "a calculation is of the half cycle before, and there is one of each": f"""
        SELECT burn_block_height FROM bond_reward_calculations WHERE canonical
        AND (calculation_height + 1 <> burn_block_height - (burn_block_height - {FIRST}) % {LENGTH // 2}
             OR stx_cycle <> (calculation_height - {FIRST}) / {LENGTH})
        UNION ALL
        SELECT calculation_height FROM bond_reward_calculations WHERE canonical GROUP BY 1 HAVING count(*) > 1""",
    "a calculation splits the sBTC that came in since the one before": f"""
        SELECT calculation_height FROM (
            SELECT *, lag(block_height, 1, 0) OVER (ORDER BY block_height) AS since FROM bond_reward_calculations
            WHERE canonical) AS c
        WHERE gross_accrued_rewards <> (
            SELECT COALESCE(sum(amount), 0) FROM ft_events t {CANONICAL} AND asset_identifier = '{SBTC}'
            AND asset_event_type_id = 2 AND recipient LIKE '%.pox-5'
            AND t.block_height BETWEEN c.since AND c.block_height
            AND (t.block_height, t.tx_index) < (c.block_height, c.tx_index)
            AND (t.block_height, t.tx_index) > (c.since, COALESCE((
                SELECT max(tx_index) FROM bond_reward_calculations AS last
                WHERE last.canonical AND last.block_height = c.since), -1)))""",
    "bonds come first, then the reserve with 15 percent, then who stakes STX alone": """
        SELECT calculation_height FROM bond_reward_calculations
        WHERE gross_accrued_rewards <> total_bond_rewards + reserve_deposit + total_stx_staker_rewards
        OR reserve_deposit <> trunc((gross_accrued_rewards - total_bond_rewards) * 15 / 100)""",
    "the reserve is what all calculations put there": """
        SELECT calculation_height FROM (
            SELECT *, sum(reserve_deposit) OVER (ORDER BY block_height) AS total FROM bond_reward_calculations
            WHERE canonical) AS c WHERE reserve_balance <> total""",
    "what a calculation gives bonds is what each of them gets": """
        SELECT calculation_height FROM bond_reward_calculations AS c WHERE total_bond_rewards <> (
            SELECT COALESCE(sum(bond_rewards), 0) FROM bond_reward_distributions AS d
            WHERE (d.tx_id, d.index_block_hash) = (c.tx_id, c.index_block_hash))""",
    "a bond gets its target while there is anything, for the sats that its members have left": f"""
        SELECT d.bond_index FROM bond_reward_distributions AS d JOIN bonds USING (bond_index)
        WHERE d.canonical AND bonds.canonical AND (
            target_yield <> trunc(trunc(bond_staked_sats * target_rate / 10000) / 50)
            OR bond_rewards <> target_yield OR bond_staked_sats <> (
                SELECT COALESCE(sum(sats), 0) FROM (
                    SELECT DISTINCT ON (data ->> 'staker') COALESCE(data ->> 'sats_total', data ->> 'amount_sats',
                        data ->> 'new_amount_sats', '0')::numeric AS sats
                    FROM pox5_events t {CANONICAL} AND data ->> 'bond_index' = d.bond_index::text
                    AND t.block_height < d.block_height AND data ? 'staker'
                    AND (name LIKE '%-bond%' OR name IN ('unstake-sbtc', 'announce-l1-early-exit'))
                    ORDER BY data ->> 'staker', t.block_height DESC, tx_index DESC) AS members))""",
    "nobody claims more than was given": """
        SELECT 1 FROM
            (SELECT COALESCE(sum(total_rewards), 0) AS managers FROM signer_reward_claims WHERE canonical) AS signers,
            (SELECT COALESCE(sum(rewards_claimed), 0) AS stakers FROM principal_bond_reward_claims
             WHERE canonical) AS own
        WHERE stakers > managers OR managers > (
            SELECT COALESCE(sum(total_bond_rewards + total_stx_staker_rewards), 0) FROM bond_reward_calculations
            WHERE canonical)""",
    "the contract holds the reserve, what is not claimed and what its members gave": f"""
        SELECT balance FROM ft_balances WHERE address LIKE '%.pox-5' AND token = '{SBTC}' AND balance <> (
            SELECT COALESCE(sum(amount), 0) FROM ft_events t {CANONICAL} AND asset_identifier = '{SBTC}'
            AND asset_event_type_id = 2 AND recipient LIKE '%.pox-5')
            - (SELECT COALESCE(sum(total_rewards), 0) FROM signer_reward_claims WHERE canonical)
            + (SELECT COALESCE(sum(CASE WHEN recipient LIKE '%.pox-5' THEN amount ELSE -amount END), 0)
               FROM ft_events t {CANONICAL} AND asset_identifier = '{SBTC}' AND tx_id IN (
                   SELECT tx_id FROM pox5_events WHERE name IN ('stake', 'register-for-bond', 'unstake-sbtc')))""",
    "a bond's sums are those of its members": """
        SELECT bond_index FROM bonds AS o WHERE canonical AND (btc_locked, stx_locked) <> (
            SELECT COALESCE(sum(btc_locked), 0), COALESCE(sum(stx_locked), 0) FROM principal_bond_positions AS p
            WHERE canonical AND p.bond_index = o.bond_index)""",
    "a bond is of two cycles, the first of them the waterfall's": f"""
        SELECT bond_index FROM bonds WHERE first_reward_cycle <> {WATERFALL_CYCLE} + bond_index
        OR unlock_cycle <> first_reward_cycle + 2 OR (bond_start_height - {FIRST}) % {LENGTH} <> 0
        OR block_height >= (SELECT COALESCE(min(block_height), 2147483647) FROM blocks
                            WHERE canonical AND burn_block_height >= bond_start_height)""",
    "who rolls on does so when the position before ends": f"""
        SELECT staker FROM (
            SELECT data ->> 'staker' AS staker, name, (data ->> 'first_reward_cycle')::int AS first,
                   lag((data ->> 'unlock_cycle')::int) OVER (
                       PARTITION BY data ->> 'staker' ORDER BY t.block_height, tx_index) AS ends
            FROM pox5_events t {CANONICAL} AND name IN {LOCKING}) AS calls
        WHERE name IN ('stake', 'register-for-bond') AND first < ends""",
}

# Every query finds at least one case.
CASES = {
    **{f"the call {name}": f"SELECT 1 FROM pox5_events WHERE canonical AND name = '{name}'" for name in (
        "setup-bond", "add-to-allowlist", "register-for-bond", "update-bond-registration", "announce-l1-early-exit",
        "unstake-sbtc", "stake", "stake-update", "unstake", "calculate-rewards", "bond-distribution", "claim-rewards",
        "claim-staker-rewards-for-signer", "grant-signer-key", "register-signer",
    )},
    **{f"a row of {table}": f"SELECT 1 FROM {table}" for table in (
        "bonds", "bond_allowlist_entries", "bond_registrations", "bond_reward_calculations",
        "bond_reward_distributions", "principal_bond_positions", "principal_bond_reward_claims",
        "principal_bond_reward_distributions", "principal_staking_totals", "principal_stx_reward_distributions",
        "signer_key_grants", "signer_reward_claims", "staking_signers",
    )},
    "locks of PoX-4 that Stacks 4.0 frees before they end": f"""
        SELECT 1 FROM stx_locked_balances WHERE pox_version = 4 AND locked_amount > 0 AND unlock_burn_height > {POX_5}
        HAVING count(*) > 3""",
    "a stacker of PoX-4 whose call fails since": f"""
        SELECT 1 FROM txs WHERE canonical AND burn_block_height >= {POX_5} AND status < 0
        AND contract_call_contract_id = 'SP000000000000000000002Q6VF78.pox-4'""",
    "a stake that a prepare phase refuses": f"""
        SELECT 1 FROM txs WHERE canonical AND status < 0 AND contract_call_contract_id LIKE '%.pox-5'
        AND (burn_block_height - {FIRST}) % {LENGTH} >= {LENGTH - PREPARE}""",
    "a whole cycle of two calculations": """
        SELECT 1 FROM bond_reward_calculations WHERE canonical GROUP BY stx_cycle HAVING count(*) = 2""",
    "two bonds in one calculation": """
        SELECT 1 FROM bond_reward_distributions WHERE canonical AND bond_rewards > 0
        GROUP BY tx_id HAVING count(*) = 2""",
    "a stake that rolls into a bond, with more STX": """
        SELECT 1 FROM pox5_events s JOIN pox5_events r ON r.data ->> 'staker' = s.data ->> 'staker'
        WHERE s.canonical AND r.canonical AND s.name = 'stake' AND r.name = 'register-for-bond'
        AND r.block_height > s.block_height
        AND (r.data ->> 'amount_ustx')::numeric > (s.data ->> 'amount_ustx')::numeric""",
    "a bond that rolls into a stake, with less STX": """
        SELECT 1 FROM pox5_events r JOIN pox5_events s ON r.data ->> 'staker' = s.data ->> 'staker'
        WHERE s.canonical AND r.canonical AND s.name = 'stake' AND r.name = 'register-for-bond'
        AND r.block_height < s.block_height
        AND (r.data ->> 'amount_ustx')::numeric > (s.data ->> 'amount_ustx')::numeric""",
    "a bond that rolls into another": """
        SELECT 1 FROM bond_registrations WHERE canonical GROUP BY staker HAVING count(DISTINCT bond_index) = 2""",
    "BTC locked as sBTC and on Bitcoin": """
        SELECT 1 FROM bond_registrations WHERE canonical HAVING count(DISTINCT btc_lockup_type) = 2""",
    "a stake that goes to another signer manager": """
        SELECT 1 FROM pox5_events
        WHERE canonical AND name = 'stake-update' AND data ->> 'signer' <> data ->> 'old_signer'""",
    "two signer managers of one key": """
        SELECT 1 FROM staking_signers GROUP BY signer_key HAVING count(*) = 2""",
    "a stake with a signer below the least STX, which earns nothing and which the API pays all the same": f"""
        SELECT 1 FROM principal_stx_reward_distributions AS d JOIN stx_locked_balances USING (principal)
        WHERE canonical AND reward_amount > 0
        AND signer NOT IN (SELECT signer FROM ({IN_SET.format(cycle="d.reward_cycle")}) AS held)""",
    "an estimate of what stakers get that is above what they get": """
        SELECT 1 FROM bond_reward_calculations c
        JOIN principal_stx_reward_distributions d USING (tx_id, index_block_hash)
        WHERE c.canonical GROUP BY c.tx_id, total_stx_staker_rewards
        HAVING sum(reward_amount) > total_stx_staker_rewards""",
    "an early exit that the API leaves its sats and rewards": """
        SELECT 1 FROM principal_bond_positions
        WHERE canonical AND NOT active AND btc_locked > 0 AND accrued_rewards > 0""",
    "a stake among the locked balances although its staker rolled into a bond": f"""
        SELECT 1 FROM stx_locked_balances AS l WHERE pox_version = 5 AND locked_amount <> (
            SELECT locked_amount FROM stx_lock_events t {CANONICAL} AND locked_address = principal
            ORDER BY t.block_height DESC, tx_index DESC LIMIT 1)""",
    "a member of a bond that is not among the locked balances": """
        SELECT 1 FROM bond_registrations r WHERE canonical AND NOT EXISTS (
        SELECT FROM stx_locked_balances WHERE principal = staker)""",
    "a claim of a signer manager that has earned nothing": """
        SELECT 1 FROM txs t JOIN staking_signers s ON s.signer = t.contract_call_contract_id
        WHERE t.canonical AND status < 0""",
    "sBTC for the pool": f"""
        SELECT 1 FROM ft_events WHERE canonical AND asset_identifier = '{SBTC}' AND asset_event_type_id = 2
        AND recipient = 'SP000000000000000000002Q6VF78.pox-5' HAVING count(*) > 10""",
}  # fmt: skip


@pytest.mark.parametrize("rule", STAKING_RULES)
def test_rule(sample: str, rule: str) -> None:
    assert rows(sample, STAKING_RULES[rule]) == []


@pytest.mark.parametrize("case", CASES)
def test_there_is(sample: str, case: str) -> None:
    assert rows(sample, f"SELECT EXISTS ({CASES[case]})") == [(True,)]
