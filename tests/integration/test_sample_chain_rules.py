"""The sample chain keeps the rules of a Stacks database, and its ground truth is true."""

import re
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.sample_chain import SampleSummary, days_in, generate
from tests.integration.conftest import SINCE_9_0_2

SIZE = {"days": 3, "txs_per_day": 700}
BOTH = "t.canonical AND t.microblock_canonical"
EVENTS = ("stx_events", "ft_events", "nft_events", "contract_logs", "stx_lock_events")
DAY = "(to_timestamp(b.block_time) AT TIME ZONE 'UTC')::date"
BURN_DAY = "(to_timestamp(b.burn_block_time) AT TIME ZONE 'UTC')::date"
CANONICAL = "JOIN blocks b USING (index_block_hash) WHERE b.canonical AND t.microblock_canonical"

# Every query finds the rows that break a rule.
RULES = {
    "heights without a gap": """
        SELECT count(*), max(block_height) FROM blocks WHERE canonical
        HAVING count(*) <> max(block_height) OR min(block_height) <> 1""",
    "parents are the block below": """
        SELECT b.block_height FROM blocks b JOIN blocks p ON p.block_height = b.block_height - 1
        WHERE b.canonical AND (p.canonical OR p.block_height = 0)
        AND (b.parent_index_block_hash, b.parent_block_hash) <> (p.index_block_hash, p.block_hash)""",
    "tx_count, but for the first block": f"""
        SELECT b.block_height FROM blocks b LEFT JOIN txs t USING (index_block_hash)
        WHERE b.canonical AND b.block_height > 1
        GROUP BY b.index_block_hash, b.block_height, b.tx_count HAVING count(*) FILTER (WHERE {BOTH}) <> b.tx_count""",
    "event_count, and events numbered without a gap": f"""
        SELECT tx_id FROM txs t LEFT JOIN ({
        " UNION ALL ".join(f"SELECT tx_id, index_block_hash, microblock_hash, event_index FROM {n}" for n in EVENTS)
    }) e
        USING (tx_id, index_block_hash, microblock_hash)
        GROUP BY tx_id, index_block_hash, microblock_hash, event_count
        HAVING event_count <> count(event_index) OR event_count <> count(DISTINCT event_index)
        OR event_count <> COALESCE(max(event_index) + 1, 0)""",
    "one row of a transaction is canonical": f"SELECT tx_id FROM txs t {CANONICAL} GROUP BY 1 HAVING count(*) > 1",
    "flags of a transaction are its block's": """
        SELECT tx_id FROM txs t JOIN blocks b USING (index_block_hash)
        WHERE (t.canonical, t.block_height, t.burn_block_time, t.burn_block_height)
        <> (b.canonical, b.block_height, b.burn_block_time, b.burn_block_height)""",
    "failed transactions leave no asset events": """
        SELECT 1 FROM txs JOIN stx_events USING (tx_id, index_block_hash) WHERE status < 0""",
    "a nonce is used once": f"""
        SELECT sender_address FROM txs t {CANONICAL} AND b.block_height > 1 GROUP BY sender_address, nonce
        HAVING count(*) > 1""",
    "nobody holds less than nothing": "SELECT address FROM ft_balances WHERE balance < 0",
    "a tenure has one height": """
        SELECT tenure_height FROM blocks WHERE canonical AND signer_bitvec IS NOT NULL
        GROUP BY 1 HAVING count(DISTINCT burn_block_hash) > 1""",
    "block times of Nakamoto ascend": """
        SELECT b.block_height FROM blocks b JOIN blocks p ON p.index_block_hash = b.parent_index_block_hash
        WHERE p.signer_bitvec IS NOT NULL AND b.block_time < p.block_time""",
}

# Every query finds at least one case that a careless reader gets wrong.
CASES = {
    **{f"a transaction of type {n}": f"SELECT 1 FROM txs WHERE type_id = {n}" for n in range(9)},
    **{f"a transaction of status {n}": f"SELECT 1 FROM txs WHERE status = {n}" for n in (1, -1, -2, -3)},
    "a sponsored transaction": "SELECT 1 FROM txs WHERE sponsored AND sponsor_address <> sender_address",
    "the largest u128": "SELECT 1 FROM ft_events WHERE amount = 2::numeric ^ 128 - 1",
    "a memo that is not UTF-8": r"SELECT 1 FROM txs WHERE substr(token_transfer_memo, 1, 1) = '\xff'",
    "a NULL memo": "SELECT 1 FROM stx_events WHERE memo IS NULL AND canonical",
    "a transfer to oneself": "SELECT 1 FROM stx_events WHERE sender = recipient AND canonical",
    "burned STX": "SELECT 1 FROM stx_events WHERE asset_event_type_id = 3 AND canonical",
    "a transaction outside any block": r"""
        SELECT 1 FROM txs t, chain_tip c WHERE t.index_block_hash = '\x' AND t.canonical AND t.microblock_canonical
        AND t.burn_block_time = -1 AND t.block_height = c.block_height + 1""",
    "a block at midnight": "SELECT 1 FROM blocks WHERE canonical AND block_height > 1 AND block_time % 86400 = 0",
    "a block in a day's last second": "SELECT 1 FROM blocks WHERE canonical AND block_time % 86400 = 86399",
    "a Nakamoto block of the day after its Bitcoin block's": f"""
        SELECT 1 FROM blocks b WHERE canonical AND {DAY} > {BURN_DAY} AND tx_count > 0""",
    "a tenure that is extended": "SELECT 1 FROM txs WHERE tenure_change_cause = 1",
    "a deployment that failed": """
        SELECT 1 FROM smart_contracts JOIN txs USING (tx_id, index_block_hash) WHERE status < 0""",
    "a burn time that steps back across midnight": f"""
        SELECT 1 FROM blocks b JOIN blocks p ON p.index_block_hash = b.parent_index_block_hash
        WHERE b.canonical AND b.signer_bitvec IS NULL
        AND {DAY} < (to_timestamp(p.block_time) AT TIME ZONE 'UTC')::date""",
    "an accepted microblock's wall clock": f"""
        SELECT 1 FROM txs t {CANONICAL} AND microblock_sequence = 0 AND t.block_time <> b.block_time""",
    "an orphaned microblock, mined again": f"""
        SELECT 1 FROM txs o WHERE o.canonical AND NOT o.microblock_canonical
        AND EXISTS (SELECT FROM txs t {CANONICAL} AND t.tx_id = o.tx_id)""",
    "an orphaned block's transaction, mined again": f"""
        SELECT 1 FROM txs o WHERE NOT o.canonical AND EXISTS (SELECT FROM txs t {CANONICAL} AND t.tx_id = o.tx_id)""",
    "an account that only an orphaned block knows": """
        SELECT 1 FROM stx_events o WHERE NOT canonical AND NOT EXISTS (
        SELECT FROM ft_balances WHERE address = o.recipient)""",
    "an orphaned miner reward": "SELECT 1 FROM miner_rewards WHERE NOT canonical",
    "a reward for somebody else": "SELECT 1 FROM miner_rewards WHERE canonical AND recipient <> miner_address",
    "a reward that matures on a later day": f"""
        SELECT 1 FROM miner_rewards r JOIN blocks b USING (index_block_hash)
        JOIN blocks f ON f.index_block_hash = r.from_index_block_hash
        WHERE r.canonical AND {DAY} > (to_timestamp(f.block_time) AT TIME ZONE 'UTC')::date""",
    "a Bitcoin block without a Stacks block": """
        SELECT 1 FROM burnchain_rewards r WHERE canonical AND NOT EXISTS (
        SELECT FROM blocks WHERE burn_block_hash = r.burn_block_hash)""",
    "a burnchain reward delivered twice": """
        SELECT 1 FROM burnchain_rewards GROUP BY burn_block_hash, reward_index HAVING count(*) > 1""",
    **{f"an orphaned row of {n}": f"SELECT 1 FROM {n} WHERE NOT canonical" for n in (
        "burnchain_rewards", "reward_slot_holders", "blocks", "stx_events", "ft_events", "nft_events", "contract_logs",
    )},
    **{f"a row of {n}": f"SELECT 1 FROM {n}" for n in (
        "burn_block_pox_txs", "stx_lock_events", "pox4_events", "pox_cycles", "pox_sets", "pox_state", "names",
        "namespaces", "subdomains", "smart_contracts", "microblocks", "config_state", "pgmigrations",
    )},
}  # fmt: skip

MOVES = """
    WITH move AS (
        SELECT {token} AS token, unnest(ARRAY[sender, recipient]) AS address,
               unnest(ARRAY[-amount, amount]::numeric[]) AS amount
        FROM {table} t JOIN blocks b USING (index_block_hash) WHERE b.canonical AND t.microblock_canonical
        {more}
    )
    SELECT address, token, sum(amount) FROM move WHERE address IS NOT NULL GROUP BY 1, 2"""
FEES_AND_REWARDS = """
        UNION ALL SELECT 'stx', COALESCE(sponsor_address, sender_address), -fee_rate
        FROM txs t JOIN blocks b USING (index_block_hash)
        WHERE b.canonical AND t.microblock_canonical AND fee_rate > 0
        UNION ALL SELECT 'stx', recipient, coinbase_amount + tx_fees_anchored + tx_fees_streamed_confirmed
        + tx_fees_streamed_produced FROM miner_rewards WHERE canonical"""

# What a table holds that the generator tallied, and the same from the rows that it wrote.
TRUTHS = {
    "STX balances": (
        "SELECT address, token, balance FROM ft_balances WHERE token = 'stx'",
        MOVES.format(token="'stx'", table="stx_events", more=FEES_AND_REWARDS),
    ),
    "token balances": (
        "SELECT address, token, balance FROM ft_balances WHERE token <> 'stx'",
        MOVES.format(token="asset_identifier", table="ft_events", more=""),
    ),
    "owners of NFTs": (
        "SELECT asset_identifier, value, recipient, tx_id, event_index FROM nft_custody",
        f"""SELECT DISTINCT ON (asset_identifier, value) asset_identifier, value, recipient, tx_id, event_index
        FROM nft_events t {CANONICAL} ORDER BY asset_identifier, value,
        t.block_height DESC, microblock_sequence DESC, tx_index DESC, event_index DESC""",
    ),
    "chain tip": (
        "SELECT block_height, block_count, index_block_hash, burn_block_height FROM chain_tip",
        """SELECT block_height, block_height, index_block_hash, burn_block_height FROM blocks WHERE canonical
        ORDER BY block_height DESC LIMIT 1""",
    ),
    "supply": (
        "SELECT stx_supply FROM chain_tip",
        f"""SELECT sum(amount * CASE asset_event_type_id WHEN 2 THEN 1 WHEN 3 THEN -1 ELSE 0 END)
        + (SELECT sum(coinbase_amount) FROM miner_rewards WHERE canonical) FROM stx_events t {CANONICAL}""",
    ),
    "transactions, without those of genesis": (
        "SELECT tx_count FROM chain_tip",
        "SELECT sum(tx_count) FROM blocks WHERE canonical",
    ),
    "locks, but those of bonds, which the API forgets": (
        "SELECT principal, locked_amount, unlock_burn_height, lock_tx_id FROM stx_locked_balances",
        f"""SELECT DISTINCT ON (who) who, amount, until, tx_id FROM (
            SELECT locked_address AS who, locked_amount AS amount, unlock_height AS until, tx_id,
                   b.block_height, tx_index, event_index FROM stx_lock_events t {CANONICAL}
                   AND tx_id NOT IN (SELECT tx_id FROM pox5_events WHERE name = 'register-for-bond')
            UNION ALL
            SELECT stacker, 0, burnchain_unlock_height, tx_id, b.block_height, tx_index, event_index
            FROM pox4_events t {CANONICAL} AND name = 'handle-unlock') AS locks
            ORDER BY who, block_height DESC, tx_index DESC, event_index DESC""",
    ),
}
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, is_generated
    FROM information_schema.columns WHERE table_schema = 'stacks_blockchain_api'"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'stacks_blockchain_api'"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'stacks_blockchain_api' ORDER BY 1"


def rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def sample(postgres_server: PostgresServer) -> tuple[str, SampleSummary]:
    postgres_server.create_database("sample_chain")
    dsn = postgres_server.dsn("sample_chain")
    return dsn, generate(dsn, **SIZE)


@pytest.fixture(scope="module")
def dsn(sample: tuple[str, SampleSummary]) -> str:
    return sample[0]


def test_it_has_the_days_and_about_the_transactions_asked_for(sample: tuple[str, SampleSummary]) -> None:
    dsn, summary = sample
    assert (days_in(dsn), len(summary.days)) == (summary.days, SIZE["days"])
    assert summary.transactions == pytest.approx(SIZE["days"] * SIZE["txs_per_day"], rel=0.1)


def test_the_same_arguments_give_the_same_rows(dsn: str, postgres_server: PostgresServer) -> None:
    postgres_server.create_database("sample_chain_again")
    again = postgres_server.dsn("sample_chain_again")
    generate(again, **SIZE)
    for (table,) in rows(dsn, TABLES):
        digest = f"SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t"
        assert rows(dsn, digest) == rows(again, digest), table


@pytest.mark.parametrize("rule", RULES)
def test_rule(dsn: str, rule: str) -> None:
    assert rows(dsn, RULES[rule]) == []


@pytest.mark.parametrize("case", CASES)
def test_there_is(dsn: str, case: str) -> None:
    assert rows(dsn, f"SELECT EXISTS ({CASES[case]})") == [(True,)]


@pytest.mark.parametrize("truth", TRUTHS)
def test_what_was_tallied_is_what_the_rows_say(dsn: str, truth: str) -> None:
    tallied, recomputed = (rows(dsn, query) for query in TRUTHS[truth])
    assert tallied
    assert set(tallied) == set(recomputed)


def test_a_second_chain_in_one_database_is_refused(dsn: str) -> None:
    before = rows(dsn, "SELECT count(*) FROM txs")
    with pytest.raises(psycopg2.errors.DuplicateSchema, match="stacks_blockchain_api"):
        generate(dsn, **SIZE)
    assert rows(dsn, "SELECT count(*) FROM txs") == before


@pytest.mark.parametrize(("query", "what"), [(COLUMNS, "columns"), (INDEXES, "indexes")])
def test_the_layout_is_upstreams(dsn: str, stacks_dump: Any, query: str, what: str) -> None:
    tables = {table for (table,) in rows(dsn, TABLES)}
    ours = [row for row in rows(dsn, query) if not SINCE_9_0_2 & {*row[:2]}]
    assert _shape(ours) == _shape(row for row in rows(stacks_dump("stacks_schema_v9"), query) if row[0] in tables)


def _shape(rows: Any) -> list[str]:
    """Definitions without the names of indexes and sequences; `= true` says nothing to the planner."""
    names = r"INDEX \S+ ON|nextval\('[^']*'|stacks_blockchain_api\.| = true|[()]"
    return sorted(re.sub(names, "", " | ".join(map(str, row))) for row in rows)
