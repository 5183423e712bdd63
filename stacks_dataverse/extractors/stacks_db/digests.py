"""Digests of the blocks of days: they differ when a day's chain differs, and need only hashes."""

import hashlib
from datetime import date

from stacks_dataverse.chain import UNCOUNTED_HEIGHT
from stacks_dataverse.extractors.stacks_db.days import BLOCK_TIME, heights_between
from stacks_dataverse.extractors.stacks_db.layout import Layout
from stacks_dataverse.postgres import Session
from stacks_dataverse.window import Window

OF_NOTHING = hashlib.md5(b"", usedforsecurity=False).hexdigest()


def read_digests(session: Session, layout: Layout, first: Window, last: Window) -> dict[date, dict[str, str]]:
    """Return the digests of each day of a range, of nothing for a day without blocks; each by one indexed query.

    `blocks_digest` as `transformers.blocks.block_summary` makes it, `microblocks_digest` as
    `transformers.mining.daily_microblocks`: a microblock can be orphaned without a change to any block.
    """
    queries = {"blocks_digest": BLOCKS_SQL}
    if "microblocks" in layout.tables:
        queries["microblocks_digest"] = MICROBLOCKS_SQL
    low, high = heights_between(session, layout, first.start, last.end)
    day_blocks = _day_blocks(layout, first, last, low, high)
    names = {"microblocks": layout.name("microblocks"), "low": low, "high": high}
    by_name = {name: dict(session.rows(day_blocks + sql.format(**names))) for name, sql in queries.items()}
    return {
        window.day: {
            name: by_name.get(name, {}).get(window.day, OF_NOTHING) for name in ("blocks_digest", "microblocks_digest")
        }
        for window in first.until(last)
    }


def read_tx_counts(session: Session, layout: Layout, first: Window, last: Window) -> dict[date, int]:
    """Return how many canonical transactions each day of a range has, as its blocks count them; one indexed query."""
    low, high = heights_between(session, layout, first.start, last.end)
    counts = dict(session.rows(_day_blocks(layout, first, last, low, high) + TX_COUNTS_SQL))
    return {window.day: counts.get(window.day, 0) for window in first.until(last)}


def _day_blocks(layout: Layout, first: Window, last: Window, low: int, high: int) -> str:
    """The beginning of a query of the canonical blocks of a range of days, which lie between two heights."""
    return DAY_BLOCKS_SQL.format(
        blocks=layout.name("blocks"), time=BLOCK_TIME, low=low, high=high, start=first.start, end=last.end
    )


DAY_BLOCKS_SQL = """
    WITH day_blocks AS (
        SELECT (to_timestamp({time}) AT TIME ZONE 'UTC')::date AS day, block_height, index_block_hash, tx_count
        FROM {blocks}
        WHERE block_height BETWEEN {low} AND {high} AND canonical AND {time} >= {start} AND {time} < {end}
    )
"""

BLOCKS_SQL = """
    SELECT day, md5(string_agg(encode(index_block_hash, 'hex'), ',' ORDER BY block_height))
    FROM day_blocks GROUP BY day
"""

TX_COUNTS_SQL = f"""
    SELECT day, COALESCE(sum(tx_count) FILTER (WHERE block_height > {UNCOUNTED_HEIGHT}), 0)::bigint
    FROM day_blocks GROUP BY day
"""

MICROBLOCKS_SQL = """
    SELECT day, md5(string_agg(encode(microblock_hash || micro.index_block_hash, 'hex'), ','
                               ORDER BY microblock_hash, micro.index_block_hash))
    FROM {microblocks} AS micro JOIN day_blocks USING (index_block_hash)
    WHERE micro.block_height BETWEEN {low} AND {high} AND microblock_canonical
    GROUP BY day
"""
