"""A Stacks database as a source of raw rows, for one day or one tip snapshot at a time."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Self

import pyarrow as pa

from stacks_dataverse.chain import BURN_TABLES, SNAPSHOT_TABLES, UNLANDED_TABLES
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db import days, digests
from stacks_dataverse.extractors.stacks_db.layout import Layout, Table, read_layout
from stacks_dataverse.extractors.stacks_db.requirements import require
from stacks_dataverse.extractors.stacks_db.sums import tip_sums
from stacks_dataverse.mempool import MEMPOOL_TABLE, MINED_AT, RECEIVED_SECONDS
from stacks_dataverse.postgres import Session, connect
from stacks_dataverse.raw_tables import RAW_TYPES, Origin
from stacks_dataverse.window import Window

# enable_seqscan: the planner guesses badly how many rows thousands of block hashes select, and a scan of a
# table that grows with history is never the right plan here.
SESSION = {
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable read",
    "statement_timeout": "30min",
    "idle_in_transaction_session_timeout": "30min",
    "enable_seqscan": "off",
}

# Block times are integers of 32 bits.
END_OF_TIME = 2**31 - 1


class StacksDb:
    """One read-only, repeatable-read transaction at a time on a Stacks database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    @contextmanager
    def open(cls, dsn: str) -> Iterator[Self]:
        """Connect with a libpq connection string; Terminal when refused, Retryable when unreachable."""
        with connect("stacks_db", dsn, SESSION) as session:
            yield cls(session)

    @cached_property
    def layout(self) -> Layout:
        """What the database holds; Terminal when it is not a Stacks database that we can read."""
        return require(read_layout(self._session))

    @property
    def tables(self) -> list[str]:
        """The tables that land with a day: of a block, of a Bitcoin block, and the small snapshots."""
        return [name for name, table in self.layout.tables.items() if _lands(table)]

    @property
    def unreadable_tables(self) -> list[str]:
        """The tables that would land, and that the role may not read."""
        return [name for name, table in self.layout.unreadable.items() if _lands(table)]

    @property
    def unreadable_columns(self) -> dict[str, list[str]]:
        """The columns of tables that land which the role may not read, by table."""
        landed = ("blocks", *self.tables)
        return {name: sorted(hidden) for name in landed if (hidden := self.layout.tables[name].hidden)}

    @property
    def missing_columns(self) -> dict[str, list[str]]:
        """The columns that are known of databases of this version and missing in this one, by table.

        Tables of the warehouse that read them cannot be built.
        """
        origin = Origin(self.layout.api_version, self.layout.tables)
        missing = {
            name: [
                column
                for column in RAW_TYPES[name]
                if column not in {*self.layout.tables[name].columns, *self.layout.hidden_in(name)}
                and not origin.excuses(name, column)
            ]
            for name in RAW_TYPES.keys() & {"blocks", *self.tables}
        }
        return {name: missing[name] for name in sorted(missing) if missing[name]}

    def tip(self) -> days.BlockTime | None:
        """The highest canonical block; None while there is none."""
        return days.boundary_block(self._session, self.layout, highest=True)

    def lowest(self) -> days.BlockTime | None:
        """The lowest canonical block; None while there is none."""
        return days.boundary_block(self._session, self.layout, highest=False)

    def held(self) -> tuple[Window, Window] | None:
        """The days of the lowest and of the highest canonical block; None while there is none."""
        lowest, tip = self.lowest(), self.tip()
        return lowest and tip and (Window.containing(lowest.time), Window.containing(tip.time))

    def tip_sums(self, window: Window) -> dict[str, str | None]:
        """What the API's own tables come to since the chain's first day, for the day that holds the tip.

        Nothing for any other day: the API keeps no past of them.
        """
        tip = self.tip()
        if tip is None or Window.containing(tip.time) != window:
            return {}
        return tip_sums(self._session, self.layout, tip.height)

    def refresh_snapshot(self) -> None:
        """End the transaction: later reads see the chain as it is by then."""
        self._session.rollback()

    def digests(self, first: Window, last: Window) -> dict[date, dict[str, str]]:
        """The digests of each day of a range, by day: `blocks_digest` and `microblocks_digest`."""
        return digests.read_digests(self._session, self.layout, first, last)

    def tx_counts(self, first: Window, last: Window) -> dict[date, int]:
        """How many canonical transactions each day of a range has, as its blocks count them."""
        return digests.read_tx_counts(self._session, self.layout, first, last)

    def day_blocks(self, window: Window) -> days.DayBlocks:
        """All blocks of the day, none for a day without.

        Raises:
            Terminal: the day lies before the chain held by this database.
        """
        lowest = self.lowest()
        if lowest and window.end <= lowest.time:
            first = Window.containing(lowest.time)
            raise Terminal(f"{window} is before the chain began; the first day of this database is {first}.")
        return days.read_blocks(self._session, self.layout, window.start, window.end, owning_from=window.start)

    def blocks_since(self, start: int, owning_from: int) -> days.DayBlocks:
        """All blocks from a moment on, in unix seconds; Bitcoin heights are owned by those of a later moment only."""
        return days.read_blocks(self._session, self.layout, start, END_OF_TIME, owning_from)

    def count_missing(self, blocks: days.DayBlocks) -> int:
        """How many of the blocks this database does not have, canonical or orphaned."""
        table = self.layout.tables["blocks"]
        rows = self._session.rows(f"SELECT count(*) FROM {self.layout.name('blocks')} WHERE {pin(table, blocks)}")
        return len(blocks.hashes) - rows[0][0]

    @contextmanager
    def rows(
        self, table: str, blocks: days.DayBlocks, columns: Collection[str] | None = None
    ) -> Iterator[pa.RecordBatchReader]:
        """Stream the rows of a table that belong to the blocks; those of the mempool belong to whatever is the tip.

        Args:
            columns: which to read, of those that the source has; all by default. Rows of the mempool have
                `mempool.MINED_AT` besides.
        """
        chosen = self.layout.tables[table]
        selected = chosen.select(chosen.columns if columns is None else columns)
        if table == MEMPOOL_TABLE:
            selected += f", {self._mined_at}"
        sql = f"SELECT {selected} FROM {self.layout.name(table)} WHERE {pin(chosen, blocks)}"
        with self._session.batches(sql) as reader:
            yield reader

    @property
    def _mined_at(self) -> str:
        """SQL for the height at which a row of the mempool that is not pruned is mined: by the key of txs.

        With EXISTS in its place the planner may read all transactions into a hash table.
        """
        txs, blocks = self.layout.name("txs"), self.layout.name("blocks")
        return f"""CASE WHEN NOT pruned THEN (
            SELECT blocks.block_height FROM {txs} AS mined JOIN {blocks} AS blocks USING (index_block_hash)
            WHERE mined.tx_id = {MEMPOOL_TABLE}.tx_id AND mined.microblock_canonical AND blocks.canonical LIMIT 1
        ) END AS {MINED_AT}"""


def _lands(table: Table) -> bool:
    every = {**table.columns, **table.hidden}
    of_chain = every.get("index_block_hash") == "bytea" or table.name in (*BURN_TABLES, *SNAPSHOT_TABLES)
    return of_chain and table.name not in ("blocks", *UNLANDED_TABLES)


def pin(table: Table, blocks: days.DayBlocks) -> str:
    """Return the condition under which rows belong to the day's blocks, in a form that an index serves."""
    if table.name in SNAPSHOT_TABLES:
        return "true"
    if table.name == MEMPOOL_TABLE:
        return f"(pruned = false OR receipt_time >= {blocks.latest - RECEIVED_SECONDS})"
    if table.name in BURN_TABLES:
        return _any_of(
            f"burn_block_height > {above} AND burn_block_height <= {up_to}" for above, up_to in blocks.burn_ranges
        )
    by_hash = f"index_block_hash = ANY ({_array(blocks.hashes)})"
    if "index_block_hash" in table.indexed or "block_height" not in table.columns:
        return by_hash
    low, high = blocks.heights
    return f"block_height BETWEEN {low} AND {high} AND {by_hash}"


def _any_of(conditions: Iterator[str]) -> str:
    return " OR ".join(f"({condition})" for condition in conditions) or "false"


def _array(hashes: Sequence[bytes]) -> str:
    return "'{" + ",".join(f'"\\\\x{value.hex()}"' for value in hashes) + "}'::bytea[]"
