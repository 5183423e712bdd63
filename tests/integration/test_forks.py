"""A chain that changed under a built warehouse is found, and mended: it then equals one built from scratch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg2
import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from stacks_dataverse.network import MAINNET
from stacks_dataverse.runners import compare
from stacks_dataverse.window import Window
from tests.integration.conftest import REAL_DAYS, SAMPLE, SEARCH_PATH
from tests.support.pipeline import Pipeline

DAYS = ["2024-10-28", "2024-10-29", "2024-10-30"]
TRAILING_DAYS = 3

FORKS = {
    "across midnight": ({"depth": 150}, DAYS[1:]),
}
LONG_FORKS = {
    "three hundred blocks, later": ({"depth": 300, "seconds": 40}, DAYS),
    "the last block": ({"depth": 1}, DAYS[2:]),
    "a block that changes its day": ({"depth": 1, "height": 276, "seconds": -1}, DAYS[1:]),
    "Bitcoin's too, earlier by a block": ({"depth": 150, "is_bitcoins": True, "seconds": -700}, DAYS[1:]),
    "Bitcoin's too, all but block 1": ({"depth": 400, "is_bitcoins": True, "seconds": 1200}, DAYS),
}

# The chain as it was before its second side arrived: the block that lost was the tip.
BEFORE_THE_FORK = """
    DO $$
    DECLARE
        lost integer := (SELECT max(block_height) FROM blocks WHERE NOT canonical AND block_height > 0);
        changed text;
    BEGIN
        FOR changed IN
            SELECT columns.table_name FROM information_schema.columns JOIN information_schema.tables
                USING (table_schema, table_name)
            WHERE column_name = 'index_block_hash' AND table_type = 'BASE TABLE'
                  AND table_schema = 'stacks_blockchain_api' AND columns.table_name <> 'blocks'
                  AND EXISTS (SELECT FROM information_schema.columns AS flag
                              WHERE flag.table_schema = columns.table_schema
                                    AND flag.table_name = columns.table_name AND flag.column_name = 'canonical')
        LOOP
            EXECUTE format('DELETE FROM %I WHERE index_block_hash IN (
                SELECT index_block_hash FROM blocks WHERE canonical AND block_height >= %s)', changed, lost);
            EXECUTE format('UPDATE %I SET canonical = true WHERE index_block_hash IN (
                SELECT index_block_hash FROM blocks WHERE block_height = %s)', changed, lost);
        END LOOP;
        DELETE FROM blocks WHERE canonical AND block_height >= lost;
        UPDATE blocks SET canonical = true WHERE block_height = lost;
    END $$
"""


@pytest.fixture
def chain(new_database: Callable[[str], str]) -> str:
    """A sample chain to fork."""
    dsn = new_database("forked")
    sample_chain.generate(dsn, days=len(DAYS), txs_per_day=300)
    return dsn


def assert_as_from_scratch(mended: Pipeline, scratch: Pipeline, days: Sequence[str]) -> None:
    """Every table and every public object is what a warehouse built on the new chain has."""
    scratch.run(*days)
    expected, found = scratch.content(), mended.content()
    assert [table for table in expected if found[table] != expected[table]] == []
    assert mended.published() == scratch.published()


def mend(pipeline: Pipeline, last: str, trailing_days: int = TRAILING_DAYS) -> compare.Findings:
    """Look back from a day as a daily run does, follow what is found, and look back once more."""
    first = str(Window.parse(last).before(trailing_days - 1))
    found = pipeline.compare(first, last)
    pipeline.backfill(*map(str, found.days))
    assert pipeline.compare(first, last).days == []
    return found


def test_a_real_fork(stacks_dump: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]) -> None:
    days = REAL_DAYS["stacks_reorg1"]
    pipeline = new_pipeline(stacks_dump("stacks_reorg1_before"), MAINNET)
    pipeline.run(*days)
    moved = replace(pipeline, stacks_dsn=stacks_dump("stacks_reorg1"))
    assert mend(moved, days[-1]).changed == [date(2021, 1, 14), date(2021, 1, 15)], "the first was not settled before"
    assert_as_from_scratch(moved, new_pipeline(moved.stacks_dsn, MAINNET), days)


@pytest.mark.slow
def test_a_real_fork_of_much_traffic(
    stacks_dump: Callable[[str], str],
    new_database: Callable[[str], str],
    new_pipeline: Callable[[str], Pipeline],
    postgres_server: PostgresServer,
) -> None:
    after, (day,) = stacks_dump("stacks_balance_reorg"), REAL_DAYS["stacks_balance_reorg"]
    before = copied(postgres_server, "stacks_balance_reorg", "stacks_balance_before")
    execute(before, BEFORE_THE_FORK)
    pipeline = new_pipeline(before, MAINNET)
    pipeline.run(day)
    moved = replace(pipeline, stacks_dsn=after)
    assert mend(moved, day).changed == [date.fromisoformat(day)]
    assert_as_from_scratch(moved, new_pipeline(after, MAINNET), [day])


@pytest.mark.parametrize(
    ("fork", "days"),
    [
        *(pytest.param(*case, id=name) for name, case in FORKS.items()),
        *(pytest.param(*case, id=name, marks=pytest.mark.slow) for name, case in LONG_FORKS.items()),
    ],
)
def test_a_fork_of_the_sample(
    fork: dict[str, Any], days: list[str], chain: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(chain)
    pipeline.run(*DAYS)
    sample_chain.fork(chain, **fork)
    assert list(map(str, mend(pipeline, DAYS[-1]).changed)) == days
    assert_as_from_scratch(pipeline, new_pipeline(chain), DAYS)


@pytest.mark.slow
def test_a_fork_deeper_than_the_trailing_days(chain: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    """The weekly check finds what the daily one does not look at."""
    pipeline = new_pipeline(chain)
    pipeline.run(*DAYS)
    sample_chain.fork(chain, depth=300)
    assert pipeline.compare(DAYS[2], DAYS[2]).changed == [date(2024, 10, 30)]
    assert mend(pipeline, DAYS[2], trailing_days=2000).changed == [date.fromisoformat(day) for day in DAYS]


def test_a_microblock_orphaned_after_its_day(chain: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(chain)
    pipeline.run(*DAYS)
    digests = pipeline.read("SELECT day, blocks_digest FROM loaded_days ORDER BY day")
    (day,) = sample_chain.orphan_microblock(chain).days
    assert mend(pipeline, DAYS[-1]).changed == [day]
    assert pipeline.read("SELECT day, blocks_digest FROM loaded_days ORDER BY day") == digests
    assert_as_from_scratch(pipeline, new_pipeline(chain), DAYS)


def test_what_did_not_change_is_left_alone(
    sample: str, whole_chain: Callable[[str], Pipeline], new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = whole_chain(SAMPLE)
    found = pipeline.compare(DAYS[0], DAYS[-1])
    assert found == compare.Findings([], [], [])
    assert set(found.checks().values()) == {compare.NONE}


def copied(server: PostgresServer, name: str, copy: str) -> str:
    """A copy of a database that a test may change; returns its connection string."""
    assert server.psql("postgres", ["-q", "-c", f"CREATE DATABASE {copy} TEMPLATE {name}"]) == 0
    assert server.psql("postgres", ["-q", "-c", f"ALTER DATABASE {copy} SET search_path TO {SEARCH_PATH}"]) == 0
    return server.dsn(copy, owner=name)


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
