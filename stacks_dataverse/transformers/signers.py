"""Reward cycles and their signers: reward sets by signing key, and the keys of signer managers."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.event_order import EARLIEST_FIRST


def cycle_signers(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The signers of each reward set that was written on the day, with their STX in µSTX.

    If a cycle's set was written twice, the later one counts.

    Reads: blocks, pox_sets.
    Columns: cycle, signing_key, block_height, weight, stacked_ustx.
    """
    return day.sql(f"""
        SELECT cycle_number AS cycle, {hex0x("signing_key")} AS signing_key, block_height,
               weight, stacked_amount AS stacked_ustx
        FROM pox_sets JOIN blocks USING (index_block_hash)
        QUALIFY block_height = max(block_height) OVER (PARTITION BY cycle_number)
        ORDER BY cycle, signing_key
    """).to_arrow_table()


def signer_keys(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The signing keys that signer managers of PoX-5 registered on the day.

    Reads: blocks, pox5_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, signer_manager, signing_key.
    """
    return day.sql(f"""
        SELECT block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
               data ->> 'signer' AS signer_manager, data ->> 'signer_key' AS signing_key
        FROM pox5_events JOIN blocks USING (index_block_hash)
        WHERE name = 'register-signer'
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def stacking_cycles(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Each reward set that was written on the day: its STX in µSTX, and how concentrated its signers' weight is.

    The Nakamoto coefficient is the smallest number of signers that together have more than 30 % of the weight, and so
    can block, or at least 70 %, and so can sign.

    Reads: cycle_sets, set_signers, supply.
    Columns: cycle, block_height, stacked_ustx, liquid_supply_ustx, participation, min_threshold_ustx, signers, weight,
        hhi, nakamoto_30, nakamoto_70, entered, exited.
    """
    return state.sql("""
        WITH sets AS (
            SELECT * FROM cycle_sets QUALIFY block_height = max(block_height) OVER (PARTITION BY cycle)
        ), ranked AS (
            SELECT cycle, weight, sum(weight) OVER (PARTITION BY cycle) AS total,
                   sum(weight) OVER (
                       PARTITION BY cycle ORDER BY weight DESC, signing_key ROWS UNBOUNDED PRECEDING
                   ) AS heaviest
            FROM set_signers
        ), concentration AS (
            SELECT cycle, sum(weight)::BIGINT AS weight, sum((weight / total::DOUBLE) ** 2) AS hhi,
                   1 + count(*) FILTER (heaviest * 10 <= total * 3) AS nakamoto_30,
                   1 + count(*) FILTER (heaviest * 10 < total * 7) AS nakamoto_70
            FROM ranked GROUP BY cycle
        ), entries AS (
            SELECT cycle, count(*) AS entered FROM set_signers AS signer
            WHERE NOT EXISTS (FROM set_signers AS other
                              WHERE other.cycle = signer.cycle - 1 AND other.signing_key = signer.signing_key)
            GROUP BY cycle
        ), exits AS (
            SELECT cycle + 1 AS cycle, count(*) AS exited FROM set_signers AS signer
            WHERE NOT EXISTS (FROM set_signers AS other
                              WHERE other.cycle = signer.cycle + 1 AND other.signing_key = signer.signing_key)
            GROUP BY signer.cycle
        )
        SELECT sets.cycle, sets.block_height, sets.stacked_ustx, supply.supply_ustx::BIGINT AS liquid_supply_ustx,
               sets.stacked_ustx / NULLIF(supply.supply_ustx, 0)::DOUBLE AS participation, sets.min_threshold_ustx,
               sets.signers, COALESCE(weight, 0) AS weight, hhi, nakamoto_30, nakamoto_70,
               CASE WHEN before.cycle IS NOT NULL THEN COALESCE(entered, 0) END AS entered,
               CASE WHEN before.cycle IS NOT NULL THEN COALESCE(exited, 0) END AS exited
        FROM sets
        LEFT JOIN supply ON true
        LEFT JOIN concentration ON concentration.cycle = sets.cycle
        LEFT JOIN sets AS before ON before.cycle = sets.cycle - 1
        LEFT JOIN entries ON entries.cycle = sets.cycle
        LEFT JOIN exits ON exits.cycle = sets.cycle
        WHERE sets.is_written
        ORDER BY sets.cycle
    """).to_arrow_table()
