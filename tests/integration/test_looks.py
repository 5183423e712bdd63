"""Looks at every state of warehouse and chain: the same present gives the same objects, and no number is made up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import paths
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import live, look
from stacks_dataverse.stores.object_store import ObjectStore
from tests.conftest import NUMBERS
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_SIZE, new_stores
from tests.integration.looks import (
    OF_THE_EVENING,
    OF_THE_WHOLE_PAST,
    PRICES,
    SPOT,
    TAKEN_AT,
    execute,
    half_hourly,
    rows,
    spot,
)
from tests.pipeline import Pipeline

DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")
AT = "20241031T000500Z"
LATER = TAKEN_AT + timedelta(minutes=30)
# The tip's block, and all that is in it, lose to nobody: the chain is one block shorter.
LOSE_THE_TIP = """
    UPDATE blocks SET canonical = false
    WHERE block_height = (SELECT max(block_height) FROM blocks WHERE canonical)
"""


@pytest.fixture(scope="module")
def warehouses(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> list[str]:
    """Warehouses with prices that hold none, the first, the first two and all days of the sample; to copy from."""
    pipeline, names = new_stores(postgres_server, s3_server, "loading", sample), []
    pipeline = replace(pipeline, pox=CYCLES[SAMPLE])
    execute(pipeline.warehouse_dsn, PRICES)
    for days in ((), *((day,) for day in DAYS)):
        pipeline.run(*days)
        names.append(f"loaded_{len(names)}")
        copy(postgres_server, "loading_warehouse", names[-1])
    return names


@pytest.fixture
def new_run(
    warehouses: list[str], postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]
) -> Callable[[str, int], Pipeline]:
    """Make a pipeline over a sample chain of which so many first days are loaded already."""

    def make(dsn: str, days: int) -> Pipeline:
        name = f"run_{next(NUMBERS)}"
        copy(postgres_server, warehouses[days], name)
        warehouse = postgres_server.dsn(name, owner="loading_warehouse")
        return Pipeline(dsn, warehouse, new_bucket("private"), new_bucket("public"), CYCLES[SAMPLE])

    return make


def copy(server: PostgresServer, template: str, name: str) -> None:
    """Copy a database to which nobody is connected."""
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER loading_warehouse")


@pytest.fixture
def chain_copy(new_database: Callable[[str], str]) -> str:
    """The sample chain once more, for a test to change."""
    dsn = new_database("chain")
    sample_chain.generate(dsn, **SAMPLE_SIZE)
    return dsn


@pytest.fixture
def all_loaded(sample: str, new_run: Callable[[str, int], Pipeline]) -> Pipeline:
    """The sample with all days loaded, looked at."""
    pipeline = new_run(sample, 3)
    pipeline.look(TAKEN_AT)
    return pipeline


def snapshots(pipeline: Pipeline) -> list[list[tuple]]:
    """All that looks have left in the warehouse."""
    queries = ("SELECT * FROM mempool_snapshots ORDER BY 1, 2", "SELECT * FROM spot_snapshots ORDER BY 1")
    return [rows(pipeline.warehouse_dsn, sql) for sql in queries]


def test_what_a_look_saw_is_what_the_warehouse_knows_a_day_later(
    sample: str, all_loaded: Pipeline, new_run: Callable[[str, int], Pipeline]
) -> None:
    """With one day loaded, with two, and with one built but not loaded: no row is missing, none counts twice."""
    expected = half_hourly(all_loaded)
    for days in (1, 2):
        pipeline = new_run(sample, days)
        pipeline.look(TAKEN_AT)
        assert half_hourly(pipeline) == expected
    pipeline.land(DAYS[2])
    pipeline.build(DAYS[2])
    pipeline.look(TAKEN_AT)
    assert half_hourly(pipeline) == expected


def test_a_loaded_day_that_goes_on_is_looked_at_whole(sample: str, all_loaded: Pipeline, chain_copy: str,
                                                      new_run: Callable[[str, int], Pipeline]) -> None:  # fmt: skip
    """A day loaded before it had settled, when the chain was shorter."""
    pipeline = new_run(chain_copy, 2)
    execute(chain_copy, "UPDATE blocks SET canonical = false WHERE block_height > 350")
    pipeline.run(DAYS[2])
    longer = replace(pipeline, stacks_dsn=sample)
    longer.look(TAKEN_AT)
    assert half_hourly(longer) == half_hourly(all_loaded)
    assert spot(longer)["nonzero_bal_addx"] < spot(all_loaded)["nonzero_bal_addx"]


@pytest.mark.parametrize(
    ("loaded", "days"),
    [
        pytest.param(0, (), id="no day is loaded, and the chain is longer than a look"),
        pytest.param(1, (DAYS[2],), id="a day between is missing"),
        pytest.param(0, (DAYS[2],), id="the first days are missing"),
    ],
)
def test_what_needs_the_whole_past_is_null_while_a_block_is_missing(
    loaded: int, days: tuple[str, ...], sample: str, new_run: Callable[[str, int], Pipeline], all_loaded: Pipeline
) -> None:
    pipeline = new_run(sample, loaded)
    pipeline.run(*days)
    pipeline.look(TAKEN_AT)
    unknown = {name for name, value in spot(pipeline).items() if value is None}
    assert unknown == OF_THE_WHOLE_PAST | (set() if days else OF_THE_EVENING)
    known = set(spot(pipeline)) - OF_THE_WHOLE_PAST - OF_THE_EVENING
    assert {name: spot(pipeline)[name] for name in known} == {name: spot(all_loaded)[name] for name in known}


def test_daily_runs_that_are_behind_leave_a_gap_and_no_made_up_number(
    new_database: Callable[[str], str], new_run: Callable[[str, int], Pipeline]
) -> None:
    dsn = new_database("long")
    sample_chain.generate(dsn, days=5, txs_per_day=200)
    pipeline = new_run(dsn, 0)
    pipeline.run(DAYS[0])
    pipeline.look(TAKEN_AT + timedelta(days=2))
    assert {name for name in OF_THE_WHOLE_PAST if spot(pipeline)[name] is not None} == set()
    pipeline.run(DAYS[1], DAYS[2])
    pipeline.look(TAKEN_AT + timedelta(days=2))
    ((total,),) = rows(dsn, """
        SELECT count(*) FROM txs JOIN blocks b USING (index_block_hash) WHERE b.canonical AND microblock_canonical
    """)  # fmt: skip
    assert spot(pipeline)["total_txs_alltime"] == total


def test_the_same_look_twice_leaves_what_it_left_once(all_loaded: Pipeline) -> None:
    kept, published = snapshots(all_loaded), all_loaded.published()
    assert all_loaded.look(TAKEN_AT) == []
    assert snapshots(all_loaded) == kept
    assert all_loaded.published() == published


def test_each_look_leaves_a_snapshot(all_loaded: Pipeline) -> None:
    all_loaded.look(LATER)
    all_loaded.look(TAKEN_AT + timedelta(days=2))
    waiting = all_loaded.public.get_json("mempool/latest.json.gz")
    assert list(waiting) == [str(int((TAKEN_AT + late).timestamp())) for late in
                             (timedelta(0), timedelta(minutes=30), timedelta(days=2))]  # fmt: skip
    history = all_loaded.public.get_json("spot_stats/historical.json.gz")
    first, between, last = history.values()
    assert first == last == {name: spot(all_loaded)[name] for name in first}
    assert between == {"median_balance": None, "whale_percent": None, "stacking_apy": None}
    all_loaded.look(TAKEN_AT + timedelta(days=8))
    assert len(all_loaded.public.get_json("mempool/latest.json.gz")) == 2


def test_a_fork_between_two_looks_leaves_no_trace(chain_copy: str, new_run: Callable[[str, int], Pipeline]) -> None:
    forked, fresh = new_run(chain_copy, 2), new_run(chain_copy, 2)
    forked.look(TAKEN_AT)
    before = half_hourly(forked)
    execute(chain_copy, LOSE_THE_TIP)
    for pipeline in (forked, fresh):
        pipeline.look(TAKEN_AT)
    assert half_hourly(forked) == half_hourly(fresh) != before
    assert snapshots(forked) == snapshots(fresh)


def test_a_run_killed_between_landing_and_publishing_is_made_up_for_by_the_next(
    sample: str, all_loaded: Pipeline, new_run: Callable[[str, int], Pipeline]
) -> None:
    pipeline = new_run(sample, 3)
    manifest = pipeline.land_look(TAKEN_AT - timedelta(minutes=30))
    pipeline.look(TAKEN_AT)
    assert half_hourly(pipeline) == half_hourly(all_loaded)
    assert snapshots(pipeline) == snapshots(all_loaded)
    pipeline.publish_look(manifest)
    assert spot(pipeline)["refresh_ts"] == int((TAKEN_AT - timedelta(minutes=30)).timestamp())


def test_a_look_without_its_manifest_is_not_landed(all_loaded: Pipeline) -> None:
    manifest = look.manifest(all_loaded.archive, AT)
    all_loaded.archive.delete(paths.LIVE_MANIFEST.format(at=AT))
    with pytest.raises(Retryable, match="is not landed"):
        all_loaded.publish_look(manifest)


def test_a_file_that_is_not_the_manifests_is_refused(all_loaded: Pipeline) -> None:
    manifest = look.manifest(all_loaded.archive, AT)
    all_loaded.archive.put(manifest["tables"]["txs"]["key"], b"something else")
    with pytest.raises(Retryable, match="is not the file its manifest describes"):
        all_loaded.publish_look(manifest)


def test_a_chain_without_a_block_has_no_tip(chain_copy: str, new_run: Callable[[str, int], Pipeline]) -> None:
    execute(chain_copy, "UPDATE blocks SET canonical = false")
    with pytest.raises(Retryable, match="no canonical block"):
        new_run(chain_copy, 0).look(TAKEN_AT)


def test_what_fails_is_named_and_the_others_are_published(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    """Without the table of prices whatever asks for one fails, and nothing else."""
    pipeline = new_run(sample, 3)
    execute(pipeline.warehouse_dsn, "ALTER TABLE price_hourly RENAME TO elsewhere")
    asks = {"spot_snapshots", "spot_stats", "recent_rewards_small", "mining_riskreward"}
    with pytest.raises(Terminal, match="4 of 15 failed") as raised:
        pipeline.look(TAKEN_AT)
    assert all(f"{name}: " in str(raised.value) for name in asks)
    assert {"tx_per_block", "mempool", "whales", "mining_data", "nft"} <= {
        key.partition("/")[0] for key in pipeline.public.list_keys()
    }
    assert SPOT not in pipeline.public.list_keys()
    execute(pipeline.warehouse_dsn, "ALTER TABLE elsewhere RENAME TO price_hourly")
    pipeline.look(TAKEN_AT)
    assert SPOT in pipeline.public.list_keys()


def checked(dsn: str, private: ObjectStore) -> dict[str, int]:
    with StacksDb.open(dsn) as source:
        return live.advanced(source, private)


def test_the_sanity_check_fails_while_the_tip_stands(chain_copy: str, new_bucket: Callable[[str], ObjectStore]) -> None:
    private = new_bucket("private")
    ((height,),) = rows(chain_copy, "SELECT max(block_height) FROM blocks WHERE canonical")
    execute(chain_copy, LOSE_THE_TIP)
    assert checked(chain_copy, private) == {"maxblock": height - 1}
    assert private.get_json("sanity_check.json.gz") == {"maxblock": height - 1}
    with pytest.raises(Retryable, match=f"stands at {height - 1}, and stood at {height - 1}"):
        checked(chain_copy, private)
    execute(chain_copy, LOSE_THE_TIP)
    with pytest.raises(Retryable, match=f"stands at {height - 2}, and stood at {height - 1}"):
        checked(chain_copy, private)
    assert private.get_json("sanity_check.json.gz") == {"maxblock": height - 1}
    execute(chain_copy, f"UPDATE blocks SET canonical = true WHERE block_height > {height - 2} AND tx_count > 0")
    assert checked(chain_copy, private) == {"maxblock": height}
