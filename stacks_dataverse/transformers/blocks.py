"""The day's blocks in a few figures."""

import hashlib
from typing import Any

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x


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
