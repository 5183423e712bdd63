"""Forks of a sample chain, as the API leaves them: no row goes, flags change, and rows of the new side come."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

import psycopg2
from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain import recomputed
from scripts.local.sample_chain.bitcoin_fork import fork_bitcoin, restore_flags
from scripts.local.sample_chain.reorg_replay import plan_replay
from scripts.local.sample_chain.reorg_rows import orphan, replay, rewrite_sets
from scripts.local.sample_chain.reorg_siblings import Change, Sibling, read_blocks, siblings_of
from scripts.local.sample_chain.reorg_transactions import ReorgTransactions


@dataclass(frozen=True)
class Fork:
    """What a fork did: the first height that it replaced, the new tip, and the UTC days whose blocks changed."""

    first_height: int
    tip: int
    days: list[date]


def fork(
    dsn: str,
    *,
    depth: int,
    seed: int = 1,
    height: int | None = None,
    is_bitcoins: bool = False,
    seconds: int = 0,
) -> Fork:
    """Replace the last canonical blocks of a sample chain by as many siblings and one more on top.

    The new side leaves out some of the old one's transactions, mines some later, on top, and the others again; it
    has an account, a lock, a token, a collection and a miner's reward that the old side does not know. Another
    fork from the same height or below orphans those. The same arguments give the same rows.

    Args:
        depth: how many blocks, up to `height`, differ in what they hold; block 1 stays.
        seed: tells the forks of one chain apart; each needs another.
        height: the tip, or a block below: what had grown above it meanwhile is mined again, as far as it can be.
        is_bitcoins: the Bitcoin blocks above the common ancestor's have siblings too.
        seconds: how much later than those they replace the blocks come; negative for earlier. A Nakamoto block
            stays between its parent and the old tip; the others move with their Bitcoin block.
    Raises:
        ValueError: no such blocks, or `seed` was used before.
    """
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT max(block_height) FROM blocks WHERE canonical")
        tip = cursor.fetchone()[0]
        up_to = height or tip
        if not 0 < depth < up_to <= tip:
            raise ValueError(f"The chain has no {depth} blocks up to {up_to} above block 1")
        change = Change(f"fork {seed}", up_to, seconds, is_bitcoins)
        ancestor, *losers = read_blocks(cursor, up_to - depth)
        siblings = siblings_of(ancestor, losers, change)
        _refuse_used(cursor, siblings)
        _fork(cursor, siblings, Random(seed), change)
    return Fork(losers[0].height, siblings[-1].block.height, _days([*losers, *(made.block for made in siblings)]))


def _fork(cursor: Cursor, siblings: Sequence[Sibling], random: Random, change: Change) -> None:
    replayed = plan_replay(cursor, random, siblings, change.up_to)
    added = ReorgTransactions(cursor, change.name)
    orphan(cursor, [sibling.like.index_hash for sibling in siblings])
    restore_flags(cursor, siblings)
    replay(cursor, siblings, replayed)
    if change.is_bitcoins:
        fork_bitcoin(cursor, siblings, change.name)
    added.write_first(siblings[0].block, _next_index(replayed, siblings[0]))
    added.write_last(siblings[-1].block, _next_index(replayed, siblings[-1]))
    cursor.execute(COUNT_SQL, ([sibling.block.index_hash for sibling in siblings],))
    rewrite_sets(cursor, siblings)
    recomputed.rewrite(cursor)


def _refuse_used(cursor: Cursor, siblings: Sequence[Sibling]) -> None:
    hashes = [sibling.block.index_hash for sibling in siblings]
    cursor.execute("SELECT count(*) FROM blocks WHERE index_block_hash = ANY (%s)", (hashes,))
    if cursor.fetchone()[0]:
        raise ValueError("This chain has a fork of that seed here already")


def _next_index(replayed: Mapping[bytes, Sequence[bytes]], sibling: Sibling) -> int:
    return len(replayed[sibling.block.index_hash])


def _days(blocks: Sequence[Sibling]) -> list[date]:
    return sorted({datetime.fromtimestamp(block.time, UTC).date() for block in blocks})


COUNT_SQL = """
    UPDATE blocks SET tx_count = (SELECT count(*) FROM txs WHERE txs.index_block_hash = blocks.index_block_hash)
    WHERE index_block_hash = ANY (%s)
"""
