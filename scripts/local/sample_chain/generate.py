"""Make the chain, block by block, into an empty database; all of it or nothing."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import psycopg2
from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain import timeline
from scripts.local.sample_chain.bitcoin import Bitcoin, clear_flags
from scripts.local.sample_chain.chain import Chain
from scripts.local.sample_chain.derived import write_derived

SCHEMA = "stacks_blockchain_api"
FIRST_DAY = date(2024, 10, 28)
FOLDER = Path(__file__).parent

DAYS_SQL = """
    SELECT DISTINCT (to_timestamp(COALESCE(NULLIF(block_time, 0), burn_block_time)) AT TIME ZONE 'UTC')::date
    FROM blocks WHERE canonical ORDER BY 1
"""


@dataclass(frozen=True)
class SampleSummary:
    """What was made: the whole days, and all blocks and transactions."""

    days: list[date]
    blocks: int
    transactions: int


def generate(
    dsn: str, *, days: int = 3, txs_per_day: int = 2000, first_day: date = FIRST_DAY, seed: int = 1, tail: int = 0
) -> SampleSummary:
    """Write a chain of whole UTC days into an empty database, and point its search path there.

    The same arguments give the same rows. A chain that begins before Stacks 4.0 passes through all eras in three days.

    Args:
        tail: how many Bitcoin blocks of the next day follow, one every ten minutes; the whole days are the same for
            any tail but none.
    Raises:
        psycopg2.errors.DuplicateSchema: the database holds a chain already; nothing is changed.
    """
    with closing(psycopg2.connect(dsn)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            cursor.execute(f"SET LOCAL search_path TO {SCHEMA}")
            cursor.execute((FOLDER / "schema.sql").read_text())
            burns = list(timeline.burns(random := Random(seed), first_day, days, txs_per_day, tail))
            chain = _write(cursor, random, burns, txs_per_day, first_day)
            cursor.execute((FOLDER / "indexes.sql").read_text())
            cursor.execute("SELECT quote_ident(current_database())")
            cursor.execute(f"ALTER DATABASE {cursor.fetchone()[0]} SET search_path TO {SCHEMA}, public")
        with connection, connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    made = [first_day + timedelta(days=number) for number in range(days)]
    return SampleSummary(made, chain.tip.height, chain.writer.state.tx_count)


def days_in(dsn: str) -> list[date]:
    """Return the UTC days on which the chain of a database has canonical blocks."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(DAYS_SQL)
        return [day for (day,) in cursor.fetchall()]


def _write(cursor: Cursor, random: Random, burns: list[timeline.Burn], txs_per_day: int, first_day: date) -> Chain:
    chain, bitcoin = Chain(cursor, random, burns[0].height), Bitcoin(cursor, random, burns[-1].height)
    chain.genesis(timeline.midnight(first_day))
    for burn, counts in zip(burns, _shares(burns, txs_per_day), strict=True):
        chain.tenure(burn, counts, pooled_sats=bitcoin.block(burn))
    chain.finish()
    bitcoin.flush()
    clear_flags(cursor, chain.orphaned_burns, _without_blocks(burns))
    write_derived(cursor, chain)
    return chain


def _without_blocks(burns: list[timeline.Burn]) -> list[int]:
    """The heights of Bitcoin blocks without a Stacks block, of the chain's first day."""
    first_day = burns[: timeline.BURNS_A_DAY]
    return [burn.height for burn in first_day if not burn.block_times]


def _shares(burns: list[timeline.Burn], txs_per_day: int) -> Iterator[list[int]]:
    """Deal the transactions out: the same to each burn interval, and within it to each block."""
    sent = 0
    for number, burn in enumerate(burns):
        until, before = (txs_per_day * count // timeline.BURNS_A_DAY for count in (number + 1, number))
        sent += until - before
        blocks = len(burn.block_times)
        yield [sent * (index + 1) // blocks - sent * index // blocks for index in range(blocks)]
        sent = 0 if blocks else sent
