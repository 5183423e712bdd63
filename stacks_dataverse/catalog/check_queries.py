"""What checks ask of the warehouse, each by an index: `expected`, `actual` and an `example`, in text.

A query is of one `{day}`; the other names in braces are explained in `data_check.Check`.
"""

from collections.abc import Sequence

from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.event_order import LATEST_FIRST
from stacks_dataverse.queries import days

PAST_IS_WHOLE = f"EXISTS (SELECT FROM ({days.PAST}) AS past WHERE day = {{day}} AND is_whole)"

# And the first day mints, as the first blocks of a real chain do; those of a network for tests need not.
SINCE_GENESIS = f"""
    {PAST_IS_WHOLE}
    AND (SELECT minted_ustx > 0 FROM stx_supply_changes WHERE day = (SELECT min(day) FROM built_days))
"""

FIGURES_MADE = f"NOT {days.FIGURES_DUE}"

LANDED_BLOCKS = "SELECT {blocks_digest} AS expected, blocks_digest AS actual FROM built_days WHERE day = {day}"

BALANCE_CHANGES = """
    SELECT ((SELECT COALESCE(sum(minted_ustx - burned_ustx + coinbase_ustx), 0)
             FROM stx_supply_changes WHERE day = {day})
            - (SELECT COALESCE(sum(fee_ustx), 0) FROM daily_transactions WHERE day = {day})
            + (SELECT COALESCE(sum(tx_fees_anchored_ustx + tx_fees_streamed_confirmed_ustx
                                   + tx_fees_streamed_produced_ustx), 0)
               FROM matured_rewards WHERE day = {day}))::text AS expected,
           (SELECT COALESCE(sum(change_ustx), 0) FROM stx_balance_changes WHERE day = {day})::text AS actual
"""

EARLIER_DAYS = f"""
    SELECT '0' AS expected, count(*)::text AS actual, min(day)::text AS example
    FROM ({days.FAILED_DAYS}) AS failed WHERE day < {{day}}
"""

BALANCES_IN_TOTAL = f"""
    SELECT (supply_ustx - fees_paid_ustx + matured_fees_ustx)::text AS expected, balances_ustx::text AS actual
    FROM daily_balances JOIN daily_balance_totals USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE} AND balances_ustx IS NOT NULL
"""

MISSING_HISTORY = f"""
    SELECT 'none' AS expected, COALESCE(stretches, 'none') AS actual, command AS example
    FROM built_days LEFT JOIN ({days.MISSING_SQL}) AS missing ON true
    WHERE day = {{day}} AND (settled OR block_count > 0) AND {FIGURES_MADE}
"""

NEGATIVE_BALANCES = f"""
    SELECT '0' AS expected, count(*)::text AS actual, min(address || ' has ' || balance_ustx) AS example
    FROM (SELECT address, (SELECT balance_ustx FROM stx_balances AS held WHERE held.address = changed.address)
          FROM stx_balance_changes AS changed WHERE day = {{day}}) AS touched
    WHERE balance_ustx < 0
    HAVING {SINCE_GENESIS}
"""

DAY_WITHOUT_BLOCKS = """
    SELECT '1' AS expected, today.block_count::text AS actual
    FROM built_days AS today JOIN built_days AS yesterday ON yesterday.day = today.day - 1
    WHERE today.day = {day} AND today.settled AND yesterday.block_count >= {many}
"""

SUPPLY = f"""
    SELECT (before.supply_ustx - (SELECT burned_ustx FROM stx_supply_changes WHERE day = {{day}}))::text AS expected,
           today.supply_ustx::text AS actual
    FROM daily_balances AS today
    CROSS JOIN LATERAL (SELECT supply_ustx FROM daily_balances
                        WHERE day < {{day}} AND supply_ustx IS NOT NULL ORDER BY day DESC LIMIT 1) AS before
    WHERE today.day = {{day}} AND {FIGURES_MADE} AND today.supply_ustx IS NOT NULL
"""

STACKED = f"""
    SELECT supply_ustx::text AS expected, stacked_ustx::text AS actual
    FROM daily_balances JOIN daily_stacking USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE} AND {SINCE_GENESIS}
          AND supply_ustx IS NOT NULL AND stacked_ustx IS NOT NULL
"""

# Who may still have had STX locked is found by the Bitcoin height before the day: a value, so that the planner knows
# how few they are. Nor may it search for the highest tenure from the top: the index finds it by its day.
REWARD_SET = f"""
    WITH written AS MATERIALIZED (
        SELECT stacked_ustx, block_height,
               (SELECT max(burn_block_height + 0) FROM tenures
                WHERE day BETWEEN {{day}}::date - 1 AND {{day}} AND first_block_height <= reward_cycles.block_height)
                   AS burn_block_height,
               (SELECT ARRAY[pox_v1_unlock_height, pox_v2_unlock_height, pox_v3_unlock_height, pox_v4_unlock_height]
                FROM daily_pox_heights WHERE day = {{day}}) AS forced
        FROM reward_cycles WHERE day = {{day}} AND stacked_ustx > 0 AND {PAST_IS_WHOLE}
        ORDER BY block_height DESC LIMIT 1
    ), candidates AS MATERIALIZED (
        SELECT DISTINCT address FROM stx_locks
        WHERE day <= {{day}} AND unlock_height > {{burn_block_height}} AND EXISTS (SELECT FROM written)
    )
    SELECT stacked_ustx::text AS expected, COALESCE(locked_ustx, 0)::text AS actual
    FROM written CROSS JOIN LATERAL (
        SELECT sum(locked_ustx) AS locked_ustx
        FROM candidates CROSS JOIN LATERAL (
            SELECT * FROM stx_locks AS lock
            WHERE lock.address = candidates.address AND lock.block_height <= written.block_height
            ORDER BY {LATEST_FIRST} LIMIT 1
        ) AS latest
        WHERE unlock_height > burn_block_height
          AND COALESCE(NULLIF(forced[pox_version], 0) > burn_block_height, true)
    ) AS locked
"""

# A distribution gives away what had come in, and its reserve is that of the one before with the new share.
DISTRIBUTION_SPLIT = """
    SELECT '0' AS expected, count(*) FILTER (WHERE gross_sats <> given_sats)::text AS actual,
           min(calculation_height || ' splits ' || gross_sats || ' sats into ' || given_sats)
               FILTER (WHERE gross_sats <> given_sats) AS example
    FROM (SELECT *, bond_sats + stx_staker_sats + reserve_sats AS given_sats
          FROM stacking_distributions WHERE day = {day}) AS split
    HAVING count(*) > 0
"""

RESERVE_BALANCE = """
    SELECT (before.reserve_balance_sats + today.reserve_sats)::text AS expected,
           today.reserve_balance_sats::text AS actual, 'after ' || today.calculation_height AS example
    FROM stacking_distributions AS today CROSS JOIN LATERAL (
        SELECT reserve_balance_sats FROM stacking_distributions AS earlier
        WHERE earlier.calculation_height < today.calculation_height AND earlier.day <= {day}
        ORDER BY earlier.calculation_height DESC LIMIT 1
    ) AS before
    WHERE today.day = {day}
    ORDER BY before.reserve_balance_sats + today.reserve_sats = today.reserve_balance_sats, today.calculation_height
    LIMIT 1
"""

CONTRACTS_OF_TRANSACTIONS = """
    SELECT concat_ws(', ', COALESCE(sum(tx_count) FILTER (WHERE tx_type = 'contract_call'), 0),
                     COALESCE(sum(tx_count) FILTER (WHERE tx_type = 'contract_call' AND tx_status <> 'success'), 0),
                     COALESCE(sum(fee_ustx) FILTER (WHERE tx_type = 'contract_call'), 0),
                     COALESCE(sum(tx_count) FILTER (WHERE tx_type = 'smart_contract' AND tx_status = 'success'), 0))
               AS expected,
           (SELECT concat_ws(', ', COALESCE(sum(calls), 0), COALESCE(sum(failed_calls), 0), COALESCE(sum(fee_ustx), 0),
                             (SELECT count(*) FROM contract_deployments WHERE day = {day}))
            FROM contract_usage WHERE day = {day}) AS actual,
           'calls, failed calls, fees, deployments' AS example
    FROM daily_transactions WHERE day = {day}
"""

INITIATORS_OF_TRANSACTIONS = f"""
    SELECT activity.initiators::text AS expected, counted.initiators::text AS actual
    FROM daily_activity AS activity JOIN daily_initiators AS counted USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE}
          AND NOT EXISTS (SELECT FROM daily_transactions WHERE day = {{day}} AND tx_type NOT IN (
              'token_transfer', 'smart_contract', 'contract_call', 'coinbase', 'tenure_change'))
"""

INITIATOR_COHORTS = f"""
    SELECT sum(new_initiators)::text AS expected,
           COALESCE((SELECT initiators FROM initiator_cohorts
                     WHERE day = {{day}} AND cohort = date_trunc('month', {{day}}::date)), 0)::text AS actual
    FROM daily_initiators
    WHERE day >= date_trunc('month', {{day}}::date) AND day <= {{day}} AND {FIGURES_MADE}
    HAVING bool_and(new_initiators IS NOT NULL)
"""

INITIATORS_OF_MONTH = f"""
    SELECT active::text AS expected,
           (SELECT COALESCE(sum(initiators), 0) FROM initiator_cohorts WHERE day = {{day}})::text AS actual
    FROM (SELECT CASE extract(day FROM {{day}}::date) WHEN 1 THEN initiators WHEN 7 THEN initiators_7_days
                                                      WHEN 30 THEN initiators_30_days END AS active
          FROM daily_initiators WHERE day = {{day}} AND total_initiators IS NOT NULL AND {FIGURES_MADE}) AS counted
    WHERE active IS NOT NULL
"""

HOLDERS_IN_TOTAL = f"""
    SELECT concat_ws(', ', holders, balances_ustx, holders, balances_ustx) AS expected,
           (SELECT concat_ws(', ', COALESCE(sum(holders) FILTER (WHERE holder_kind = 'account'), 0),
                             COALESCE(sum(balance_ustx), 0))
            FROM stx_holder_bands WHERE day = {{day}})
           || ', ' ||
           (SELECT concat_ws(', ', COALESCE(sum(holders) FILTER (WHERE holder_kind = 'account'), 0),
                             COALESCE(sum(balance_ustx), 0))
            FROM stx_holder_deciles WHERE day = {{day}}) AS actual,
           'accounts and µSTX, by bands and by deciles' AS example
    FROM daily_balances JOIN daily_balance_totals USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE} AND balances_ustx IS NOT NULL AND {SINCE_GENESIS}
"""


def near_median(count: str) -> str:
    """A day's count against the median of the built days before it, `{{days}}` at most and `{{known}}` at least."""
    return f"""
        SELECT median::text AS expected, {count}::text AS actual
        FROM built_days AS today, (
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY {count}) AS median, count(*) AS known
            FROM (SELECT {count} FROM built_days WHERE day < {{day}} AND settled
                  ORDER BY day DESC LIMIT {{days}}) AS latest
        ) AS past
        WHERE today.day = {{day}} AND settled AND known >= {{known}} AND median >= {{many}}
    """


def compare_with_tip(value: str, table: str, column: str) -> str:
    """The source's own sum at its tip against a figure of the day that holds the tip, once all its past is built."""
    return f"""
        SELECT {{{value}}}::text AS expected, {column}::text AS actual
        FROM {table} WHERE day = {{day}} AND {{{value}}} IS NOT NULL AND {column} IS NOT NULL AND {FIGURES_MADE}
          AND {PAST_IS_WHOLE}
    """


def unbuilt_days(tables: Sequence[Table]) -> str:
    """The first rows that each table of days holds between built days, before the first and after the last."""
    missing = " UNION ALL ".join(_in_holes(table) for table in tables if table.kind in (Kind.FACT, Kind.FIGURE))
    return f"""
        WITH holes AS MATERIALIZED (
            SELECT * FROM (
                SELECT lag(day, 1, '0001-01-01') OVER (ORDER BY day) AS after, day AS before
                FROM (SELECT day FROM built_days UNION ALL SELECT '9999-12-31') AS built
            ) AS pairs
            WHERE before > after + 1
        )
        SELECT '0' AS expected, count(*)::text AS actual, min(thing) AS example FROM ({missing}) AS missing
    """


def _in_holes(table: Table) -> str:
    after, before = (
        bound if table.day_key == "day" else f"extract(epoch FROM {bound})::bigint" for bound in ("after", "before")
    )
    return f"""
        SELECT '{table.name} on ' || first.day AS thing FROM holes CROSS JOIN LATERAL (
            SELECT {table.day_key} AS day FROM {table.name}
            WHERE {table.day_key} > {after} AND {table.day_key} < {before} ORDER BY {table.day_key} LIMIT 1
        ) AS first
    """
