"""Real databases, landed and built, against upstream's own tables and its API's answers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from stacks_dataverse.network import MAINNET
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.runners import build
from stacks_dataverse.window import Window
from tests.integration.conftest import REAL_DAYS
from tests.support.databases import query
from tests.support.pipeline import Pipeline

DAYS = REAL_DAYS
# With forks and microblocks, with reward cycles, with bonds.
OF_EACH_KIND = {"stacks_reorg1", "stacks_epoch3", "stacks_pox5_bonds"}
WITH_ORACLE = [name for name in DAYS if name != "stacks_pox5_bonds"]


@pytest.fixture
def built(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a real database, run once; for tests that only look."""
    return whole_chain(request.param)


def balances(pipeline: Pipeline) -> dict[str, int]:
    rows = pipeline.read("SELECT address, balance_ustx FROM stx_balances")
    return dict(zip(rows["address"].to_pylist(), rows["balance_ustx"].to_pylist(), strict=True))


def total_transactions(pipeline: Pipeline) -> int:
    return pipeline.read("SELECT COALESCE(sum(tx_count), 0)::bigint AS n FROM daily_transactions")["n"][0].as_py()


@pytest.mark.parametrize("built", DAYS, indirect=True, ids=DAYS)
def test_balances_equal_the_apis_own_table(built: Pipeline) -> None:
    theirs = query(built.stacks_dsn, "SELECT address, balance FROM ft_balances WHERE token = 'stx'")
    assert balances(built) == {address: int(balance) for address, balance in theirs}


@pytest.mark.parametrize("built", DAYS, indirect=True, ids=DAYS)
def test_supply_equals_the_chain_tip(built: Pipeline) -> None:
    ((supply,),) = query(built.stacks_dsn, "SELECT stx_supply FROM chain_tip")
    ours = built.read("SELECT supply_ustx FROM daily_balances ORDER BY day DESC LIMIT 1")
    assert ours["supply_ustx"][0].as_py() == int(supply)


@pytest.mark.parametrize("built", WITH_ORACLE, indirect=True, ids=WITH_ORACLE)
def test_figures_equal_the_apis_answers(built: Pipeline, oracle: Any, request: pytest.FixtureRequest) -> None:
    answers = oracle(request.node.callspec.params["built"])
    ours = balances(built)
    theirs = {address: int(found["balance"]) for address, found in answers["stx_balances"].items()}
    assert {address: ours.get(address, 0) for address in theirs} == theirs
    supply = built.read("SELECT supply_ustx FROM daily_balances ORDER BY day DESC LIMIT 1")["supply_ustx"][0].as_py()
    assert Decimal(supply).scaleb(-6) == Decimal(answers["stx_supply"]["total_stx"])


@pytest.mark.parametrize("built", WITH_ORACLE, indirect=True, ids=WITH_ORACLE)
def test_transactions_per_block_equal_the_apis_answers(
    built: Pipeline, oracle: Any, request: pytest.FixtureRequest
) -> None:
    """Block 1 alone differs: the API moves block 0's transactions there without counting them."""
    answers = oracle(request.node.callspec.params["built"])
    theirs = {block["height"]: block["tx_count"] for block in answers["blocks"] if block["canonical"]}
    landed = landed_transactions(built, request.node.callspec.params["built"])
    assert {height: landed.get(height, 0) for height in theirs if height > 1} == {
        height: count for height, count in theirs.items() if height > 1
    }
    assert sum(landed.values()) == total_transactions(built)
    assert landed.get(1, 0) >= theirs.get(1, 0)


def landed_transactions(pipeline: Pipeline, name: str) -> dict[int, int]:
    counts: dict[int, int] = {}
    for day in DAYS[name]:
        manifest = build.read_manifest(pipeline.archive, Window.parse(day))
        reads = {"blocks": ("block_height",), "txs": ()}
        with build.open_raw(pipeline.archive, manifest, reads) as raw, raw.canonical(with_keys(reads)) as opened:
            sql = "SELECT block_height, count(*) FROM txs JOIN blocks USING (index_block_hash) GROUP BY ALL"
            counts |= dict(opened.sql(sql).fetchall())
    return counts


@pytest.mark.parametrize("built", DAYS, indirect=True, ids=DAYS)
def test_principals_equal_the_apis_own_table(built: Pipeline) -> None:
    """The API leaves block 0's participants at block 0; ours count with its transactions, on block 1."""
    theirs = query(
        built.stacks_dsn,
        """SELECT DISTINCT principal FROM principal_txs p JOIN blocks b USING (index_block_hash)
           WHERE microblock_canonical AND (b.canonical OR b.block_height = 0)""",
    )
    ours = built.read("SELECT address FROM addresses")["address"].to_pylist()
    assert sorted(ours) == sorted(principal for (principal,) in theirs)


@pytest.mark.parametrize(
    "built",
    [name if name in OF_EACH_KIND else pytest.param(name, marks=pytest.mark.slow) for name in DAYS],
    indirect=True,
    ids=DAYS,
)
def test_a_second_run_changes_nothing(built: Pipeline, request: pytest.FixtureRequest) -> None:
    content, published = built.content(), built.published()
    assert any(content.values())
    built.run(*DAYS[request.node.callspec.params["built"]])
    assert built.content() == content
    assert built.published() == published


@pytest.mark.parametrize("name", ["stacks_reorg1", pytest.param("stacks_reorg1_before", marks=pytest.mark.slow)])
def test_days_in_reverse_order_give_the_same_warehouse(
    name: str, whole_chain: Callable[[str], Pipeline], new_pipeline: Any
) -> None:
    forward = whole_chain(name)
    backward = new_pipeline(forward.stacks_dsn, MAINNET)
    backward.run(*reversed(DAYS[name]))
    assert backward.content() == forward.content()
    assert backward.published() == forward.published()


@pytest.mark.slow
def test_a_fork_leaves_no_trace(stacks_dump: Callable[[str], str], new_pipeline: Any) -> None:
    """The chain before its fork choice, then the same chain after it, in one warehouse."""
    fresh, forked = (new_pipeline(stacks_dump("stacks_reorg1"), MAINNET) for _ in range(2))
    fresh.run(*DAYS["stacks_reorg1"])
    before = Pipeline(stacks_dump("stacks_reorg1_before"), forked.warehouse_dsn, forked.archive, forked.public)
    before.run(*DAYS["stacks_reorg1_before"])
    assert forked.content() != fresh.content()
    forked.run(*reversed(DAYS["stacks_reorg1"]))
    assert forked.content() == fresh.content()
    assert forked.published() == fresh.published()
