"""The API's tables of staking and bonds, made of `pox5_events` as the API makes them: its errors are here too.

Since PoX-5 there are no microblocks, so `canonical` is the whole flag.
"""

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.pox5_events import PLACE

COLUMNS = ", ".join(PLACE.split())
IN_ORDER = "block_height, index_block_hash, tx_index, event_index"
OWN_COLUMNS, OWN_IN_ORDER = (", ".join(f"own.{name}" for name in names.split(", ")) for names in (COLUMNS, IN_ORDER))
PRECISION = 10**18


def write_staking(cursor: Cursor) -> None:
    """Recompute the tables, and the tip's count of bonds; also after a fork."""
    for table in TABLES:
        cursor.execute(f"DELETE FROM {table}")
    for statement in STATEMENTS:
        cursor.execute(statement)


# In the order in which they are made; each has the name of a table, what follows its place, and where that is from.
COPIED = {
    ("add-to-allowlist", "bond_allowlist_entries"): "bond_index int, staker text, max_sats text",
    ("calculate-rewards", "bond_reward_calculations"): (
        "calculation_height int, gross_accrued_rewards numeric, total_bond_rewards numeric, reserve_deposit numeric,"
        " reserve_balance numeric, stx_cycle int, total_stx_staker_rewards numeric, cycle_staked_ustx numeric,"
        " accrued_rewards_per_ustx numeric, cumulative_rewards_per_ustx numeric"
    ),
    ("bond-distribution", "bond_reward_distributions"): (
        "bond_index int, target_yield numeric, bond_rewards numeric, bond_staked_sats numeric,"
        " accrued_rewards_per_sat numeric, cumulative_rewards_per_sat numeric"
    ),
    ("claim-rewards", "signer_reward_claims"): (
        "signer_manager text, reward_cycle int, stx_earned numeric, stx_rewards_per_token numeric, bond_rewards jsonb,"
        " bond_totals numeric, total_rewards numeric"
    ),
    ("claim-staker-rewards-for-signer", "principal_bond_reward_claims"): (
        "principal text, signer_manager text, reward_cycle int, bond_index int, rewards_claimed numeric"
    ),
}

# Columns that are called otherwise in the print. Lists are stored as a text in JSON, not as a list.
SOURCES = {
    "stx_earned": "data #>> '{stx_rewards,earned}'",
    "stx_rewards_per_token": "data #>> '{stx_rewards,rewards_per_token}'",
    "principal": "data ->> 'staker'",
}
CAST, CASTS = "({})::{}", {"jsonb": "to_jsonb({})"}


def _source(column: str) -> str:
    return SOURCES.get(column, f"data ->> '{column}'")


def _copy(name: str, table: str, columns: str) -> str:
    typed = [column.split() for column in columns.split(", ")]
    values = ", ".join(CASTS.get(kind, CAST).format(_source(column), kind) for column, kind in typed)
    names = ", ".join(column for column, _ in typed)
    return f"""
        INSERT INTO {table} ({COLUMNS}, {names}) SELECT {COLUMNS}, {values} FROM pox5_events
        WHERE name = '{name}' ORDER BY {IN_ORDER}
    """


# The signer of a registration follows its latest change.
REGISTRATIONS = f"""
    INSERT INTO bond_registrations ({COLUMNS}, bond_index, signer, staker, amount_ustx, sats_total, first_reward_cycle,
        unlock_burn_height, unlock_cycle, btc_lockup_type, btc_lockup_txs)
    SELECT {COLUMNS}, (data ->> 'bond_index')::int, COALESCE((
            SELECT changed.data ->> 'signer' FROM pox5_events AS changed
            WHERE changed.name = 'update-bond-registration' AND changed.canonical AND own.canonical
            AND (changed.data ->> 'staker', changed.data ->> 'bond_index')
              = (own.data ->> 'staker', own.data ->> 'bond_index')
            ORDER BY changed.block_height DESC, changed.tx_index DESC LIMIT 1), data ->> 'signer'),
        data ->> 'staker', data ->> 'amount_ustx', data ->> 'sats_total', (data ->> 'first_reward_cycle')::int,
        (data ->> 'unlock_burn_height')::int, (data ->> 'unlock_cycle')::int,
        CASE data #>> '{{btc_lockup,type}}' WHEN 'l1' THEN 0 ELSE 1 END, to_jsonb(data #>> '{{btc_lockup,txs}}')
    FROM pox5_events AS own WHERE name = 'register-for-bond' ORDER BY {IN_ORDER}
"""

# What each call says of the sats of a bond's member. An early exit on Bitcoin leaves them, and so does a roll-over.
SATS = """
    (SELECT *, data ->> 'staker' AS principal, data ->> 'bond_index' AS bond, name = 'unstake-sbtc' AS is_part,
            COALESCE(data ->> 'sats_total', data ->> 'amount_sats', data ->> 'new_amount_sats')::numeric AS sats
     FROM pox5_events
     WHERE name IN ('register-for-bond', 'update-bond-registration', 'unstake-sbtc')) AS said
"""
OF_BONDS = f"""
    INSERT INTO principal_bond_reward_distributions ({COLUMNS}, principal, bond_index, reward_amount)
    SELECT {OWN_COLUMNS}, held.principal, (own.data ->> 'bond_index')::int,
           held.reward
    FROM pox5_events AS own CROSS JOIN LATERAL (
        SELECT DISTINCT ON (principal) principal,
               floor(sats * (own.data ->> 'accrued_rewards_per_sat')::numeric / {PRECISION}) AS reward
        FROM {SATS}
        WHERE bond = own.data ->> 'bond_index' AND (said.canonical OR NOT own.canonical)
        AND (said.block_height, said.tx_index) < (own.block_height, own.tx_index)
        ORDER BY principal, said.block_height DESC, said.tx_index DESC
    ) AS held WHERE own.name = 'bond-distribution' AND held.reward > 0 ORDER BY {OWN_IN_ORDER}, principal
"""

# An estimate of the API's: it counts every stake that it knows, whether it earns in this cycle or not.
OF_STAKES = f"""
    INSERT INTO principal_stx_reward_distributions ({COLUMNS}, principal, reward_cycle, reward_amount)
    SELECT {OWN_COLUMNS}, held.principal, (own.data ->> 'stx_cycle')::int,
           held.reward
    FROM pox5_events AS own CROSS JOIN LATERAL (
        SELECT DISTINCT ON (said.data ->> 'staker') said.data ->> 'staker' AS principal,
               floor((said.data ->> 'amount_ustx')::numeric * (own.data ->> 'accrued_rewards_per_ustx')::numeric
                     / {PRECISION}) AS reward
        FROM pox5_events AS said
        WHERE said.name IN ('stake', 'stake-update', 'unstake') AND (said.canonical OR NOT own.canonical)
        AND (said.block_height, said.tx_index) < (own.block_height, own.tx_index)
        ORDER BY said.data ->> 'staker', said.block_height DESC, said.tx_index DESC
    ) AS held WHERE own.name = 'calculate-rewards' AND held.reward > 0 ORDER BY {OWN_IN_ORDER}, principal
"""

# One row a member and bond: of the canonical chain if it is there, else of a side of it. 0 enrolled, 3 early exit.
POSITIONS = f"""
    INSERT INTO principal_bond_positions ({COLUMNS}, principal, bond_index, status, active, btc_locked, stx_locked,
        btc_paid_out, accrued_rewards, claimed_rewards)
    SELECT {COLUMNS}, principal, bond::int,
        CASE WHEN is_out OR sats = 0 THEN 3 ELSE 0 END, NOT is_out, sats, (data ->> 'amount_ustx')::numeric, 0,
        (SELECT COALESCE(sum(reward_amount), 0) FROM principal_bond_reward_distributions AS earned
         WHERE earned.canonical AND (earned.principal, earned.bond_index) = (entered.principal, bond::int)),
        (SELECT COALESCE(sum(rewards_claimed), 0) FROM principal_bond_reward_claims AS claimed
         WHERE claimed.canonical AND (claimed.principal, claimed.bond_index) = (entered.principal, bond::int))
    FROM (
        SELECT DISTINCT ON (said.principal, said.bond) {COLUMNS}, data, principal, bond,
            COALESCE((
                SELECT part.sats FROM {SATS.replace("AS said", "AS part")}
                WHERE is_part AND part.canonical AND (part.principal, part.bond) = (said.principal, said.bond)
                AND (part.block_height, part.tx_index) > (said.block_height, said.tx_index)
                ORDER BY part.block_height DESC, part.tx_index DESC LIMIT 1), sats) AS sats,
            EXISTS (
                SELECT FROM pox5_events AS out WHERE out.name = 'announce-l1-early-exit' AND out.canonical
                AND (out.data ->> 'staker', out.data ->> 'bond_index') = (said.principal, said.bond)) AS is_out
        FROM {SATS} WHERE NOT is_part
        ORDER BY said.principal, said.bond, said.canonical DESC, said.block_height DESC, said.tx_index DESC
    ) AS entered ORDER BY bond::int, principal
"""
BONDS = f"""
    INSERT INTO bonds ({COLUMNS}, bond_index, target_rate, stx_value_ratio, min_ustx_ratio, early_unlock_bytes,
        first_reward_cycle, bond_start_height, unlock_cycle, unlock_burn_height, btc_capacity, btc_locked, stx_locked,
        allowed_count, registered_count)
    SELECT {COLUMNS}, bond_index, (data ->> 'target_rate')::int, (data ->> 'stx_value_ratio')::int,
        (data ->> 'min_ustx_ratio')::int, data ->> 'early_unlock_bytes', (data ->> 'first_reward_cycle')::int,
        (data ->> 'bond_start_height')::int, (data ->> 'unlock_cycle')::int, (data ->> 'unlock_burn_height')::int,
        (SELECT COALESCE(sum(max_sats::numeric), 0) FROM bond_allowlist_entries AS allowed
         WHERE (allowed.tx_id, allowed.index_block_hash) = (own.tx_id, own.index_block_hash)),
        (SELECT COALESCE(sum(btc_locked), 0) FROM principal_bond_positions AS held
         WHERE held.canonical AND own.canonical AND held.bond_index = own.bond_index),
        (SELECT COALESCE(sum(stx_locked), 0) FROM principal_bond_positions AS held
         WHERE held.canonical AND own.canonical AND held.bond_index = own.bond_index),
        (SELECT count(*) FROM bond_allowlist_entries AS allowed
         WHERE (allowed.tx_id, allowed.index_block_hash) = (own.tx_id, own.index_block_hash)),
        (SELECT count(*) FROM bond_registrations AS entered
         WHERE entered.canonical AND own.canonical AND entered.bond_index = own.bond_index)
    FROM (SELECT *, (data ->> 'bond_index')::int AS bond_index FROM pox5_events WHERE name = 'setup-bond') AS own
    ORDER BY {IN_ORDER}
"""
TOTALS = """
    INSERT INTO principal_staking_totals
    SELECT principal, sum(stx_accrued), sum(stx_claimed), sum(bonds), sum(btc), sum(stx), sum(accrued), sum(claimed)
    FROM (
        SELECT principal, reward_amount AS stx_accrued, 0 AS stx_claimed, 0 AS bonds, 0 AS btc, 0 AS stx, 0 AS accrued,
               0 AS claimed
        FROM principal_stx_reward_distributions WHERE canonical
        UNION ALL
        SELECT principal, 0, rewards_claimed, 0, 0, 0, 0, 0 FROM principal_bond_reward_claims
        WHERE canonical AND bond_index IS NULL
        UNION ALL
        SELECT principal, 0, 0, 1, btc_locked, stx_locked, accrued_rewards, claimed_rewards
        FROM principal_bond_positions WHERE canonical
    ) AS parts GROUP BY principal ORDER BY principal
"""

# 0 registered, 1 granted.
KEYS = f"""
    INSERT INTO signer_key_grants ({COLUMNS}, kind, signer_manager, signer_key, auth_id, event_index)
    SELECT {COLUMNS}, CASE name WHEN 'register-signer' THEN 0 ELSE 1 END,
        COALESCE(data ->> 'signer_manager', data ->> 'signer'), decode(substr(data ->> 'signer_key', 3), 'hex'),
        (data ->> 'auth_id')::numeric, event_index
    FROM pox5_events WHERE name IN ('register-signer', 'grant-signer-key') ORDER BY {IN_ORDER}
"""
SIGNERS = """
    INSERT INTO staking_signers (signer, signer_key, tx_id, block_height, burn_block_height)
    SELECT DISTINCT ON (data ->> 'signer') data ->> 'signer', decode(substr(data ->> 'signer_key', 3), 'hex'), tx_id,
           block_height, burn_block_height
    FROM pox5_events WHERE name = 'register-signer' AND canonical
    ORDER BY data ->> 'signer', block_height DESC, tx_index DESC
"""
COUNT = "UPDATE chain_tip SET bond_count = (SELECT count(*) FROM bonds WHERE canonical)"

STATEMENTS = (
    *(_copy(*names, columns) for names, columns in COPIED.items()),
    *(REGISTRATIONS, OF_BONDS, OF_STAKES, POSITIONS, BONDS, TOTALS, KEYS, SIGNERS, COUNT),
)
TABLES = (
    *(table for _, table in COPIED),
    *("bond_registrations", "principal_bond_reward_distributions", "principal_stx_reward_distributions"),
    *("principal_bond_positions", "bonds", "principal_staking_totals", "signer_key_grants", "staking_signers"),
)
