"""Fungible tokens: their moves of a day, who holds them at its end, and what contracts of protocols hold.

Amounts are whole numbers of a token's smallest unit, of up to 128 bits, and exact.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

# No number of DuckDB holds a sum of amounts, or an amount with a sign: they are summed in halves of 64 bits.
HALF = 2**64
HALVES = f"(amount // {HALF}::UHUGEINT)::HUGEINT AS high, (amount % {HALF}::UHUGEINT)::HUGEINT AS low"
SUMMED = pa.decimal256(38, 0)
EXACT = pa.decimal256(76, 0)

# By how many of its largest holders a token's concentration is measured.
LARGEST = 10

# `asset_event_type_id` of stacks-blockchain-api (DbAssetEventTypeId).
KINDS = {"transferred": 1, "minted": 2, "burned": 3}


def token_balance_changes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the day added to each principal's balance of each token: received and minted − sent and burned.

    A principal whose movements cancel out has a row of zero.

    Reads: ft_events.
    Columns: asset_identifier, principal, change.
    """
    rows = day.sql(f"""
        SELECT asset_identifier, principal, sum(sign * high) AS change_high, sum(sign * low) AS change_low
        FROM (
            SELECT asset_identifier, recipient AS principal, 1 AS sign, {HALVES} FROM ft_events
            UNION ALL
            SELECT asset_identifier, sender, -1, {HALVES} FROM ft_events
        )
        WHERE principal IS NOT NULL
        GROUP BY asset_identifier, principal
        ORDER BY asset_identifier, principal
    """).to_arrow_table()
    return _join_halves(rows, ["change"])


def daily_token_activity(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Transfers, mints and burns of each token, and what they came to; who sent and who received in transfers.

    Reads: ft_events.
    Columns: asset_identifier, transfers, senders, receivers, mints, burns, transferred, minted, burned.
    """
    sums = ", ".join(
        f"COALESCE(sum({half}) FILTER (asset_event_type_id = {code}), 0) AS {name}_{half}"
        for name, code in KINDS.items()
        for half in ("high", "low")
    )
    rows = day.sql(f"""
        SELECT asset_identifier,
               count(*) FILTER (asset_event_type_id = 1) AS transfers,
               count(DISTINCT sender) FILTER (asset_event_type_id = 1) AS senders,
               count(DISTINCT recipient) FILTER (asset_event_type_id = 1) AS receivers,
               count(*) FILTER (asset_event_type_id = 2) AS mints,
               count(*) FILTER (asset_event_type_id = 3) AS burns,
               {sums}
        FROM (SELECT *, {HALVES} FROM ft_events)
        GROUP BY asset_identifier
        ORDER BY asset_identifier
    """).to_arrow_table()
    return _join_halves(rows, KINDS)


def token_holdings(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """What a principal holds of a token, for each balance that the day changed.

    Reads: token_balances_moved.
    Columns: asset_identifier, principal, balance.
    """
    return state.sql("""
        SELECT asset_identifier, principal, balance FROM token_balances_moved ORDER BY asset_identifier, principal
    """).to_arrow_table()


def daily_tokens(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Supply, holders and the share of the ten largest holders, of each token that moved on the day.

    Reads: token_supplies, token_balances_moved, token_largest.
    Columns: asset_identifier, supply, account_holders, contract_holders, ten_largest_share.
    """
    return state.sql(f"""
        WITH gained AS (
            SELECT asset_identifier,
                   sum(is_holder::INTEGER - was_holder::INTEGER) FILTER (NOT is_contract) AS accounts,
                   sum(is_holder::INTEGER - was_holder::INTEGER) FILTER (is_contract) AS contracts
            FROM (
                SELECT asset_identifier, contains(principal, '.') AS is_contract,
                       {_is_positive("balance")} AS is_holder, {_is_positive("balance_before")} AS was_holder
                FROM token_balances_moved
            )
            GROUP BY asset_identifier
        ), largest AS (
            SELECT asset_identifier, sum(balance) AS balance FROM (
                SELECT asset_identifier, balance::DOUBLE AS balance
                FROM (SELECT asset_identifier, balance FROM token_largest
                      UNION ALL SELECT asset_identifier, balance FROM token_balances_moved)
                WHERE {_is_positive("balance")}
                QUALIFY row_number() OVER (
                    PARTITION BY asset_identifier ORDER BY length(balance) DESC, balance DESC
                ) <= {LARGEST}
            )
            GROUP BY asset_identifier
        )
        SELECT asset_identifier, supply,
               (account_holders_before + COALESCE(accounts, 0))::BIGINT AS account_holders,
               (contract_holders_before + COALESCE(contracts, 0))::BIGINT AS contract_holders,
               CASE WHEN {_is_positive("supply")}
                    THEN COALESCE(largest.balance, 0) / supply::DOUBLE END AS ten_largest_share
        FROM token_supplies LEFT JOIN gained USING (asset_identifier) LEFT JOIN largest USING (asset_identifier)
        ORDER BY asset_identifier
    """).to_arrow_table()


def daily_protocol_balances(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the contracts of a protocol hold of an asset, for each such balance that the day changed.

    Reads: protocol_balances.
    Columns: protocol, asset_identifier, balance.
    """
    return state.sql("""
        SELECT protocol, asset_identifier, balance FROM protocol_balances ORDER BY protocol, asset_identifier
    """).to_arrow_table()


def _is_positive(amount: str) -> str:
    """Of a numeric of PostgreSQL, which comes as text: without the past a balance may be negative."""
    return f"({amount} <> '0' AND NOT starts_with({amount}, '-'))"


def _join_halves(rows: pa.Table, names: Iterable[str]) -> pa.Table:
    """Put in the place of each sum's halves, columns `<name>_high` and `<name>_low`, the sum."""
    for name in names:
        high, low = (rows[f"{name}_{half}"].cast(SUMMED) for half in ("high", "low"))
        exact = pc.add(pc.multiply(high, pa.scalar(HALF, pa.decimal256(20, 0))), low).cast(EXACT)
        rows = rows.drop_columns([f"{name}_high", f"{name}_low"]).append_column(name, exact)
    return rows
