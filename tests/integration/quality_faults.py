"""What each check is there to see, broken one at a time in a warehouse of the sample; and what is no fault."""

from tests.integration.faults_of_users import faults_of_users, held_more
from tests.integration.pool import FAULTS_OF_STACKING
from tests.integration.swapped import swapped

# The last settled day of the chain, and the one that holds its tip.
DAY, TIP_DAY = "2024-10-29", "2024-10-30"
FIRST_ROW = "ctid = (SELECT min(ctid) FROM {0} WHERE day = '{1}')"
FIRST_ADDRESS = "address = (SELECT min(address) FROM stx_balances)"
DUE = f"UPDATE built_tables SET due = true WHERE table_name ~ '^daily_balance|^stx_holder' AND day >= '{DAY}'"
DAMAGED = f"UPDATE stx_balances SET balance_ustx = balance_ustx + 1 WHERE {FIRST_ADDRESS}; {DUE}"
MOVED = "UPDATE {} SET day = '2024-10-20' WHERE day = '2024-10-28';"
QUIET_WEEK = f"""
    INSERT INTO built_days
    SELECT '2024-10-28'::date - number, NULL, NULL, block_count * {{blocks}}, tx_count * {{txs}}, 'x', true,
           now(), now(), 'x', false, 0, 0
    FROM built_days, generate_series(1, {{days}}) AS number WHERE day = '{DAY}'
"""

HELD = "UPDATE token_holdings SET balance = "
KEPT = "INSERT INTO daily_protocol_balances VALUES"
GAINED = "UPDATE token_balance_changes SET change = change + 1"

# By check: the day that it then fails on, and what is broken. Nothing else notices.
FAULTS = [
    ("transactions_of_hours", DAY, f"UPDATE hourly_transactions SET tx_count = tx_count + 1 WHERE day = '{DAY}'"),
    ("fees_of_types", DAY, f"UPDATE daily_fees SET tx_count = tx_count + 1 WHERE day = '{DAY}' AND tx_type ~ '^token'"),
    ("accounts_of_hours", DAY, f"UPDATE hourly_new_accounts SET new_accounts = new_accounts + 1 WHERE day = '{DAY}'"),
    ("landed_blocks", DAY, f"UPDATE built_days SET blocks_digest = 'other' WHERE day = '{DAY}'"),
    (
        *("balance_changes", DAY),
        "UPDATE stx_balance_changes SET change_ustx = change_ustx + 1 WHERE "
        + FIRST_ROW.format("stx_balance_changes", DAY),
    ),
    ("tenures_of_blocks", DAY, f"UPDATE daily_blocks SET tenures = tenures + 1 WHERE day = '{DAY}'"),
    ("mined", DAY, f"UPDATE daily_mining SET coinbase_ustx = coinbase_ustx + 1 WHERE day = '{DAY}'"),
    ("mined", DAY, f"UPDATE daily_miners SET fees_ustx = fees_ustx + 1 WHERE day = '{DAY}'"),
    (
        *("earlier_days", DAY),
        "DELETE FROM loaded_days WHERE day = '2024-10-28';"
        "INSERT INTO quality_checks VALUES ('3000-01-01', '2024-10-28', 'any', false, '0', '1', 'error')",
    ),
    *faults_of_users(DAY, TIP_DAY),
    ("unbuilt_days", DAY, "INSERT INTO daily_microblocks VALUES ('2024-10-27', 1)"),
    ("unbuilt_days", DAY, "INSERT INTO whale_historical_stx_balances VALUES (1730505600, 'SP1', 1)"),
    ("unbuilt_days", DAY, MOVED.format("built_days") + MOVED.format("built_tables")),
    ("missing_history", DAY, "UPDATE built_days SET first_block_height = 9 WHERE day = '2024-10-28'"),
    ("balances_in_total", DAY, DAMAGED),
    ("balances_in_total", DAY, f"UPDATE daily_balance_totals SET fees_paid_ustx = 0 WHERE day = '{DAY}'"),
    (
        *("balances_at_the_tip", TIP_DAY),
        "UPDATE daily_balance_totals SET balances_ustx = balances_ustx + 1, fees_paid_ustx = fees_paid_ustx - 1"
        f" WHERE day = '{TIP_DAY}'; {held_more(TIP_DAY)}",
    ),
    (
        *("supply_at_the_tip", TIP_DAY),
        f"UPDATE daily_balances SET supply_ustx = supply_ustx + 1 WHERE day = '{TIP_DAY}';"
        f"UPDATE daily_balance_totals SET fees_paid_ustx = fees_paid_ustx + 1 WHERE day = '{TIP_DAY}'",
    ),
    ("tokens_at_the_tip", TIP_DAY, f"UPDATE daily_nft_totals SET tokens = tokens + 1 WHERE day = '{TIP_DAY}'"),
    (
        *("negative_balances", DAY),
        "UPDATE stx_balances SET balance_ustx = -1 WHERE address ="
        f" (SELECT min(address) FROM stx_balance_changes WHERE day = '{DAY}')",
    ),
    ("day_without_blocks", DAY, f"UPDATE built_days SET block_count = 0 WHERE day = '{DAY}'"),
    ("blocks_near_median", DAY, QUIET_WEEK.format(days=7, blocks=6, txs=1)),
    ("transactions_near_median", DAY, QUIET_WEEK.format(days=7, blocks=1, txs=6)),
    (
        *("transactions_near_median", DAY),
        QUIET_WEEK.format(days=7, blocks=1, txs=1)
        + f"; UPDATE built_days SET tx_count = tx_count * 6 WHERE day = '{DAY}'",
    ),
    ("supply", DAY, "UPDATE daily_balances SET supply_ustx = 9e15 WHERE day = '2024-10-28'"),
    ("stacked", DAY, f"UPDATE daily_stacking SET stacked_ustx = 9e15 WHERE day = '{DAY}'"),
    (
        *("reward_set", DAY),
        f"UPDATE reward_cycles SET stacked_ustx = stacked_ustx * 2 WHERE day = '{DAY}';"
        f"UPDATE cycle_signers SET stacked_ustx = stacked_ustx * 2 WHERE day = '{DAY}'",
    ),
    ("reward_set", DAY, f"UPDATE stx_locks SET locked_ustx = locked_ustx * 9 WHERE day <= '{DAY}'"),
    *FAULTS_OF_STACKING,
    ("token_balance_changes", DAY, f"{GAINED} WHERE {FIRST_ROW.format('token_balance_changes', DAY)}"),
    *(("token_holdings", DAY, f"{HELD}{held} WHERE {FIRST_ROW.format('token_holdings', DAY)}") for held in (-1, 9e75)),
    ("sbtc_supply", DAY, f"UPDATE sbtc_supply_changes SET unlocked_sats = unlocked_sats + 1 WHERE day = '{DAY}'"),
    ("sbtc_unexplained_mints", DAY, f"UPDATE daily_sbtc SET unexplained_mint_sats = 333 WHERE day = '{DAY}'"),
    ("blocks_of_hours", DAY, f"DELETE FROM hourly_activity WHERE {FIRST_ROW.format('hourly_activity', DAY)}"),
    ("bond_exits", DAY, f"INSERT INTO bond_exits VALUES ('{DAY}', 9, 150, 1, 0, 0)"),
    ("names_in_total", DAY, f"INSERT INTO daily_names VALUES ('{DAY}', 2, 'new', 0, 0, 0, 0, 0, 1)"),
    ("protocol_balances", DAY, f"{KEPT} ('{DAY}', 'Any', 'SP1.token::token', -1)"),
    ("protocol_balances", DAY, f"{KEPT} ('{DAY}', 'Any', 'STX', 9e75)"),
    ("swaps_as_moved", DAY, swapped(DAY, is_as_moved=False)),
]

# What is no fault: by check, which then has nothing to compare.
EXEMPT = [
    ("negative_balances", "UPDATE stx_supply_changes SET minted_ustx = 0; UPDATE stx_balances SET balance_ustx = -1"),
    ("stacked", "UPDATE stx_supply_changes SET minted_ustx = 0; UPDATE daily_stacking SET stacked_ustx = 9e15"),
    (
        "balances_in_total",
        "UPDATE daily_balance_totals SET fees_paid_ustx = 0; UPDATE built_tables SET due = true",
    ),
    ("day_without_blocks", "UPDATE built_days SET block_count = 9 WHERE day = '2024-10-28'"),
    ("day_without_blocks", f"UPDATE built_days SET block_count = 0, settled = false WHERE day = '{DAY}'"),
    ("blocks_near_median", QUIET_WEEK.format(days=4, blocks=6, txs=1)),
    ("reward_set", "UPDATE reward_cycles SET stacked_ustx = 0"),
    ("balances_at_the_tip", f"UPDATE daily_balance_totals SET balances_ustx = 0 WHERE day = '{TIP_DAY}'"),
]
