"""Who pays fees, and how much in all."""

import duckdb
import pyarrow as pa


def fee_payments(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Fees of the day by who paid them, in µSTX.

    Reads: txs.
    Columns: address, fee_ustx.
    """
    return day.sql("""
        SELECT CASE WHEN sponsored THEN sponsor_address ELSE sender_address END AS address,
               sum(fee_rate)::BIGINT AS fee_ustx
        FROM txs WHERE fee_rate > 0 GROUP BY address ORDER BY address
    """).to_arrow_table()


def daily_fee_payers(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """All that ever paid a fee, and the most that one of them paid, in µSTX.

    Reads: payers.
    Columns: payers, most_paid_ustx.
    """
    return state.sql("""
        SELECT count(*) AS payers, max(paid_ustx)::BIGINT AS most_paid_ustx FROM payers
    """).to_arrow_table()
