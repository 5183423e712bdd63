"""SQL over the hours of the network: of built days, and of the tip snapshot after them."""

from collections.abc import Iterable

from stacks_dataverse.queries.tip import up_to_the_tip

# Transactions by type and by status: columns of one row, of rows by type and status.
USER_TYPES = {
    "token_transfers": "token_transfer",
    "contract_calls": "contract_call",
    "smart_contracts": "smart_contract",
}
OTHER_TYPES = "coinbases, tenure changes, poison microblocks, and types without a name yet"
FAILURES = {
    "aborted_by_response": "abort_by_response",
    "aborted_by_post_condition": "abort_by_post_condition",
    "problematic_skipped": "problematic_skipped",
}
ACTIVITY = ("active_accounts", "active_contracts", "initiators", "contracts_called")
_USERS = ", ".join(f"'{name}'" for name in USER_TYPES.values())
_COUNT = "COALESCE(sum(tx_count) FILTER (WHERE {}), 0)::bigint"
TX_COUNTS = {
    "tx_count": "sum(tx_count)::bigint",
    **{name: _COUNT.format(f"tx_type = '{value}'") for name, value in USER_TYPES.items()},
    "other_txs": _COUNT.format(f"tx_type NOT IN ({_USERS})"),
    **{name: _COUNT.format(f"tx_status = '{value}'") for name, value in FAILURES.items()},
    "fee_ustx": "sum(fee_ustx)::bigint",
}


def tx_counts(table: str, key: str) -> str:
    """A query of `TX_COUNTS` by a key of a table by type and status."""
    counts = ", ".join(f"{what} AS {name}" for name, what in TX_COUNTS.items())
    return f"SELECT {key}, {counts} FROM {table} GROUP BY {key}"


def of_the_day() -> str:
    """A query of `{day}`: its blocks, `TX_COUNTS`, and who took part."""
    counted = tx_counts("daily_transactions WHERE day = {day}", "day")
    return f"""
        SELECT (SELECT COALESCE(sum(block_count), 0)::bigint FROM hourly_activity WHERE day = {{day}}) AS block_count,
               {coalesced(TX_COUNTS)}, {", ".join(ACTIVITY)}
        FROM daily_activity LEFT JOIN ({counted}) AS counted USING (day)
        WHERE day = {{day}}
    """


def coalesced(names: Iterable[str]) -> str:
    """Columns that are zero where no row is joined."""
    return ", ".join(f"COALESCE({name}, 0) AS {name}" for name in names)


def _of_the_last_days(table: str) -> str:
    """A table and the snapshot's rows of it, of the days that hold the last 720 hours."""
    return f"{up_to_the_tip(table)} WHERE day >= {SINCE_DAY}"


SINCE_DAY = "to_timestamp({tip_at})::date - 30"

# The snapshot may begin within an hour: of the day after the last loaded one it has the whole hours.
_FIRST_OF_THE_TIP = "GREATEST({day}::date + 1, date_trunc('hour', to_timestamp({start} + 3599)))"
_EACH_HOUR = f"""
    SELECT generate_series(day::timestamptz, day + interval '23 hours', '1 hour') AS hour_at,
           false AS is_of_tip, NOT settled AS is_provisional
    FROM loaded_days WHERE day <= {{day}} AND day >= {SINCE_DAY}
    UNION ALL
    SELECT generate_series({_FIRST_OF_THE_TIP}, to_timestamp({{tip_at}}), '1 hour'), true, true
"""

# An account of the snapshot is new if it is in no built day up to the last loaded one: found by the key, for each.
_NEW_AT_THE_TIP = """
    SELECT first_hour_at AS hour_at, count(*) AS new_at_the_tip
    FROM tip_address_days AS seen
    WHERE position('.' IN address) = 0
          AND COALESCE((SELECT first_day FROM addresses WHERE addresses.address = seen.address) > {day}, true)
    GROUP BY first_hour_at
"""

HOURS = f"""
    SELECT hour_at, is_provisional, {coalesced(("block_count", *TX_COUNTS, *ACTIVITY))},
           CASE WHEN is_of_tip THEN CASE WHEN {{is_whole}} THEN COALESCE(new_at_the_tip, 0) END
                WHEN block_count IS NULL THEN 0 ELSE new_accounts END AS new_accounts
    FROM ({_EACH_HOUR}) AS hours
    LEFT JOIN (SELECT hour_at, block_count, {", ".join(ACTIVITY)} FROM {_of_the_last_days("hourly_activity")}) AS active
        USING (hour_at)
    LEFT JOIN ({tx_counts(f"(SELECT * FROM {_of_the_last_days('hourly_transactions')}) AS sent", "hour_at")}) AS counted
        USING (hour_at)
    LEFT JOIN (
        SELECT hour_at, new_accounts FROM hourly_new_accounts WHERE day <= {{day}} AND day >= {SINCE_DAY}
    ) AS made USING (hour_at)
    LEFT JOIN ({_NEW_AT_THE_TIP}) AS newcomers USING (hour_at)
    WHERE hour_at > to_timestamp({{tip_at}}) - interval '720 hours' AND hour_at <= to_timestamp({{tip_at}})
    ORDER BY hour_at
"""
