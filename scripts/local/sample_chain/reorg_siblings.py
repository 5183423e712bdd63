"""The blocks of a fork's winning side: their heights, their times, and their Bitcoin blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.writer import Block, hash_of

BLOCKS_SQL = """
    SELECT index_block_hash, block_hash, block_height, block_time, burn_block_height, burn_block_time, burn_block_hash,
           signer_bitvec IS NOT NULL
    FROM blocks WHERE canonical AND block_height >= %s ORDER BY block_height
"""


@dataclass(frozen=True)
class ExistingBlock(Block):
    """A block that the database holds already, with its hashes."""

    hashes: tuple[bytes, bytes] = (b"", b"")
    burn_hash: bytes = b""

    @property
    def index_hash(self) -> bytes:
        return self.hashes[0]

    @property
    def block_hash(self) -> bytes:
        return self.hashes[1]


@dataclass(frozen=True)
class Sibling:
    """A block of the winning side: `like` the one whose place it takes, or, on top, like the one below it."""

    block: Block
    burn_hash: bytes
    like: ExistingBlock
    is_on_top: bool = False


@dataclass(frozen=True)
class Change:
    """How the siblings differ from the blocks up to a height: seconds later, on other Bitcoin blocks or the same."""

    name: str
    up_to: int
    seconds: int
    is_bitcoins: bool


def read_blocks(cursor: Cursor, from_height: int) -> list[ExistingBlock]:
    """Read the canonical blocks from a height on, in ascending order."""
    cursor.execute(BLOCKS_SQL, (from_height,))
    return [
        ExistingBlock(
            "", height, time, burn_height, burn_time, None,
            is_nakamoto=is_nakamoto, hashes=(bytes(index_hash), bytes(block_hash)), burn_hash=bytes(burn_hash),
        )
        for index_hash, block_hash, height, time, burn_height, burn_time, burn_hash, is_nakamoto in cursor.fetchall()
    ]  # fmt: skip


def siblings_of(ancestor: ExistingBlock, losers: Sequence[ExistingBlock], change: Change) -> list[Sibling]:
    """Return a sibling of each losing block, and one more on top, for only a longer side wins.

    No block comes before its parent, none of Nakamoto before its Bitcoin block, and none after the losing tip:
    the chain ends on the day on which it ended.
    """
    made: list[Sibling] = []
    last_burn = max((loser.burn_height for loser in losers if loser.height <= change.up_to), default=0)
    for loser in (*losers, losers[-1]):
        is_on_top = len(made) == len(losers)
        parent = made[-1].block if made else ancestor
        is_moved = change.is_bitcoins and loser.burn_height > ancestor.burn_height
        later = change.seconds if is_moved and loser.burn_height <= last_burn else 0
        burn_time = min(loser.burn_time + later, losers[-1].time)
        wanted = loser.time + (change.seconds if loser.height <= change.up_to else 0)
        height = parent.height + 1
        block = Block(
            f"{height} {change.name}", height, _time(loser, wanted, burn_time, parent, losers[-1].time),
            loser.burn_height, burn_time, parent, is_nakamoto=loser.is_nakamoto,
        )  # fmt: skip
        burn_hash = hash_of(f"burn {loser.burn_height} {change.name}") if is_moved else loser.burn_hash
        made.append(Sibling(block, burn_hash, loser, is_on_top))
    return made


def _time(loser: ExistingBlock, wanted: int, burn_time: int, parent: Block, latest: int) -> int:
    if not loser.is_nakamoto:
        return burn_time
    earliest = max(burn_time, parent.time) if parent.is_nakamoto else burn_time
    return max(earliest, min(wanted, latest))
