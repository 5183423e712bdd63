"""What users pay for their transactions."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import TX_TYPES, USER_TYPES, code_labels

# Percentiles by nearest rank: the lowest value that at least so many percent of all do not exceed.
FEE_PERCENTILES = (10, 25, 50, 75, 90, 99)
PER_BYTE_PERCENTILES = (10, 50, 90)


def daily_fees(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Fees of canonical transactions of users by type, failed ones among them: percentiles, and by byte.

    Fees in µSTX, sizes in bytes as the transaction is serialised.

    Reads: txs.
    Columns: tx_type, tx_count, fee_ustx, size_bytes, fee_p10_ustx, fee_p25_ustx, fee_p50_ustx, fee_p75_ustx,
        fee_p90_ustx, fee_p99_ustx, fee_per_byte_p10_ustx, fee_per_byte_p50_ustx, fee_per_byte_p90_ustx.
    """
    return day.sql(f"""
        SELECT {code_labels("type_id", TX_TYPES)} AS tx_type,
               count(*) AS tx_count,
               sum(fee_rate)::BIGINT AS fee_ustx,
               sum(octet_length(raw_tx))::BIGINT AS size_bytes,
               {_percentiles("fee_rate", "fee", FEE_PERCENTILES)},
               {_percentiles("fee_rate / nullif(octet_length(raw_tx), 0)", "fee_per_byte", PER_BYTE_PERCENTILES)}
        FROM txs WHERE type_id IN {USER_TYPES}
        GROUP BY tx_type
        ORDER BY tx_type
    """).to_arrow_table()


def _percentiles(value: str, name: str, percentiles: tuple[int, ...]) -> str:
    return ", ".join(f"quantile_disc({value}, {p / 100}) AS {name}_p{p}_ustx" for p in percentiles)
