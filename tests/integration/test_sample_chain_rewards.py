"""The sample chain pays miners, the endowment and the pool as the node does, and keeps the API's wrong flags."""

import pytest

from scripts.local.sample_chain import NETWORK
from scripts.local.sample_chain.timeline import ENDOWMENT_USTX, FIRST_BURN_HEIGHT, FIRST_ENDOWMENT_USTX
from tests.integration.test_sample_chain_rules import rows

ENDOWMENT = "SP000000000000000000002Q6VF78.sip-031"
POX_5, WATERFALL = NETWORK.pox_5_height, NETWORK.waterfall_height


def _schedule(steps: dict[int, int], height: str) -> str:
    """SQL for what a schedule gives at a Bitcoin height."""
    whens = " ".join(f"WHEN {height} >= {start} THEN {steps[start]}" for start in sorted(steps, reverse=True))
    return f"CASE {whens} ELSE 0 END"


# Each tenure's first block, the Bitcoin height of the tenure before it, and its fees in and out of microblocks.
TENURES = """
    tenures AS (
        SELECT burn_block_height, signer_bitvec IS NOT NULL AS is_nakamoto,
               (array_agg(index_block_hash ORDER BY block_height))[1] AS first_hash,
               lag(burn_block_height) OVER (ORDER BY burn_block_height) AS before,
               (SELECT COALESCE(sum(fee_rate), 0) FROM txs JOIN blocks AS own USING (index_block_hash)
                WHERE own.canonical AND own.burn_block_height = blocks.burn_block_height AND microblock_canonical
               ) AS fees
        FROM blocks WHERE canonical GROUP BY burn_block_height, signer_bitvec
    ), paid AS (
        SELECT from_index_block_hash AS first_hash, sum(coinbase_amount) AS coinbase, count(*) AS parts,
               sum(tx_fees_anchored) AS anchored, sum(tx_fees_streamed_confirmed) AS confirmed,
               sum(tx_fees_streamed_produced) AS produced,
               bool_or(coinbase_amount > 0 AND tx_fees_streamed_produced > 0
                       OR coinbase_amount = 0 AND tx_fees_anchored + tx_fees_streamed_confirmed > 0) AS is_mixed,
               max(miner_address) FILTER (WHERE coinbase_amount > 0) AS miner,
               max(miner_address) FILTER (WHERE coinbase_amount = 0) AS parents_miner
        FROM miner_rewards WHERE canonical AND from_index_block_hash <> decode(repeat('00', 32), 'hex') GROUP BY 1
    )"""

# Every query finds the rows that break a rule; all hold after forks too.
REWARD_RULES = {
    "a tenure earns its coinbase and those of the Bitcoin blocks without a Stacks block just before": f"""
        WITH {TENURES} SELECT burn_block_height FROM tenures JOIN paid USING (first_hash)
        WHERE coinbase <> (
            SELECT sum({_schedule(dict(NETWORK.coinbase_ustx), "height")})
            FROM generate_series(COALESCE(before + 1, {FIRST_BURN_HEIGHT}), burn_block_height) AS height)""",
    "a tenure that matures pays two rows, both of its first block; the chain's first tenure one": f"""
        WITH {TENURES} SELECT 1 FROM paid LEFT JOIN tenures USING (first_hash)
        WHERE burn_block_height IS NULL OR parts <> CASE WHEN before IS NULL THEN 1 ELSE 2 END OR is_mixed""",
    "with a tenure of Nakamoto the fees of the one before mature, to its miner": f"""
        WITH {TENURES} SELECT t.burn_block_height FROM tenures AS t JOIN paid USING (first_hash)
        JOIN tenures AS parent ON parent.burn_block_height = t.before
        LEFT JOIN paid AS earlier ON earlier.first_hash = parent.first_hash
        WHERE t.is_nakamoto AND (
            paid.anchored + paid.confirmed > 0 OR paid.parents_miner <> earlier.miner
            OR paid.produced <> CASE WHEN parent.is_nakamoto THEN parent.fees ELSE 0 END)""",
    "with a tenure before Nakamoto its own fees mature, but for the rounding of those of microblocks": f"""
        WITH {TENURES} SELECT burn_block_height FROM tenures JOIN paid USING (first_hash)
        WHERE NOT is_nakamoto AND fees - anchored - confirmed - produced NOT BETWEEN 0 AND 1""",
    "each tenure mints to the endowment with its coinbase": f"""
        SELECT b.burn_block_height FROM txs AS t JOIN blocks AS b USING (index_block_hash)
        LEFT JOIN stx_events AS e USING (tx_id, index_block_hash)
        WHERE b.canonical AND type_id IN (4, 5, 8) GROUP BY b.burn_block_height
        HAVING COALESCE(sum(amount), 0) NOT IN (
            {_schedule(ENDOWMENT_USTX, "b.burn_block_height")},
            {_schedule(ENDOWMENT_USTX, "b.burn_block_height")} + CASE WHEN b.burn_block_height IN (
                SELECT min(burn_block_height) FROM blocks WHERE canonical AND burn_block_height >= {min(ENDOWMENT_USTX)}
            ) THEN {FIRST_ENDOWMENT_USTX} END)""",
    "what is minted to the endowment is all that it has": f"""
        SELECT balance FROM ft_balances WHERE address = '{ENDOWMENT}' AND balance <> (
            SELECT sum(amount) FROM stx_events JOIN blocks USING (index_block_hash)
            WHERE blocks.canonical AND recipient = '{ENDOWMENT}' AND asset_event_type_id = 2)""",
    "no more sBTC comes to the pool than its miners sent BTC": f"""
        SELECT 1 FROM ft_events JOIN blocks USING (index_block_hash)
        WHERE blocks.canonical AND asset_event_type_id = 2 AND recipient LIKE '%.pox-5'
        HAVING sum(amount) > (SELECT sum(reward_amount) FROM burn_blocks
                              WHERE canonical AND burn_block_height >= {WATERFALL})""",
}

# Every query finds at least one case.
CASES = {
    "a matured tenure of each step of the coinbase": f"""
        SELECT 1 FROM miner_rewards JOIN blocks ON blocks.index_block_hash = from_index_block_hash
        WHERE miner_rewards.canonical AND coinbase_amount > 0
        HAVING count(DISTINCT {_schedule(dict(zip(NETWORK.coinbase_ustx, range(3), strict=True)), "burn_block_height")})
        = 3 AND count(DISTINCT coinbase_amount) = 3""",
    "a tenure that also earns the coinbase of a Bitcoin block without a Stacks block": """
        SELECT 1 FROM miner_rewards WHERE canonical AND coinbase_amount = 2000000000""",
    "fees that mature for a tenure of another miner": """
        SELECT 1 FROM miner_rewards own JOIN miner_rewards other USING (from_index_block_hash)
        WHERE own.canonical AND other.canonical AND own.coinbase_amount > 0 AND other.coinbase_amount = 0
        AND other.tx_fees_streamed_produced > 0 AND other.miner_address <> own.miner_address""",
    "a first mint to the endowment that is much larger": f"""
        SELECT 1 FROM stx_events
        WHERE canonical AND recipient = '{ENDOWMENT}' HAVING max(amount) > 100 * min(amount)""",
    "an endowment of two steps": f"""
        SELECT 1 FROM stx_events WHERE canonical AND recipient = '{ENDOWMENT}' HAVING count(DISTINCT amount) = 3""",
    "rewards flagged as orphaned although Stacks blocks of the canonical chain stand on their Bitcoin block": """
        SELECT 1 FROM burnchain_rewards r JOIN blocks b USING (burn_block_hash)
        WHERE b.canonical AND NOT r.canonical""",
    "outputs flagged as orphaned in the same way": """
        SELECT 1 FROM burn_block_pox_txs o JOIN blocks b USING (burn_block_hash)
        WHERE b.canonical AND NOT o.canonical""",
    "rewards flagged as orphaned, of a Bitcoin block without a Stacks block": """
        SELECT 1 FROM burnchain_rewards r JOIN burn_blocks o USING (burn_block_hash)
        WHERE o.canonical AND NOT r.canonical AND NOT EXISTS (
        SELECT FROM blocks b WHERE b.burn_block_height = r.burn_block_height)""",
    "rewards of a pool in a prepare phase": f"""
        SELECT 1 FROM burnchain_rewards WHERE burn_block_height >= {WATERFALL}
        AND (burn_block_height - {NETWORK.first_burn_height}) % {NETWORK.cycle_length}
            >= {NETWORK.cycle_length - NETWORK.prepare_length}""",
    "a pool that has another address in each cycle": f"""
        SELECT 1 FROM burnchain_rewards WHERE burn_block_height >= {WATERFALL}
        HAVING count(DISTINCT reward_recipient) = 2""",
    "commits of PoX-4 after Stacks 4.0 began": f"""
        SELECT 1 FROM burn_block_pox_txs
        WHERE burn_block_height >= {POX_5} AND burn_block_height < {WATERFALL} AND utxo_idx = 1""",
    "a prepare phase of PoX-4 after Stacks 4.0 began, which burns all": f"""
        SELECT 1 FROM burn_blocks
        WHERE burn_block_height >= {POX_5} AND burn_block_height < {WATERFALL} AND reward_amount = 0""",
    "an orphaned burn block": "SELECT 1 FROM burn_blocks WHERE NOT canonical",
    "a network that the node told of": f"""
        SELECT 1 FROM pox_state WHERE (pox_v4_unlock_height, pox_first_burnchain_block_height, pox_reward_cycle_length,
        pox_prepare_phase_block_length) = ({POX_5}, {NETWORK.first_burn_height}, {NETWORK.cycle_length},
        {NETWORK.prepare_length})""",
}


@pytest.mark.parametrize("rule", REWARD_RULES)
def test_rule(sample: str, rule: str) -> None:
    assert rows(sample, REWARD_RULES[rule]) == []


@pytest.mark.parametrize("case", CASES)
def test_there_is(sample: str, case: str) -> None:
    assert rows(sample, f"SELECT EXISTS ({CASES[case]})") == [(True,)]
