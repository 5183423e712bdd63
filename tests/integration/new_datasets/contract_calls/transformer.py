"""Calls of contracts."""

import duckdb
import pyarrow as pa


def daily_contract_calls(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical calls of each contract, and the fees they paid, in µSTX.

    Reads: txs.
    Columns: contract, calls, fee_ustx.
    """
    return day.sql("""
        SELECT contract_call_contract_id AS contract, count(*) AS calls, sum(fee_rate)::BIGINT AS fee_ustx
        FROM txs WHERE contract_call_contract_id IS NOT NULL GROUP BY contract ORDER BY contract
    """).to_arrow_table()
