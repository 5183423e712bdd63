"""Reconciliations of a day: what a figure must be, and what it is."""

import duckdb
import pyarrow as pa


def raw_checks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Checks of a landed day against itself: `name`, `expected`, `actual`.

    Block 1 carries the transactions of block 0 as well, which its count leaves out: heights 0 and 1 are exempt.
    """
    return day.sql("""
        WITH events AS (
            SELECT tx_id, index_block_hash FROM stx_events
            UNION ALL SELECT tx_id, index_block_hash FROM ft_events
            UNION ALL SELECT tx_id, index_block_hash FROM nft_events
            UNION ALL SELECT tx_id, index_block_hash FROM contract_logs
            UNION ALL SELECT tx_id, index_block_hash FROM stx_lock_events
        ), counted AS (
            SELECT tx_id, index_block_hash, count(*) AS events FROM events GROUP BY ALL
        )
        SELECT 'transactions equal the blocks'' own count' AS name,
               (SELECT COALESCE(sum(tx_count), 0) FROM blocks WHERE block_height > 1)::VARCHAR AS expected,
               (SELECT count(*) FROM txs JOIN blocks USING (index_block_hash) WHERE block_height > 1)::VARCHAR
                   AS actual
        UNION ALL
        SELECT 'transactions whose events differ from their own count', '0',
               (SELECT count(*) FROM txs LEFT JOIN counted USING (tx_id, index_block_hash)
                WHERE event_count <> COALESCE(events, 0))::VARCHAR
        UNION ALL
        SELECT 'events without a transaction', '0',
               (SELECT count(*) FROM events ANTI JOIN txs USING (tx_id, index_block_hash))::VARCHAR
        UNION ALL
        SELECT 'blocks whose parent is not the block before', '0',
               (SELECT count(*) FROM blocks AS child JOIN blocks AS parent
                ON child.block_height = parent.block_height + 1
                WHERE child.parent_index_block_hash <> parent.index_block_hash)::VARCHAR
        UNION ALL
        SELECT 'heights with more than one block', '0',
               (SELECT count(*) - count(DISTINCT block_height) FROM blocks)::VARCHAR
    """).to_arrow_table()
