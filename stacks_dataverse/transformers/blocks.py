"""The day's blocks in a few figures."""

import hashlib
from typing import Any

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.chain import BLOCK_TIME
from stacks_dataverse.raw_tables import COSTS

# Why a tenure goes on with a budget renewed, by `txs.tenure_change_cause`; 0 is a tenure that begins. SIP-034;
# stacks-core, stackslib/src/chainstate/stacks/mod.rs, TenureChangeCause.
EXTENDED = {
    1: "all",
    2: "runtime",
    3: "read_count",
    4: "read_length",
    5: "write_count",
    6: "write_length",
}


def block_summary(rows: pa.Table) -> dict[str, Any]:
    """Return the canonical heights, count and digest of a day's blocks.

    Args:
        rows: blocks with `index_block_hash`, `block_height` and `canonical`, orphaned ones among them.
    Returns:
        `first_block_height` and `last_block_height` (None without blocks), `block_count`, and `blocks_digest`:
        md5 of the canonical index block hashes as lower-case hex, by height, joined with commas.
    """
    canonical = rows.filter(rows["canonical"]).sort_by("block_height")
    heights = canonical["block_height"].to_pylist()
    hashes = ",".join(value.hex() for value in canonical["index_block_hash"].to_pylist())
    return {
        "first_block_height": heights[0] if heights else None,
        "last_block_height": heights[-1] if heights else None,
        "block_count": len(heights),
        "blocks_digest": hashlib.md5(hashes.encode(), usedforsecurity=False).hexdigest(),
    }


def block_edges(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The canonical blocks at the day's edges: those whose parent or child is no canonical block of the day.

    Reads: blocks.
    Columns: index_block_hash, parent_index_block_hash, block_height, parent_is_elsewhere, child_is_elsewhere.
    """
    return day.sql(f"""
        SELECT {hex0x("index_block_hash")} AS index_block_hash,
               {hex0x("parent_index_block_hash")} AS parent_index_block_hash,
               block_height,
               parent_index_block_hash NOT IN (SELECT index_block_hash FROM blocks) AS parent_is_elsewhere,
               index_block_hash NOT IN (SELECT parent_index_block_hash FROM blocks) AS child_is_elsewhere
        FROM blocks
        WHERE parent_is_elsewhere OR child_is_elsewhere
        ORDER BY block_height, index_block_hash
    """).to_arrow_table()


def daily_blocks(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's blocks and the tenures that they are of: how far apart, how much in them, and what it cost to run.

    An interval is from a block's parent to the block, in seconds, where both are of the day. A tenure is the day's
    blocks of one Bitcoin block. Percentiles are values that occur; they and maxima are null without a block.

    Reads: blocks, txs.
    Columns: blocks, interval_p50_seconds, interval_p95_seconds, tenures, tenure_blocks_p50, tenure_blocks_max,
        tx_count, tenure_txs_p50, tenure_txs_max, tx_bytes, tenure_extends, extended_all, extended_runtime,
        extended_read_count, extended_read_length, extended_write_count, extended_write_length, runtime, runtime_max,
        read_count, read_count_max, read_length, read_length_max, write_count, write_count_max, write_length,
        write_length_max.
    """
    extended = ", ".join(
        f"count(*) FILTER (tenure_change_cause = {cause}) AS extended_{what}" for cause, what in EXTENDED.items()
    )
    costs = ", ".join(
        f"COALESCE(sum({cost}), 0)::BIGINT AS {name}, max({cost}) AS {name}_max"
        for cost, name in ((cost, cost.removeprefix("execution_cost_")) for cost in COSTS)
    )
    return day.sql(f"""
        WITH filled AS (
            SELECT index_block_hash, parent_index_block_hash, burn_block_height, {BLOCK_TIME} AS time,
                   COALESCE(txs, 0) AS txs
            FROM blocks LEFT JOIN (SELECT index_block_hash, count(*) AS txs FROM txs GROUP BY index_block_hash)
                 USING (index_block_hash)
        ), spaced AS (
            SELECT quantile_disc(filled.time - parent.time, 0.5) AS interval_p50_seconds,
                   quantile_disc(filled.time - parent.time, 0.95) AS interval_p95_seconds
            FROM filled JOIN filled AS parent ON filled.parent_index_block_hash = parent.index_block_hash
        ), of_tenures AS (
            SELECT count(*) AS tenures, quantile_disc(blocks, 0.5) AS tenure_blocks_p50,
                   max(blocks) AS tenure_blocks_max, COALESCE(sum(txs), 0)::BIGINT AS tx_count,
                   quantile_disc(txs, 0.5) AS tenure_txs_p50, max(txs) AS tenure_txs_max
            FROM (SELECT count(*) AS blocks, sum(txs)::BIGINT AS txs FROM filled GROUP BY burn_block_height)
        ), of_blocks AS (
            SELECT count(*) AS blocks, sum(tx_total_size)::BIGINT AS tx_bytes, {costs} FROM blocks
        ), extends AS (
            SELECT count(*) AS tenure_extends, {extended} FROM txs WHERE type_id = 7 AND tenure_change_cause <> 0
        )
        SELECT * FROM spaced, of_tenures, of_blocks, extends
    """).to_arrow_table()
