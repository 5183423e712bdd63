"""Looks at real databases, against upstream's own tables and its API's answers; with no day loaded, and with all."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse.network import MAINNET
from tests.integration.conftest import CYCLES, REAL_DAYS
from tests.integration.looks import OF_THE_EVENING, TAKEN_AT, half_hourly, rows, spot
from tests.integration.test_real_databases import WITH_ORACLE
from tests.support.pipeline import Pipeline
from tests.support.stores import new_stores

CANONICAL = "JOIN blocks b USING (index_block_hash) WHERE b.canonical AND microblock_canonical"
TIP = "(SELECT * FROM blocks WHERE canonical ORDER BY block_height DESC LIMIT 1) AS tip"
TIME = "COALESCE(NULLIF({0}.block_time, 0), {0}.burn_block_time)"


@pytest.fixture(scope="module")
def look_once(
    postgres_server: PostgresServer, s3_server: S3Server, stacks_dump: Callable[[str], str]
) -> Callable[[str], Pipeline]:
    """Look at a real database, the first time it is asked for, while no day of it is loaded."""

    @cache
    def look(name: str) -> Pipeline:
        pipeline = new_stores(postgres_server, s3_server, f"{name}_looked", stacks_dump(name))
        pipeline = replace(pipeline, network=CYCLES.get(name, MAINNET))
        pipeline.look(TAKEN_AT)
        return pipeline

    return look


@pytest.fixture
def looked(request: pytest.FixtureRequest, look_once: Callable[[str], Pipeline]) -> Pipeline:
    """A real database, looked at; its whole chain fits into a look. Only to look at."""
    return look_once(request.param)


def name_of(request: pytest.FixtureRequest) -> str:
    return request.node.callspec.params["looked"]


@pytest.mark.parametrize("looked", REAL_DAYS, indirect=True, ids=list(REAL_DAYS))
def test_the_figures_of_the_moment_equal_the_apis_own_tables(looked: Pipeline) -> None:
    """The Bitcoin height is the tip's own: chain_tip may know of Bitcoin blocks on which no block stands yet."""
    ((height, burn_height, supply),) = rows(
        looked.stacks_dsn, f"SELECT tip.block_height, tip.burn_block_height, stx_supply FROM chain_tip, {TIP}"
    )
    ((total, recent),) = rows(looked.stacks_dsn, f"""
        SELECT count(*), count(*) FILTER (
            WHERE {TIME.format("b")} > (SELECT {TIME.format("tip")} FROM {TIP}) - 86400)
        FROM txs {CANONICAL}
    """)  # fmt: skip
    ((waiting,),) = rows(looked.stacks_dsn, "SELECT count(*) FROM mempool_txs WHERE NOT pruned")
    found, network = spot(looked), looked.network
    assert found["current_stx_block_height"] == height
    assert (found["total_txs_alltime"], found["total_txs_past24"]) == (total, recent)
    assert found["now_in_mempool"] == waiting
    assert Decimal(str(found["circulating_supply"])) == pytest.approx(Decimal(supply).scaleb(-6))
    assert found["current_cycle_no"] == (burn_height - network.first_burn_height) // network.cycle_length
    assert burn_height + found["cycle_blocks_left"] == network.first_burn_height + network.cycle_length * (
        found["current_cycle_no"] + 1
    )
    assert burn_height < network.waterfall_height
    is_prepare = found["cycle_blocks_left"] < network.prepare_length or (
        found["cycle_blocks_left"] == network.cycle_length and burn_height > network.first_burn_height
    )
    assert found["current_cycle_phase"] == ("prepare" if is_prepare else "reward")


@pytest.mark.parametrize("looked", [name for name in REAL_DAYS if name != "stacks_pox5_bonds"], indirect=True)
def test_what_is_stacked_equals_the_apis_own_table(looked: Pipeline) -> None:
    """Locks as the node ends them. The bonds' database alone differs: its builders wrote locks without the events."""
    ((stacked, stackers),) = rows(looked.stacks_dsn, """
        SELECT COALESCE(sum(locked_amount), 0), count(*) FROM stx_locked_balances, chain_tip
        WHERE locked_amount > 0 AND unlock_burn_height > burn_block_height
    """)  # fmt: skip
    assert (spot(looked)["total_stacked"], spot(looked)["total_stackers"]) == (float(stacked) / 1e6, stackers)


@pytest.mark.parametrize("looked", WITH_ORACLE, indirect=True, ids=WITH_ORACLE)
def test_figures_equal_the_apis_answers(looked: Pipeline, oracle: Any, request: pytest.FixtureRequest) -> None:
    """Block 1 alone differs: the API moves block 0's transactions there without counting them."""
    answers, found = oracle(name_of(request)), spot(looked)
    assert found["current_stx_block_height"] == answers["stx_supply"]["block_height"]
    assert found["circulating_supply"] == pytest.approx(float(answers["stx_supply"]["total_stx"]), rel=1e-15)
    theirs = {block["height"]: block["tx_count"] for block in answers["blocks"] if block["canonical"]}
    ours = {int(height): n for height, n in looked.public.get_json("tx_per_block/latest.json.gz").items()}
    assert {height: n for height, n in ours.items() if height > 1} == {h: n for h, n in theirs.items() if h > 1}
    assert found["total_txs_alltime"] - ours.get(1, 0) == sum(theirs.values()) - theirs.get(1, 0)
    cycles = {cycle["cycle_number"]: cycle for cycle in answers["pox_cycles"]["results"]}
    assert found["slot_minimum"] is None or found["current_cycle_no"] in cycles


@pytest.mark.parametrize("looked", WITH_ORACLE, indirect=True, ids=WITH_ORACLE)
def test_rewards_equal_the_apis_answers(looked: Pipeline, oracle: Any, request: pytest.FixtureRequest) -> None:
    paid: dict[str, int] = {}
    for reward in oracle(name_of(request))["burnchain_rewards"]["results"]:
        if reward["canonical"]:
            height = str(reward["burn_block_height"])
            paid[height] = paid.get(height, 0) + int(reward["reward_amount"])
    ours = looked.public.get_json("stacking_data/recent_rewards.json.gz")
    assert ours == {height: sats / 1e8 for height, sats in paid.items() if height in ours}
    ((tip,),) = rows(looked.stacks_dsn, "SELECT burn_block_height FROM chain_tip")
    assert ours.keys() == {height for height, sats in paid.items() if sats and int(height) <= tip}


@pytest.mark.parametrize("looked", REAL_DAYS, indirect=True, ids=list(REAL_DAYS))
def test_loaded_days_say_what_the_look_said(
    looked: Pipeline, whole_chain: Callable[[str], Pipeline], request: pytest.FixtureRequest, new_bucket: Any
) -> None:
    """The tip's day is loaded though it has not settled; the chain stands still, and so it is whole."""
    loaded = replace(whole_chain(name_of(request)), public=new_bucket("public"))
    loaded.look(TAKEN_AT)
    assert half_hourly(loaded) == half_hourly(looked)
    assert {spot(looked)[name] for name in OF_THE_EVENING} == {None}
    assert spot(loaded)["nonzero_bal_addx"] is not None
