"""Which blocks make up a UTC day, or another window of time, and which Bitcoin blocks go with them.

A block's day is the UTC date of its header time, or, where the node sent none, of its Bitcoin block.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stacks_dataverse.chain import BLOCK_TIME
from stacks_dataverse.extractors.stacks_db.layout import Layout
from stacks_dataverse.postgres import Session

# Before Nakamoto block times step back by up to two hours (Bitcoin's header rule), some dozen blocks; 300 is
# far beyond that, and cheap.
HEIGHT_MARGIN = 300

LOWEST = -1


@dataclass(frozen=True)
class BlockTime:
    """A canonical block's height and its time in unix seconds."""

    height: int
    time: int


@dataclass(frozen=True)
class DayBlocks:
    """The blocks of a day or other window, canonical and orphaned, all columns; and the Bitcoin heights they own.

    A canonical block owns the burn heights above its parent's up to its own, the lowest block held owns
    all below: `burn_ranges` are those heights as `(above, up_to)`, merged.
    """

    rows: pa.Table
    burn_ranges: list[tuple[int, int]]

    @classmethod
    def of(cls, landed: Path | None, burn_ranges: list[tuple[int, int]]) -> Self:
        """The same from a landed file of blocks; None is a day without blocks."""
        columns = ["index_block_hash", "block_height"]
        return cls(
            pq.read_table(landed, columns=columns) if landed else pa.table({name: [] for name in columns}), burn_ranges
        )

    @cached_property
    def hashes(self) -> list[bytes]:
        """`index_block_hash` of every block of the day."""
        return self.rows["index_block_hash"].to_pylist()

    @property
    def heights(self) -> tuple[int, int]:
        """Lowest and highest block height of the day; (0, -1) for a day without blocks."""
        if not self.rows.num_rows:
            return 0, -1
        ends = pc.min_max(self.rows["block_height"]).as_py()
        return ends["min"], ends["max"]

    @property
    def latest(self) -> int:
        """The highest time of a block, in unix seconds; 0 for a day without blocks."""
        return pc.max(_times(self.rows)).as_py() or 0


def boundary_block(session: Session, layout: Layout, *, highest: bool) -> BlockTime | None:
    """Return the lowest or the highest canonical block; None for a chain without one."""
    rows = session.rows(
        f"SELECT block_height, {BLOCK_TIME} FROM {layout.name('blocks')} WHERE canonical"
        f" ORDER BY block_height {'DESC' if highest else 'ASC'} LIMIT 1"
    )
    return BlockTime(*rows[0]) if rows else None


def first_height_at(session: Session, layout: Layout, low: int, high: int, time: int) -> int:
    """Bisect for a canonical height near which block times pass `time`; `high + 1` when none does."""
    while low <= high:
        middle = (low + high) // 2
        ((block_time,),) = session.rows(
            f"SELECT {BLOCK_TIME} FROM {layout.name('blocks')} WHERE canonical AND block_height >= {middle}"
            " ORDER BY block_height LIMIT 1"
        )
        low, high = (low, middle - 1) if block_time >= time else (middle + 1, high)
    return low


def heights_between(session: Session, layout: Layout, start: int, end: int) -> tuple[int, int]:
    """Heights that hold every block whose time lies in `[start, end)`, and some more; (0, 0) without a chain."""
    lowest, tip = (boundary_block(session, layout, highest=highest) for highest in (False, True))
    if not lowest or not tip:
        return 0, 0
    low, high = (first_height_at(session, layout, lowest.height, tip.height, time) for time in (start, end))
    return low - HEIGHT_MARGIN, high + HEIGHT_MARGIN


def read_blocks(session: Session, layout: Layout, start: int, end: int, owning_from: int) -> DayBlocks:
    """Read all blocks whose time lies in [start, end), found by height and so without a scan.

    Args:
        owning_from: blocks of an earlier time than this own no Bitcoin heights; unix seconds, as the others.
    """
    low, high = heights_between(session, layout, start, end)
    with session.batches(
        f"SELECT {layout.tables['blocks'].select_list} FROM {layout.name('blocks')}"
        f" WHERE block_height BETWEEN {low} AND {high} AND {BLOCK_TIME} >= {start} AND {BLOCK_TIME} < {end}"
        " ORDER BY block_height, index_block_hash"
    ) as reader:
        rows = reader.read_all()
    return DayBlocks(rows, _burn_ranges(session, layout, rows, owning_from))


def _burn_ranges(session: Session, layout: Layout, rows: pa.Table, owning_from: int) -> list[tuple[int, int]]:
    is_owner = pc.and_(rows["canonical"], pc.greater_equal(_times(rows), owning_from))
    canonical = rows.filter(is_owner)
    heights = canonical["block_height"].to_pylist()
    burned = dict(zip(heights, canonical["burn_block_height"].to_pylist(), strict=True))
    ranges: list[tuple[int, int]] = []
    for height, up_to in burned.items():
        # A day is not a clean cut by height, so the block below may belong to another day.
        above = burned[height - 1] if height - 1 in burned else _burn_height_below(session, layout, height)
        if ranges and ranges[-1][1] == above:
            ranges[-1] = (ranges[-1][0], up_to)
        elif up_to > above:
            ranges.append((above, up_to))
    return ranges


def _times(rows: pa.Table) -> pa.ChunkedArray:
    """Block times as `BLOCK_TIME` has them."""
    has_own = pc.greater(pc.fill_null(rows["block_time"], 0), 0)
    return pc.if_else(has_own, rows["block_time"], rows["burn_block_time"])


def _burn_height_below(session: Session, layout: Layout, height: int) -> int:
    rows = session.rows(
        f"SELECT burn_block_height FROM {layout.name('blocks')} WHERE canonical AND block_height < {height}"
        " ORDER BY block_height DESC LIMIT 1"
    )
    return rows[0][0] if rows else LOWEST
