"""Who did what on a day: transactions, and the principals that took part in them."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import TX_STATUSES, TX_TYPES, code_labels


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


def address_days(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every principal that took part in a canonical transaction of the day.

    Reads: txs, stx_events, ft_events, nft_events.
    Columns: address.
    """
    return day.sql(f"SELECT address FROM {_participants(day)} ORDER BY address").to_arrow_table()


def daily_activity(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Distinct accounts and contracts that took part, and the senders of other than the miners' transactions.

    The miners' own transactions are coinbases and tenure changes; a contract's principal has a dot.

    Reads: txs, stx_events, ft_events, nft_events.
    Columns: active_accounts, active_contracts, initiators.
    """
    return day.sql(f"""
        SELECT count(*) FILTER (NOT contains(address, '.')) AS active_accounts,
               count(*) FILTER (contains(address, '.')) AS active_contracts,
               (SELECT count(DISTINCT sender_address) FROM txs WHERE type_id NOT IN (4, 5, 7, 8)) AS initiators
        FROM {_participants(day)}
    """).to_arrow_table()


def daily_addresses(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Active principals of the day, accounts first seen on it, and accounts seen up to it.

    Reads: activity, accounts.
    Columns: active_accounts, active_contracts, initiators, new_accounts, total_accounts.
    """
    return state.sql("SELECT * FROM activity, accounts").to_arrow_table()


def _participants(day: duckdb.DuckDBPyConnection) -> str:
    day.execute("""
        CREATE TABLE IF NOT EXISTS participants AS
        SELECT DISTINCT address FROM (
            SELECT unnest([sender_address, sponsor_address, token_transfer_recipient_address,
                           contract_call_contract_id, smart_contract_contract_id]) AS address FROM txs
            UNION ALL SELECT unnest([sender, recipient]) FROM stx_events
            UNION ALL SELECT unnest([sender, recipient]) FROM ft_events
            UNION ALL SELECT unnest([sender, recipient]) FROM nft_events
        )
        WHERE address IS NOT NULL
    """)
    return "participants"
