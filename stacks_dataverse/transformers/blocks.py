"""The day's blocks in a few figures."""

import hashlib
from typing import Any

import pyarrow as pa


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
