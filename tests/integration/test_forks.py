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
from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.support.pipeline import Pipeline
from tests.support.stores import copy_database

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
def built(chain_copy: str, whole_chain: Callable[[str], Pipeline], copy_of: Callable[[Pipeline], Pipeline]) -> Pipeline:
    """All days of the sample run, on a chain to fork."""
    return replace(copy_of(whole_chain(SAMPLE)), stacks_dsn=chain_copy)


def assert_same(mended: Pipeline, scratch: Pipeline) -> None:
    """Every table and every public object is what a warehouse built on the new chain has."""
    expected, found = scratch.content(), mended.content()
    assert [table for table in expected if found[table] != expected[table]] == []
    assert mended.published() == scratch.published()


def assert_as_from_scratch(mended: Pipeline, scratch: Pipeline, days: Sequence[str]) -> None:
    """The same, of a warehouse that is built now."""
    scratch.run(*days)
    assert_same(mended, scratch)


def mend(pipeline: Pipeline, last: str, trailing_days: int = TRAILING_DAYS) -> compare.Findings:
    """Look back from a day as a daily run does, follow what is found, and look back once more."""
    first = str(Window.parse(last).before(trailing_days - 1))
    found = pipeline.compare(first, last)
    pipeline.backfill(*map(str, found.days))
    assert pipeline.compare(first, last).days == []
    return found


def test_a_real_fork(whole_chain: Callable[[str], Pipeline], copy_of: Callable[[Pipeline], Pipeline]) -> None:
    before, after = whole_chain("stacks_reorg1_before"), whole_chain("stacks_reorg1")
    moved = replace(copy_of(before), stacks_dsn=after.stacks_dsn)
    first, last = map(date.fromisoformat, REAL_DAYS["stacks_reorg1"])
    assert mend(moved, str(last)).changed == [first, last], "the first was not settled before"
    assert_same(moved, after)


@pytest.mark.slow
def test_a_real_fork_of_much_traffic(
    stacks_dump: Callable[[str], str],
    new_database: Callable[[str], str],
    new_pipeline: Callable[[str], Pipeline],
    postgres_server: PostgresServer,
) -> None:
    after, (day,) = stacks_dump("stacks_balance_reorg"), REAL_DAYS["stacks_balance_reorg"]
    before = copy_database(postgres_server, after, "stacks_balance_before")
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
    fork: dict[str, Any], days: list[str], built: Pipeline, new_pipeline: Callable[[str], Pipeline]
) -> None:
    sample_chain.fork(built.stacks_dsn, **fork)
    assert list(map(str, mend(built, DAYS[-1]).changed)) == days
    assert_as_from_scratch(built, new_pipeline(built.stacks_dsn), DAYS)


@pytest.mark.slow
def test_a_fork_deeper_than_the_trailing_days(built: Pipeline) -> None:
    """The weekly check finds what the daily one does not look at."""
    sample_chain.fork(built.stacks_dsn, depth=300)
    assert built.compare(DAYS[2], DAYS[2]).changed == [date(2024, 10, 30)]
    assert mend(built, DAYS[2], trailing_days=2000).changed == [date.fromisoformat(day) for day in DAYS]


def test_a_microblock_orphaned_after_its_day(built: Pipeline, new_pipeline: Callable[[str], Pipeline]) -> None:
    digests = built.read("SELECT day, blocks_digest FROM loaded_days ORDER BY day")
    (day,) = sample_chain.orphan_microblock(built.stacks_dsn).days
    assert mend(built, DAYS[-1]).changed == [day]
    assert built.read("SELECT day, blocks_digest FROM loaded_days ORDER BY day") == digests
    assert_as_from_scratch(built, new_pipeline(built.stacks_dsn), DAYS)


def test_what_did_not_change_is_left_alone(
    sample: str, whole_chain: Callable[[str], Pipeline], new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = whole_chain(SAMPLE)
    found = pipeline.compare(DAYS[0], DAYS[-1])
    assert found == compare.Findings([], [], [])
    assert set(found.checks().values()) == {compare.NONE}


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
