"""Inputs of end-of-day figures: queries of the warehouse for one `{day}`, each by an index; none reads all of history.

They may use the network's reward cycles by the names of `network.Network`. A sum over the past is the last one that is
known plus what the day adds: where none is known, the past is missing or there is none.
"""

from stacks_dataverse.event_order import LATEST_FIRST
from stacks_dataverse.queries.tip import nft_receipts, pox

ACTIVITY = "SELECT active_accounts, active_contracts, initiators FROM daily_activity WHERE day = {day}"

POX = pox(
    "(SELECT * FROM daily_pox_heights WHERE day <= {day}) AS daily_pox_heights",
    "(SELECT * FROM reward_cycles WHERE day <= {day}) AS reward_cycles",
)

# What miners send goes to stackers as it is sent until they pay into the pool of PoX-5.
REWARDS = """
    SELECT burn_block_height, ((burn_block_height - {first_burn_height}) / {cycle_length})::integer AS cycle,
           CASE WHEN burn_block_height < {waterfall_height} THEN reward_sats ELSE 0 END AS reward_sats,
           reward_sats AS miner_sats
    FROM burn_block_rewards WHERE day = {day}
"""

DISTRIBUTIONS = """
    SELECT cycle, stx_staker_sats, bond_sats, reserve_sats FROM stacking_distributions WHERE day = {day}
"""

ACCOUNTS = """
    SELECT new_accounts,
           new_accounts + COALESCE((SELECT total_accounts FROM daily_addresses
                                    WHERE day < {day} AND total_accounts IS NOT NULL
                                    ORDER BY day DESC LIMIT 1), 0) AS total_accounts
    FROM (SELECT count(*) AS new_accounts FROM addresses
          WHERE first_day = {day} AND position('.' IN address) = 0) AS counted
"""

SUPPLY = """
    SELECT COALESCE((SELECT supply_ustx FROM daily_balances
                     WHERE day < {day} AND supply_ustx IS NOT NULL ORDER BY day DESC LIMIT 1), 0)
           + minted_ustx - burned_ustx + coinbase_ustx AS supply_ustx
    FROM stx_supply_changes WHERE day = {day}
"""

FEES = """
    WITH before AS (
        SELECT fees_paid_ustx, matured_fees_ustx FROM daily_balance_totals
        WHERE day < {day} AND balances_ustx IS NOT NULL ORDER BY day DESC LIMIT 1
    )
    SELECT (COALESCE((SELECT fees_paid_ustx FROM before), 0)
            + COALESCE((SELECT sum(fee_ustx) FROM daily_transactions WHERE day = {day}), 0))::bigint AS fees_paid_ustx,
           (COALESCE((SELECT matured_fees_ustx FROM before), 0)
            + COALESCE((SELECT sum(tx_fees_anchored_ustx + tx_fees_streamed_confirmed_ustx
                                   + tx_fees_streamed_produced_ustx)
                        FROM matured_rewards WHERE day = {day}), 0))::bigint AS matured_fees_ustx
"""

NFT_ACTIVITY = """
    SELECT activity.*,
           (SELECT holders FROM daily_nfts
            WHERE daily_nfts.asset_identifier = activity.asset_identifier AND daily_nfts.day < {day}
            ORDER BY daily_nfts.day DESC LIMIT 1) AS holders_before
    FROM daily_nft_activity AS activity
    WHERE day = {day}
"""


def _held_by(owner: str) -> str:
    return f"""
        (SELECT tokens FROM nft_holdings AS held
         WHERE held.asset_identifier = moved.asset_identifier AND held.owner = {owner}.owner AND held.day < {{day}}
         ORDER BY held.day DESC LIMIT 1)"""


OWNER = """
    SELECT recipient AS owner FROM nft_moves AS move
    WHERE move.asset_identifier = moved.asset_identifier AND move.token_hash = moved.token_hash AND move.day
"""

# Each token that moved on the day: its owner before and at the end, and what both held of its collection before.
NFT_TOKENS_MOVED = f"""
    SELECT moved.*, before.owner AS owner_before, latest.owner,
           {_held_by("before")} AS owner_before_held, {_held_by("latest")} AS owner_held
    FROM (SELECT DISTINCT asset_identifier, token_value, token_hash FROM nft_moves WHERE day = {{day}}) AS moved
    LEFT JOIN LATERAL ({OWNER} < {{day}} ORDER BY {LATEST_FIRST} LIMIT 1) AS before ON true
    LEFT JOIN LATERAL ({OWNER} <= {{day}} ORDER BY {LATEST_FIRST} LIMIT 1) AS latest ON true
"""

NFT_TOKENS_BEFORE = """
    SELECT tokens FROM daily_nft_totals WHERE day < {day} AND tokens IS NOT NULL ORDER BY day DESC LIMIT 1
"""
NFT_RECEIPTS = nft_receipts("(SELECT * FROM nft_receipts WHERE day = {day})", "day < {day}")

DEPLOYED = """
    SELECT contract_id, deployer, source_sha256,
           day = (SELECT first_day FROM contract_deployers AS known
                  WHERE known.deployer = deployed.deployer) AS is_new_deployer,
           day = (SELECT first_day FROM contract_sources AS known
                  WHERE known.source_sha256 = deployed.source_sha256) AS is_new_source
    FROM contract_deployments AS deployed WHERE day = {day}
"""
CALLED = """
    SELECT count(*) AS contracts_called, COALESCE(sum(calls), 0)::bigint AS calls,
           COALESCE(sum(failed_calls), 0)::bigint AS failed_calls, COALESCE(sum(fee_ustx), 0)::bigint AS call_fee_ustx,
           (SELECT COALESCE(sum(tx_count), 0)::bigint FROM daily_transactions
            WHERE day = {day} AND tx_type = 'smart_contract' AND tx_status <> 'success') AS failed_deployments
    FROM contract_usage WHERE day = {day}
"""
CONTRACTS_BEFORE = """
    SELECT COALESCE(max(total_contracts), 0) AS contracts_before, COALESCE(max(total_deployers), 0) AS deployers_before,
           COALESCE(max(total_sources), 0) AS sources_before
    FROM (SELECT * FROM daily_contracts
          WHERE day < {day} AND total_contracts IS NOT NULL ORDER BY day DESC LIMIT 1) AS before
"""

INITIATORS_OF_30_DAYS = """
    SELECT count(*) FILTER (WHERE last_day = {day}) AS initiators,
           count(*) FILTER (WHERE last_day > {day}::date - 7) AS initiators_7_days,
           count(*) AS initiators_30_days
    FROM (SELECT max(day) AS last_day FROM initiator_days
          WHERE day > {day}::date - 30 AND day <= {day} GROUP BY address) AS active
"""

# The day's initiators who were none in its month before, by the month of their first day.
FIRST_IN_MONTH = """
    SELECT date_trunc('month', first_day)::date AS cohort, date_trunc('month', {day}::date)::date AS month,
           count(*) AS initiators
    FROM (SELECT (SELECT first_day FROM initiators AS known WHERE known.address = active.address) AS first_day,
                 (SELECT max(day) FROM initiator_days AS earlier
                  WHERE earlier.address = active.address AND earlier.day < {day}) AS previous_day
          FROM initiator_days AS active WHERE day = {day}) AS active
    WHERE previous_day IS NULL OR previous_day < date_trunc('month', {day}::date)
    GROUP BY cohort
"""
INITIATORS_BEFORE = """
    SELECT COALESCE((SELECT total_initiators FROM daily_initiators
                     WHERE day < {day} AND total_initiators IS NOT NULL
                     ORDER BY day DESC LIMIT 1), 0) AS initiators_before
"""
COHORTS_BEFORE = """
    SELECT cohort, initiators FROM initiator_cohorts
    WHERE day = (SELECT max(day) FROM initiator_cohorts
                 WHERE day < {day} AND day >= date_trunc('month', {day}::date))
"""
