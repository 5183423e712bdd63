"""Contracts that were deployed, and calls of contracts. A call made inside a contract is in no table of the source."""

import duckdb
import pyarrow as pa


def contract_deployments(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Successful deployments of contracts, each with the SHA-256 of its source code as it was sent.

    Reads: blocks, txs.
    Columns: block_height, microblock_sequence, tx_index, tx_id, contract_id, deployer, clarity_version, source_sha256.
    """
    return day.sql("""
        SELECT block_height, microblock_sequence, tx_index,
               '0x' || lower(hex(tx_id)) AS tx_id,
               smart_contract_contract_id AS contract_id,
               sender_address AS deployer,
               smart_contract_clarity_version AS clarity_version,
               '0x' || sha256(smart_contract_source_code) AS source_sha256
        FROM txs JOIN blocks USING (index_block_hash)
        WHERE type_id IN (1, 6) AND status = 1
        ORDER BY block_height, microblock_sequence, tx_index
    """).to_arrow_table()


def contract_usage(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Transactions that call each contract directly, their senders, and the fees they paid, in µSTX.

    Reads: txs.
    Columns: contract_id, calls, callers, failed_calls, fee_ustx.
    """
    return day.sql("""
        SELECT contract_call_contract_id AS contract_id,
               count(*) AS calls,
               count(DISTINCT sender_address) AS callers,
               count(*) FILTER (status <> 1) AS failed_calls,
               sum(fee_rate)::BIGINT AS fee_ustx
        FROM txs WHERE type_id = 2
        GROUP BY contract_id
        ORDER BY contract_id
    """).to_arrow_table()


def daily_contracts(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Deployments and calls of the day; deployers, sources and contracts seen up to it, and for the first time on it.

    Reads: deployed, called, contracts_before.
    Columns: deployments, failed_deployments, deployers, sources, contracts_called, calls, failed_calls, call_fee_ustx,
        new_deployers, new_sources, total_contracts, total_deployers, total_sources.
    """
    return state.sql("""
        WITH counted AS (
            SELECT count(*) AS deployments,
                   count(DISTINCT deployer) AS deployers,
                   count(DISTINCT source_sha256) AS sources,
                   count(DISTINCT deployer) FILTER (is_new_deployer) AS new_deployers,
                   count(DISTINCT source_sha256) FILTER (is_new_source) AS new_sources
            FROM deployed
        )
        SELECT deployments, failed_deployments, deployers, sources, contracts_called, calls, failed_calls,
               call_fee_ustx, new_deployers, new_sources,
               contracts_before + deployments AS total_contracts,
               deployers_before + new_deployers AS total_deployers,
               sources_before + new_sources AS total_sources
        FROM counted, called, contracts_before
    """).to_arrow_table()
