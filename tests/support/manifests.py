"""Manifests as releases wrote them to the raw archive, in the order of their keys."""

from datetime import datetime
from typing import Any

BLOCKS = {"key": "raw/stacks/blocks/day=2024-10-29/part-0000.parquet", "rows": 12, "bytes": 900, "sha256": "cc"}
NOTED = {"rows": 0, "note": "this source has no such table"}
SUMMARY = {"first_block_height": 139, "last_block_height": 148, "block_count": 10, "blocks_digest": "aa"}
BURN_RANGES = [[867893, 867894], [867895, 868037]]

BLOCKS_PART: dict[str, Any] = {
    "source_version": "9",
    "unreadable_columns": {"txs": ["raw_tx"]},
    "missing_columns": {"txs": ["fee_rate"]},
    "settled": True,
    "tip": {"tip_balances_ustx": "1818000000000000", "tip_supply_ustx": None, "tip_tokens": "7"},
    "chain_first_day": "2024-10-28",
    "burn_ranges": BURN_RANGES,
    **SUMMARY,
    "tables": {"blocks": BLOCKS},
}

TABLES_PART: dict[str, Any] = {"pinned_to": BLOCKS, "tables": {"bonds": NOTED, "microblocks": {"rows": 0}}}

MANIFEST: dict[str, Any] = BLOCKS_PART | {
    "tables": {"blocks": BLOCKS, **TABLES_PART["tables"]},
    "day": "2024-10-29",
    "landed_at": "2024-10-30T03:00:00.000678+00:00",
    "microblocks_digest": "16f10a313df571c21c874431d1d30ebd",
}

# Releases wrote fewer keys, in another order: first without all of these, then without each of them.
LATER_KEYS = ("microblocks_digest", "tip", "chain_first_day", "unreadable_columns", "missing_columns")
FIRST_RELEASE: dict[str, Any] = {
    "source_version": None,
    "settled": True,
    "burn_ranges": BURN_RANGES,
    **SUMMARY,
    "tables": MANIFEST["tables"],
    "day": "2024-10-29",
    "landed_at": "2024-10-30T03:00:00+00:00",
}


def tip_snapshot(tip_height: int, taken_at: datetime, last_day: str | None = "2024-10-29") -> dict[str, Any]:
    """The manifest of a tip snapshot that was taken at the tip's own time."""
    return {
        "taken_at": taken_at.isoformat(),
        "tip_time": int(taken_at.timestamp()),
        "last_day": last_day,
        "source_version": "9",
        "tip_height": tip_height,
        "lowest_height": 1,
        "burn_ranges": BURN_RANGES,
        **SUMMARY,
        "tables": {"blocks": BLOCKS, "mempool_txs": NOTED},
    }
