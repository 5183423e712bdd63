"""The chain at its tip, from a full tip snapshot: also what the last loaded day holds already, up to 24 hours back."""

from collections.abc import Callable, Mapping

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import TX_TYPES, code_labels
from stacks_dataverse.chain import BLOCK_TIME
from stacks_dataverse.mempool import RECEIVED_SECONDS, REPLACED_BY_FEE
from stacks_dataverse.tip_snapshot import MIN_SECONDS

# What users send, and so what the mempool may hold; a snapshot has a row of each even when none waits.
WAITING_TYPES = ("token_transfer", "smart_contract", "contract_call")

# What `tip_blocks`, `summarise_tip` and the snapshots read of the raw tables.
TIP_READS = {
    "blocks": ("block_height",),
    "txs": ("type_id", "fee_rate", "microblock_sequence", "tx_index"),
    "mempool_txs": ("type_id", "fee_rate", "tx_size", "status", "receipt_time"),
}

# Ages of the mempool's transactions: where each band begins, in seconds; what was received is known for the last day.
AGE_BANDS = (0, 60, 600, 3600, 6 * 3600, RECEIVED_SECONDS, 3 * 24 * 3600)


def tip_blocks(snapshot: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical blocks and how many canonical transactions each has."""
    return snapshot.sql("""
        SELECT block_height, count(tx_id) AS tx_count
        FROM blocks LEFT JOIN txs USING (index_block_hash)
        GROUP BY block_height ORDER BY block_height
    """).to_arrow_table()


def mempool_snapshots(snapshot: duckdb.DuckDBPyConnection) -> pa.Table:
    """Waiting transactions by type: how many, their size in bytes, and the fee in µSTX that 50 and 90 % do not exceed.

    Fees are null where none of a type waits.

    Reads: mempool_txs.
    Columns: tx_type, tx_count, size_bytes, fee_p50_ustx, fee_p90_ustx.
    """
    known = ", ".join(f"('{word}')" for word in WAITING_TYPES)
    return snapshot.sql(f"""
        SELECT tx_type, count(tx_id) AS tx_count, COALESCE(sum(tx_size), 0)::BIGINT AS size_bytes,
               quantile_disc(fee_rate, 0.5) AS fee_p50_ustx, quantile_disc(fee_rate, 0.9) AS fee_p90_ustx
        FROM (SELECT *, {code_labels("type_id", TX_TYPES)} AS tx_type FROM mempool_txs)
        FULL JOIN (VALUES {known}) AS known (tx_type) USING (tx_type)
        GROUP BY tx_type ORDER BY tx_type
    """).to_arrow_table()


def mempool_ages(snapshot: duckdb.DuckDBPyConnection) -> pa.Table:
    """Transactions by the age of their receipt: received in the last 24 hours, replaced by fee since, and waiting.

    Ages are in seconds before the newest time in the snapshot: of its tip, or of a receipt. Above 24 hours only what
    waits is known, and the others are null.

    Reads: blocks, mempool_txs.
    Columns: min_age_seconds, received_count, replaced_count, waiting_count, fee_p50_ustx.
    """
    bands = ", ".join(f"({seconds})" for seconds in AGE_BANDS)
    return snapshot.sql(f"""
        WITH latest AS (
            SELECT max(seen_at) AS seen_at
            FROM (SELECT {BLOCK_TIME} AS seen_at FROM blocks UNION ALL SELECT receipt_time FROM all_mempool_txs)
        ), received AS (
            SELECT tx_id, status, fee_rate, tx_id IN (SELECT tx_id FROM mempool_txs) AS is_waiting,
                   (SELECT max(seconds) FROM (VALUES {bands}) AS band (seconds) WHERE seconds <= seen_at - receipt_time)
                       AS min_age_seconds
            FROM all_mempool_txs, latest
        )
        SELECT band.min_age_seconds,
               CASE WHEN band.min_age_seconds < {RECEIVED_SECONDS} THEN count(tx_id) END AS received_count,
               CASE WHEN band.min_age_seconds < {RECEIVED_SECONDS}
                    THEN count(tx_id) FILTER (status = {REPLACED_BY_FEE}) END AS replaced_count,
               count(tx_id) FILTER (is_waiting) AS waiting_count,
               quantile_disc(fee_rate, 0.5) FILTER (is_waiting) AS fee_p50_ustx
        FROM (VALUES {bands}) AS band (min_age_seconds) LEFT JOIN received USING (min_age_seconds)
        GROUP BY band.min_age_seconds ORDER BY band.min_age_seconds
    """).to_arrow_table()


# The tables of each snapshot, by what makes them.
SNAPSHOTS: Mapping[str, Callable[[duckdb.DuckDBPyConnection], pa.Table]] = {
    "mempool_snapshots": mempool_snapshots,
    "mempool_ages": mempool_ages,
}


def summarise_tip(snapshot: duckdb.DuckDBPyConnection, since: int) -> pa.Table:
    """One row about the tip: its heights and time, transactions of the 24 hours before it, and fees.

    `latest_transfer_fee_ustx` is the median fee of the last ten transfers on the chain, `fee_per_byte_ustx` that
    of a byte of the transfers that wait; both null where there are none. `tip_at` in unix seconds. `blocks_since` are
    canonical blocks of `since`, in unix seconds, and later.
    """
    return snapshot.sql(f"""
        WITH tip AS (
            SELECT block_height, burn_block_height, {BLOCK_TIME} AS tip_at
            FROM blocks ORDER BY block_height DESC LIMIT 1
        ), latest AS (
            SELECT fee_rate FROM txs JOIN blocks USING (index_block_hash) WHERE type_id = 0
            ORDER BY block_height DESC, microblock_sequence DESC, tx_index DESC LIMIT 10
        )
        SELECT tip.*, (SELECT count(*) FROM blocks WHERE {BLOCK_TIME} >= {since}) AS blocks_since,
               (SELECT count(*) FROM txs JOIN blocks USING (index_block_hash)
                WHERE {BLOCK_TIME} > tip_at - {MIN_SECONDS}) AS txs_past24,
               (SELECT median(fee_rate) FROM latest) AS latest_transfer_fee_ustx,
               (SELECT median(fee_rate / tx_size) FROM mempool_txs WHERE type_id = 0 AND tx_size > 0)
                   AS fee_per_byte_ustx
        FROM tip
    """).to_arrow_table()
