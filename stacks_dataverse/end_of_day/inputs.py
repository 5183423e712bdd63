"""Inputs of end-of-day figures: queries of the warehouse for one `{day}`, each by an index; none reads all of history.

They may use the network's reward cycles by the names of `network.Network`. A sum over the past is the last one that is
known plus what the day adds: where none is known, the past is missing or there is none.
"""

from stacks_dataverse.event_order import LATEST_FIRST
from stacks_dataverse.queries.network_activity import of_the_day
from stacks_dataverse.queries.tip import nft_receipts, pox
from stacks_dataverse.seeds import PROTOCOLS

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

NETWORK = of_the_day()

# Of each hour with a block; an account is new in the first hour of its first day.
HOURLY_ACCOUNTS = """
    SELECT hour_at, COALESCE(new_accounts, 0) AS new_accounts
    FROM hourly_activity LEFT JOIN (
        SELECT first_hour_at AS hour_at, count(*) AS new_accounts
        FROM addresses JOIN address_days USING (address)
        WHERE first_day = {day} AND day = {day} AND position('.' IN address) = 0
        GROUP BY first_hour_at
    ) AS counted USING (hour_at)
    WHERE day = {day}
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

# The day's parts of tenures. A part that another day began has its miner, and whether commits are known, from there.
MINED = """
    SELECT ((part.burn_block_height - {first_burn_height}) / {cycle_length})::integer AS cycle,
           part.miner_address IS NOT NULL AS is_first,
           COALESCE(part.miner_address, begun.miner_address) AS miner_address,
           part.miners, part.miner_commit_sats, part.total_commit_sats, part.coinbase_ustx, part.fees_ustx,
           COALESCE(part.miner_commit_sats, begun.miner_commit_sats) IS NOT NULL AS knows_miner_commit,
           COALESCE(part.total_commit_sats, begun.total_commit_sats) IS NOT NULL AS knows_total_commit
    FROM tenures AS part LEFT JOIN LATERAL (
        SELECT miner_address, miner_commit_sats, total_commit_sats FROM tenures AS earlier
        WHERE earlier.burn_block_height = part.burn_block_height AND earlier.day < {day}
              AND earlier.miner_address IS NOT NULL
        ORDER BY earlier.day DESC LIMIT 1
    ) AS begun ON part.miner_address IS NULL
    WHERE part.day = {day}
"""

# Of a token that moved on the day: its supply at the end, and its holders before.
TOKEN_SUPPLIES = """
    SELECT moved.asset_identifier, COALESCE(before.supply, 0) + moved.minted - moved.burned AS supply,
           COALESCE(before.account_holders, 0) AS account_holders_before,
           COALESCE(before.contract_holders, 0) AS contract_holders_before
    FROM daily_token_activity AS moved
    LEFT JOIN LATERAL (
        SELECT * FROM daily_tokens AS figure
        WHERE figure.asset_identifier = moved.asset_identifier AND figure.day < {day} AND supply IS NOT NULL
        ORDER BY figure.day DESC LIMIT 1
    ) AS before ON true
    WHERE moved.day = {day}
"""

# Each balance that the day changed, before it and at its end.
TOKEN_BALANCES_MOVED = """
    SELECT moved.asset_identifier, moved.principal, COALESCE(before.balance, 0) AS balance_before,
           COALESCE(before.balance, 0) + moved.change AS balance
    FROM token_balance_changes AS moved
    LEFT JOIN LATERAL (
        SELECT balance FROM token_holdings AS held
        WHERE held.asset_identifier = moved.asset_identifier AND held.principal = moved.principal AND held.day < {day}
        ORDER BY held.day DESC LIMIT 1
    ) AS before ON true
    WHERE moved.day = {day}
"""

# Of each token that moved on the day, the ten largest balances among those that did not.
TOKEN_LARGEST = """
    SELECT moved.asset_identifier, largest.balance
    FROM daily_token_activity AS moved
    CROSS JOIN LATERAL (
        SELECT balance FROM token_holdings AS held
        WHERE held.asset_identifier = moved.asset_identifier AND held.day < {day} AND balance > 0
              AND NOT EXISTS (SELECT FROM token_balance_changes AS later
                              WHERE later.asset_identifier = held.asset_identifier
                                    AND later.principal = held.principal
                                    AND later.day > held.day AND later.day <= {day})
        ORDER BY balance DESC LIMIT 10
    ) AS largest
    WHERE moved.day = {day}
"""

# What the day changed of the assets that contracts of a protocol hold together, added to what they held before. What a
# listed protocol minted is a claim on assets that are counted where they are held.
PROTOCOL_BALANCES = f"""
    WITH protocols AS (SELECT * FROM {PROTOCOLS.values}), changes AS (
        SELECT principal, asset_identifier, change FROM token_balance_changes
        WHERE day = {{day}} AND split_part(asset_identifier, '.', 1) NOT IN (SELECT deployer FROM protocols)
        UNION ALL
        SELECT address, 'STX', change_ustx FROM stx_balance_changes WHERE day = {{day}}
    ), moved AS (
        SELECT protocol, asset_identifier, sum(change) AS change
        FROM changes JOIN protocols ON split_part(principal, '.', 1) = deployer
        WHERE principal <> deployer GROUP BY protocol, asset_identifier
    )
    SELECT protocol, asset_identifier, COALESCE(before.balance, 0) + change AS balance
    FROM moved LEFT JOIN LATERAL (
        SELECT balance FROM daily_protocol_balances AS held
        WHERE held.protocol = moved.protocol AND held.asset_identifier = moved.asset_identifier AND held.day < {{day}}
        ORDER BY held.day DESC LIMIT 1
    ) AS before ON true
"""
