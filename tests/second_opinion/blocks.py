"""Blocks, microblocks and the links between days."""

import hashlib
from collections import Counter
from datetime import date

from tests.second_opinion.chain import Chain, Opinion, Row, Rows, group, hexed, percentile

COSTS = ("runtime", "read_count", "read_length", "write_count", "write_length")
# What a tenure change of a cause renews the budget of (SIP-034).
EXTENDS = dict(enumerate(("all", "runtime", "read_count", "read_length", "write_count", "write_length"), 1))
FOUND = 0


def blocks(chain: Chain) -> Opinion:
    """Blocks by day, their edges, and microblocks."""
    of_days, txs = group(chain.blocks, "day"), group(chain.rows("txs"), "day")
    microblocks = group(_canonical(chain.rows("microblocks")), "day")
    return {
        "daily_blocks": [_day(day, of_days[day], txs[day]) for day in chain.days],
        "block_edges": [row for day in chain.days for row in _edges(of_days[day])],
        "daily_microblocks": [
            {"day": day, "microblocks": len(microblocks[day]), "microblocks_digest": digest(microblocks[day])}
            for day in chain.days
        ],
    }


def _canonical(microblocks: Rows) -> Rows:
    return [row for row in microblocks if row.get("canonical", True)]


def digest(microblocks: Rows) -> str:
    """The checksum of microblocks: their hashes, each followed by that of its block."""
    hashes = sorted((row["microblock_hash"].hex(), row["index_block_hash"].hex()) for row in microblocks)
    return hashlib.md5(",".join(map("".join, hashes)).encode()).hexdigest()


def _edges(blocks_of_day: Rows) -> Rows:
    hashes = {block["index_block_hash"] for block in blocks_of_day}
    parents = {block["parent_index_block_hash"] for block in blocks_of_day}
    rows = [
        {
            "day": block["day"],
            "index_block_hash": hexed(block["index_block_hash"]),
            "parent_index_block_hash": hexed(block["parent_index_block_hash"]),
            "block_height": block["block_height"],
            "parent_is_elsewhere": block["parent_index_block_hash"] not in hashes,
            "child_is_elsewhere": block["index_block_hash"] not in parents,
        }
        for block in blocks_of_day
    ]
    return [row for row in rows if row["parent_is_elsewhere"] or row["child_is_elsewhere"]]


def _day(day: date, blocks_of_day: Rows, txs: Rows) -> Row:
    times = {block["index_block_hash"]: block["time"] for block in blocks_of_day}
    parents = [(block["time"], times.get(block["parent_index_block_hash"])) for block in blocks_of_day]
    intervals = [time - parent for time, parent in parents if parent is not None]
    tenures = Counter(block["burn_block_height"] for block in blocks_of_day)
    tenure_txs = Counter(dict.fromkeys(tenures, 0))
    tenure_txs.update(tx["block"]["burn_block_height"] for tx in txs)
    sizes = [block["tx_total_size"] for block in blocks_of_day if block.get("tx_total_size") is not None]
    return {
        "day": day,
        "blocks": len(blocks_of_day),
        "interval_p50_seconds": percentile(intervals, 50),
        "interval_p95_seconds": percentile(intervals, 95),
        "tenures": len(tenures),
        "tenure_blocks_p50": percentile(tenures.values(), 50),
        "tenure_blocks_max": max(tenures.values(), default=None),
        "tx_count": len(txs),
        "tenure_txs_p50": percentile(tenure_txs.values(), 50),
        "tenure_txs_max": max(tenure_txs.values(), default=None),
        "tx_bytes": sum(sizes) if sizes else None,
        **_extends(txs),
        **_costs(blocks_of_day),
    }


def _extends(txs: Rows) -> Row:
    causes = [tx.get("tenure_change_cause") for tx in txs if tx["type_id"] == 7]
    extends = [cause for cause in causes if cause not in (FOUND, None)]
    return {"tenure_extends": len(extends)} | {
        f"extended_{dimension}": extends.count(cause) for cause, dimension in EXTENDS.items()
    }


def _costs(blocks_of_day: Rows) -> Row:
    costs: Row = {}
    for dimension in COSTS:
        of_blocks = [block[f"execution_cost_{dimension}"] for block in blocks_of_day]
        costs |= {dimension: sum(of_blocks), f"{dimension}_max": max(of_blocks, default=None)}
    return costs
