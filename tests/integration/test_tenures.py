"""Tenures and Bitcoin blocks of real chains against what the node said of each Bitcoin block; whose fees are whose."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from scripts.local.postgres import PostgresServer
from tests.conftest import NUMBERS, RealData
from tests.integration.conftest import CYCLES, REAL_DAYS, SAMPLE_DAYS
from tests.integration.looks import execute
from tests.support.databases import query
from tests.support.pipeline import Pipeline
from tests.support.stores import load_dump

STX = 1_000_000
FACTS = ("burn_block_rewards", "tenures")

# As stacks-blockchain-api has them after its migration 1779800000015, from the node's events; rewards lose the column.
BURN_BLOCKS = """
    CREATE TABLE burn_blocks (
        id serial PRIMARY KEY, canonical boolean NOT NULL, burn_block_hash bytea NOT NULL UNIQUE,
        burn_block_height integer NOT NULL, burn_amount numeric NOT NULL, reward_amount numeric NOT NULL
    );
    CREATE INDEX ON burn_blocks (burn_block_height DESC);
    INSERT INTO burn_blocks (canonical, burn_block_hash, burn_block_height, burn_amount, reward_amount)
    SELECT DISTINCT ON (hash) true, hash, (payload->>'burn_block_height')::integer, (payload->>'burn_amount')::numeric,
           (SELECT COALESCE(sum((paid->>'amt')::numeric), 0)
            FROM json_array_elements(payload->'reward_recipients') AS paid)
    FROM (SELECT id, payload::json, decode(substr(payload->>'burn_block_hash', 3), 'hex') AS hash
          FROM event_observer_requests WHERE event_path = '/new_burn_block') AS events
    ORDER BY hash, id DESC;
    ALTER TABLE burnchain_rewards DROP COLUMN burn_amount
"""


@dataclass(frozen=True)
class Burn:
    """A Bitcoin block as the node told of it: what its commits burned and paid, in satoshis."""

    burned: int
    paid: int

    @property
    def sent(self) -> int:
        return self.burned + self.paid


def burns_of(dsn: str) -> dict[int, Burn]:
    """Every Bitcoin block that the node told of, by height; these chains have no Bitcoin fork."""
    events = query(dsn, "SELECT payload::text FROM event_observer_requests WHERE event_path = '/new_burn_block'")
    told = [json.loads(payload) for (payload,) in events]
    return {
        event["burn_block_height"]: Burn(event["burn_amount"], sum(paid["amt"] for paid in event["reward_recipients"]))
        for event in told
    }


def coinbases_of(burns: dict[int, Burn]) -> dict[int, int]:
    """What the node pays the winner of each sortition, step by step as it takes its snapshots, without a bonus."""
    coinbases, gathered, has_begun = {}, 0, False
    for height in sorted(burns):
        if burns[height].sent:
            coinbases[height], gathered, has_begun = 1_000 * STX + gathered, 0, True
        elif has_begun:
            gathered += 1_000 * STX
    return coinbases


@pytest.fixture(scope="module")
def with_burn_blocks(postgres_server: PostgresServer, real_data: RealData) -> Callable[[str], str]:
    """A real database as a newer API would have it; returns its libpq connection string."""
    loaded: dict[str, str] = {}

    def load(name: str) -> str:
        if name not in loaded:
            loaded[name] = load_dump(postgres_server, real_data.dump(name), f"burns_{next(NUMBERS)}")
            execute(loaded[name], BURN_BLOCKS)
        return loaded[name]

    return load


@pytest.mark.parametrize("name", ["stacks_reorg1", "stacks_epoch3"])
def test_commits_and_coinbases_are_the_nodes_where_burn_blocks_land(
    name: str, with_burn_blocks: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = replace(new_pipeline(with_burn_blocks(name)), network=CYCLES.get(name, Pipeline.network))
    burns, manifests = burns_of(pipeline.stacks_dsn), [pipeline.land(day) for day in REAL_DAYS[name]]
    for day in REAL_DAYS[name]:
        pipeline.build(day)
    ours = pipeline.read("SELECT * FROM mining_tenures ORDER BY burn_block_height").to_pylist()
    heights = [row["burn_block_height"] for row in ours]
    assert len(heights) > 20
    assert {row["burn_block_height"]: row["total_commit_sats"] for row in ours} == {h: burns[h].sent for h in heights}
    coinbases = coinbases_of(burns)
    assert {row["burn_block_height"]: row["coinbase_ustx"] for row in ours} == {h: coinbases[h] for h in heights}
    assert 2_000 * STX in {row["coinbase_ustx"] for row in ours}
    sent = pipeline.read("SELECT burn_block_height, reward_sats, burn_sats FROM burn_block_rewards").to_pylist()
    assert {row["burn_block_height"]: Burn(row["burn_sats"], row["reward_sats"]) for row in sent} == {
        height: burn for height, burn in burns.items() if burn.sent and height <= heights[-1]
    }
    ((held,),) = query(
        pipeline.stacks_dsn, f"SELECT count(*) FROM burn_blocks WHERE burn_block_height <= {heights[-1]}"
    )
    assert sum(manifest.tables["burn_blocks"].rows for manifest in manifests) == held > 0


def test_half_of_a_commit_that_was_burned_is_known_without_burn_blocks(
    whole_chain: Callable[[str], Pipeline],
) -> None:
    pipeline = whole_chain("stacks_epoch3")
    burns = burns_of(pipeline.stacks_dsn)
    ours = pipeline.read("SELECT burn_block_height, total_commit_sats FROM mining_tenures").to_pylist()
    paid = {row["burn_block_height"]: row["total_commit_sats"] for row in ours if row["total_commit_sats"] is not None}
    assert paid == {height: burns[height].sent for height in paid}
    assert any(burns[height].burned for height in paid)
    assert {row["burn_block_height"] for row in ours} - paid.keys() == {
        row["burn_block_height"] for row in ours if not burns[row["burn_block_height"]].paid
    }


@pytest.mark.slow
def test_the_flag_of_bitcoins_rows_changes_nothing(
    sample: str, chain_copy: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    for table in ("burnchain_rewards", "reward_slot_holders", "burn_block_pox_txs"):
        execute(chain_copy, f"UPDATE {table} SET canonical = NOT canonical")
    found = []
    for dsn in (sample, chain_copy):
        pipeline = new_pipeline(dsn)
        for day in SAMPLE_DAYS:
            pipeline.land(day)
            pipeline.build(day)
        found.append([pipeline.read(f"SELECT * FROM {table} ORDER BY day, burn_block_height") for table in FACTS])
    assert found[0] == found[1]
    assert all(rows.num_rows > 300 for rows in found[0])


def test_a_tenures_fees_are_its_own_before_and_after_it_matures(new_pipeline: Callable[[str], Pipeline]) -> None:
    """Since Nakamoto the rewards under B's first block are B's coinbase, and the fees of A for A's miner."""
    pipeline = new_pipeline("")
    execute(pipeline.warehouse_dsn, """
        INSERT INTO tenures (day, burn_block_height, mined_at, first_block_height, first_index_block_hash,
                             miner_address, coinbase_ustx, fees_ustx)
        VALUES ('2026-11-01', 900000, '2026-11-01 00:10Z', 10, 'A', 'SPA', 1000, 100),
               ('2026-11-02', 900000, '2026-11-01 00:10Z', 15, 'A2', null, 0, 11),
               ('2026-11-02', 900001, '2026-11-02 00:20Z', 20, 'B', 'SPX', 2000, 222)
    """)  # fmt: skip
    fees = "SELECT miner_address, coinbase_ustx, fees_ustx, matured FROM mining_tenures ORDER BY burn_block_height"
    assert plain(pipeline, fees) == [("SPA", 1000, 111, False), ("SPX", 2000, 222, False)]
    execute(pipeline.warehouse_dsn, """
        INSERT INTO matured_rewards (day, mature_block_height, from_index_block_hash, recipient, miner_address,
            coinbase_ustx, tx_fees_anchored_ustx, tx_fees_streamed_confirmed_ustx, tx_fees_streamed_produced_ustx)
        VALUES ('2026-11-03', 110, 'A', 'SPA', 'SPA', 1000, 0, 0, 0), ('2026-11-03', 110, 'A', 'SPZ', 'Z', 0, 0, 0, 7),
               ('2026-11-03', 120, 'B', 'SPB', 'SPB', 3000, 0, 0, 0), ('2026-11-03', 120, 'B', 'SPA', 'A', 0, 0, 0, 111)
    """)  # fmt: skip
    assert plain(pipeline, fees) == [("SPA", 1000, 111, True), ("SPB", 3000, 222, True)]


def plain(pipeline: Pipeline, sql: str) -> list[tuple[object, ...]]:
    """Rows of the warehouse."""
    return [tuple(row.values()) for row in pipeline.read(sql).to_pylist()]
