"""Who did what on a day: transactions, and the principals that took part in them."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import TX_STATUSES, TX_TYPES, code_labels
from stacks_dataverse.chain import BLOCK_HOUR

# What is counted of those that took part, and of transactions.
ACTIVE = {
    "active_accounts": "count(DISTINCT address) FILTER (NOT contains(address, '.'))",
    "active_contracts": "count(DISTINCT address) FILTER (contains(address, '.'))",
}
CALLING = {
    "initiators": "count(DISTINCT sender_address) FILTER (type_id NOT IN (4, 5, 7, 8))",
    "contracts_called": "count(DISTINCT contract_call_contract_id)",
}


def daily_transactions(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical transactions by type and status, with the fees they paid, in µSTX.

    Reads: txs.
    Columns: tx_type, tx_status, tx_count, fee_ustx.
    """
    return day.sql(f"""
        SELECT {code_labels("type_id", TX_TYPES)} AS tx_type,
               {code_labels("status", TX_STATUSES)} AS tx_status,
               count(*) AS tx_count,
               sum(fee_rate)::BIGINT AS fee_ustx
        FROM txs
        GROUP BY ALL
        ORDER BY ALL
    """).to_arrow_table()


def hourly_transactions(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical transactions by hour, type and status, with the fees they paid, in µSTX.

    Reads: blocks, txs.
    Columns: hour_at, tx_type, tx_status, tx_count, fee_ustx.
    """
    return day.sql(f"""
        SELECT {BLOCK_HOUR} AS hour_at,
               {code_labels("type_id", TX_TYPES)} AS tx_type,
               {code_labels("status", TX_STATUSES)} AS tx_status,
               count(*) AS tx_count,
               sum(fee_rate)::BIGINT AS fee_ustx
        FROM txs JOIN blocks USING (index_block_hash)
        GROUP BY ALL
        ORDER BY ALL
    """).to_arrow_table()


def hourly_activity(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Of each hour with a canonical block: its blocks, and who took part, as in `daily_activity`.

    Reads: blocks, txs, stx_events, ft_events, nft_events.
    Columns: hour_at, block_count, active_accounts, active_contracts, initiators, contracts_called.
    """
    return day.sql(f"""
        SELECT hour_at, block_count, {", ".join(f"COALESCE({name}, 0) AS {name}" for name in (*ACTIVE, *CALLING))}
        FROM (SELECT {BLOCK_HOUR} AS hour_at, count(*) AS block_count FROM blocks GROUP BY hour_at)
        LEFT JOIN (SELECT hour_at, {_counts(ACTIVE)} FROM {_participants(day)} GROUP BY hour_at) USING (hour_at)
        LEFT JOIN (
            SELECT {BLOCK_HOUR} AS hour_at, {_counts(CALLING)}
            FROM txs JOIN blocks USING (index_block_hash) GROUP BY hour_at
        ) USING (hour_at)
        ORDER BY hour_at
    """).to_arrow_table()


def address_days(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every principal that took part in a canonical transaction of the day, and the hour in which it first did.

    Reads: blocks, txs, stx_events, ft_events, nft_events.
    Columns: address, first_hour_at.
    """
    return day.sql(f"""
        SELECT address, min(hour_at) AS first_hour_at FROM {_participants(day)} GROUP BY address ORDER BY address
    """).to_arrow_table()


def daily_activity(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Distinct accounts and contracts that took part, and the senders of other than the miners' transactions.

    The miners' own transactions are coinbases and tenure changes; a contract's principal has a dot. Contracts are
    called by transactions, successful or failed; calls inside a contract are in no table.

    Reads: blocks, txs, stx_events, ft_events, nft_events.
    Columns: active_accounts, active_contracts, initiators, contracts_called.
    """
    return day.sql(f"""
        SELECT * FROM (SELECT {_counts(ACTIVE)} FROM {_participants(day)}), (SELECT {_counts(CALLING)} FROM txs)
    """).to_arrow_table()


def hourly_new_accounts(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Accounts first seen in each hour of the day that has a block.

    Reads: hourly_accounts.
    Columns: hour_at, new_accounts.
    """
    return state.sql("SELECT * FROM hourly_accounts ORDER BY hour_at").to_arrow_table()


def daily_network_activity(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Blocks, transactions by type and by status, fees, and who took part, of the day.

    Reads: network, accounts.
    Columns: block_count, tx_count, token_transfers, contract_calls, smart_contracts, other_txs, aborted_by_response,
        aborted_by_post_condition, problematic_skipped, fee_ustx, active_accounts, active_contracts, initiators,
        contracts_called, new_accounts, total_accounts.
    """
    return state.sql("SELECT * FROM network, accounts").to_arrow_table()


def daily_addresses(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Active principals of the day, accounts first seen on it, and accounts seen up to it.

    Reads: activity, accounts.
    Columns: active_accounts, active_contracts, initiators, new_accounts, total_accounts.
    """
    return state.sql("SELECT * FROM activity, accounts").to_arrow_table()


def _participants(day: duckdb.DuckDBPyConnection) -> str:
    day.execute(f"""
        CREATE TABLE IF NOT EXISTS participants AS
        SELECT DISTINCT {BLOCK_HOUR} AS hour_at, address FROM (
            SELECT index_block_hash, unnest([sender_address, sponsor_address, token_transfer_recipient_address,
                                             contract_call_contract_id, smart_contract_contract_id]) AS address
            FROM txs
            UNION ALL SELECT index_block_hash, unnest([sender, recipient]) FROM stx_events
            UNION ALL SELECT index_block_hash, unnest([sender, recipient]) FROM ft_events
            UNION ALL SELECT index_block_hash, unnest([sender, recipient]) FROM nft_events
        ) JOIN blocks USING (index_block_hash)
        WHERE address IS NOT NULL
    """)
    return "participants"


def _counts(counted: dict[str, str]) -> str:
    return ", ".join(f"{what} AS {name}" for name, what in counted.items())
