"""Forks of the sample chain keep the rules of a Stacks database, and each side knows what the other does not."""

from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import psycopg2
import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.sample_chain import days_in, fork, generate, orphan_microblock
from tests.conftest import NUMBERS
from tests.integration.test_sample_chain_rewards import REWARD_RULES
from tests.integration.test_sample_chain_rules import DAY, RULES, TABLES, TRUTHS, rows
from tests.integration.test_sample_chain_staking import STAKING_RULES
from tests.integration.test_sample_chain_state import STATE_RULES
from tests.support.stores import new_chain

SIZE = {"days": 3, "txs_per_day": 300}
DAYS = [date(2024, 10, 28), date(2024, 10, 29), date(2024, 10, 30)]
MIDNIGHT = "SELECT max(block_height) FROM blocks WHERE canonical AND block_time % 86400 = 0"

FORKS = {
    "the last block": [{"depth": 1}],
    "two blocks, a little earlier": [{"depth": 2, "seconds": -3}],
    "a day and more": [{"depth": 150}],
    "three hundred blocks, later": [{"depth": 300, "seconds": 40}],
    "Bitcoin's too, earlier by a block": [{"depth": 150, "is_bitcoins": True, "seconds": -700}],
    "Bitcoin's too, later by two, down to block 2": [{"depth": 416, "is_bitcoins": True, "seconds": 1200}],
    "a fork of a fork, and a deeper one": [
        {"depth": 20},
        {"depth": 25, "seed": 2, "is_bitcoins": True},
        {"depth": 300, "seed": 3},
    ],
    "one block, when the chain had grown on": [{"depth": 1, "height": 275, "seconds": -1}],
}

SIDE = "SELECT {0} FROM {1} AS t JOIN blocks AS b USING (index_block_hash) WHERE {2}"
KNOWN = {
    "an account": ("recipient", "stx_events"),
    "a lock": ("locked_address", "stx_lock_events"),
    "a token": ("asset_identifier, value", "nft_events"),
    "a collection": ("asset_identifier", "nft_events"),
    "who was paid a miner's reward": ("recipient", "miner_rewards"),
    "a transaction": ("tx_id", "txs"),
}


@pytest.fixture
def chain(postgres_server: PostgresServer) -> str:
    """A sample chain of three days to fork; returns its libpq connection string."""
    return new_chain(postgres_server, f"forked_{next(NUMBERS)}", **SIZE)


@pytest.mark.parametrize("forks", FORKS.values(), ids=FORKS)
def test_the_rules_hold_after(chain: str, forks: list[dict[str, Any]]) -> None:
    for arguments in forks:
        fork(chain, **arguments)
    assert_rules(chain)
    assert days_in(chain) == DAYS


@pytest.mark.parametrize("is_mined_again", [False, True], ids=["left out", "mined again on the last day"])
def test_the_rules_hold_after_a_microblock_was_orphaned(chain: str, is_mined_again: bool) -> None:
    digest = "SELECT md5(string_agg(index_block_hash::text, ',' ORDER BY block_height)) FROM blocks WHERE canonical"
    counted = "SELECT sum(tx_count) FROM blocks WHERE canonical AND block_height > 1"
    before, txs = rows(chain, digest), rows(chain, counted)[0][0]
    orphaned = orphan_microblock(chain, is_mined_again=is_mined_again)
    assert_rules(chain)
    assert rows(chain, digest) == before
    assert orphaned.days == ([DAYS[1], DAYS[2]] if is_mined_again else [DAYS[1]])
    hashed = f"microblock_hash = decode('{orphaned.microblock_hash.hex()}', 'hex')"
    for table in ("microblocks", "txs", "contract_logs"):
        flags = f"SELECT DISTINCT canonical, microblock_canonical FROM {table} WHERE {hashed}"
        assert set(rows(chain, flags)) <= {(True, False)}, table
    again = f"{SIDE.format('b.block_height', 'txs', 'b.canonical AND microblock_canonical')} AND tx_id IN"
    found = rows(chain, f"{again} (SELECT tx_id FROM txs WHERE {hashed})")
    assert found == (rows(chain, "SELECT block_height FROM chain_tip") if is_mined_again else [])
    assert rows(chain, counted)[0][0] == txs - (0 if is_mined_again else 1)


@pytest.mark.parametrize("known", KNOWN)
def test_each_of_two_forks_knows_alone(chain: str, known: str) -> None:
    """The first fork's side loses to the second's: what it brought is in orphaned blocks only."""
    columns, table = KNOWN[known]
    known_before = set(rows(chain, SIDE.format(columns, table, "b.canonical")))
    fork(chain, depth=200)
    first = set(rows(chain, SIDE.format(columns, table, "b.canonical")))
    fork(chain, depth=201, seed=2)
    second = set(rows(chain, SIDE.format(columns, table, "b.canonical")))
    assert first - second - known_before
    assert second - first - known_before


def test_transactions_are_left_out_mined_later_or_again(chain: str) -> None:
    place = "SELECT t.tx_id, b.block_height FROM txs AS t JOIN blocks AS b USING (index_block_hash) WHERE b.canonical"
    before = dict(rows(chain, place))
    made = fork(chain, depth=300)
    after = dict(rows(chain, place))
    heights = [(height, after.get(tx_id)) for tx_id, height in before.items() if height >= made.first_height]
    assert {"left out", "again", "later"} == {
        "left out" if now is None else "again" if now == height else "later" for height, now in heights
    }


def test_no_row_goes_and_a_sides_flags_turn(chain: str) -> None:
    tables = [table for (table,) in rows(chain, TABLES)]
    before = {table: rows(chain, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    made = fork(chain, depth=150, is_bitcoins=True)
    after = {table: rows(chain, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
    derived = {"ft_balances", "nft_custody", "stx_locked_balances"}
    assert [table for table in tables if after[table] < before[table] and table not in derived] == []
    lost = f"SELECT count(*) FROM blocks WHERE NOT canonical AND block_height BETWEEN {made.first_height} AND {{}}"
    assert rows(chain, lost.format(made.tip - 1))[0][0] >= 150
    for table in ("txs", "stx_events", "contract_logs", "miner_rewards", "burnchain_rewards", "burn_block_pox_txs"):
        assert rows(chain, f"SELECT 1 FROM {table} WHERE NOT canonical"), table


def test_a_block_changes_its_day(chain: str) -> None:
    ((midnight,),) = rows(chain, MIDNIGHT)
    day = f"SELECT {DAY} FROM blocks AS b WHERE canonical AND block_height = {midnight}"
    assert rows(chain, day) == [(DAYS[2],)]
    made = fork(chain, depth=1, height=midnight, seconds=-1)
    assert rows(chain, day) == [(DAYS[1],)]
    assert made.days == DAYS[1:]


def plan_otherwise(dsn: str) -> None:
    """Have PostgreSQL plan the queries of a database in another way, as it may once it has counted its rows."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        for method in ("hashjoin", "hashagg"):
            connection.cursor().execute(f"ALTER DATABASE {connection.info.dbname} SET enable_{method} = off")


def test_the_same_arguments_give_the_same_rows(chain: str, new_database: Callable[[str], str]) -> None:
    other = new_database("forked_too")
    generate(other, **SIZE)
    plan_otherwise(other)
    for dsn in (chain, other):
        fork(dsn, depth=150, is_bitcoins=True, seconds=60)
        orphan_microblock(dsn)
    digest = "SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {} t"
    tables = [digest.format(table) for (table,) in rows(chain, TABLES)]
    assert [table for table in tables if rows(chain, table) != rows(other, table)] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depth": 417}, "no 417 blocks up to 417 above block 1"),
        ({"depth": 0}, "no 0 blocks"),
        ({"depth": 1, "height": 500}, "no 1 blocks up to 500"),
    ],
)
def test_what_cannot_be_forked_is_refused(chain: str, arguments: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fork(chain, **arguments)


def test_a_seed_is_of_one_fork(chain: str) -> None:
    fork(chain, depth=5)
    with pytest.raises(ValueError, match="seed"):
        fork(chain, depth=5)
    assert_rules(chain)


def assert_rules(dsn: str) -> None:
    """Every rule of the sample, and every truth."""
    rules = RULES | STATE_RULES | REWARD_RULES | STAKING_RULES
    broken = [name for name, rule in rules.items() if rows(dsn, rule)]
    untrue = [name for name, pair in TRUTHS.items() if len({frozenset(rows(dsn, query)) for query in pair}) > 1]
    assert (broken, untrue) == ([], [])
