"""Real Stacks databases, loaded once a run."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import catalog
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import SECONDS_PER_HOUR, MarketWindow, Window
from tests.conftest import NUMBERS, RealData
from tests.integration.looks import PRICES, TAKEN_AT, execute
from tests.integration.market import vendors_of
from tests.support.pipeline import Pipeline
from tests.support.stores import copy_database, copy_stores, load_dump, new_chain, new_stores

SAMPLE_SIZE = {"days": 3, "txs_per_day": 600}

# What later migrations of the API add to 9.0.2, and the sample has: a table, and columns of `pox_state`.
SINCE_9_0_2 = {
    *("burn_blocks", "pox_first_burnchain_block_height", "pox_reward_cycle_length", "pox_prepare_phase_block_length"),
}
SAMPLE = "sample"
SAMPLE_DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")
# The tables of a warehouse and the objects of a public bucket, by name and key.
Outcome = tuple[dict[str, list[tuple[Any, ...]]], dict[str, Any]]

# The days of each real database, and the reward cycles of those that have any.
REAL_DAYS = {
    "stacks_balance_reorg": ["2023-05-04"],
    "stacks_reorg1": ["2021-01-14", "2021-01-15"],
    "stacks_reorg1_before": ["2021-01-14", "2021-01-15"],
    "stacks_epoch3": ["2024-03-13"],
    "stacks_mainnet_block0": ["2021-01-14"],
    "stacks_ooo_microblock": ["2021-09-16"],
    "stacks_pox4_s1": ["2024-03-22"],
    "stacks_pox5_bonds": ["1973-01-03"],
}
# Regtest chains begin at block 0, and pay what every network pays first.
REGTEST_COINBASE = {0: 1_000_000_000}
CYCLES = {
    "stacks_epoch3": Network(0, 10, 5, coinbase_ustx=REGTEST_COINBASE),
    "stacks_pox4_s1": Network(0, 20, 5, coinbase_ustx=REGTEST_COINBASE),
    SAMPLE: sample_chain.NETWORK,
}


@pytest.fixture(scope="session")
def stacks_dump(postgres_server: PostgresServer, real_data: RealData) -> Callable[[str], str]:
    """Load a real database, the first time it is asked for; returns its libpq connection string."""
    loaded: dict[str, str] = {}

    def load(name: str) -> str:
        if name not in loaded:
            loaded[name] = load_dump(postgres_server, real_data.dump(name), name)
        return loaded[name]

    return load


@pytest.fixture(scope="session")
def sample(postgres_server: PostgresServer) -> str:
    """A small sample chain, not to be written to; returns its libpq connection string."""
    return new_chain(postgres_server, SAMPLE, **SAMPLE_SIZE)


@pytest.fixture(scope="session")
def sample_run(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> tuple[Pipeline, list[str]]:
    """All days of the sample run, only to look at; copies of its warehouse, of before the first day and after each."""
    pipeline, copies = new_stores(postgres_server, s3_server, SAMPLE, sample, CYCLES[SAMPLE]), []
    for days in ((), *((day,) for day in SAMPLE_DAYS)):
        pipeline.run(*days)
        copies.append(copy_database(postgres_server, pipeline.warehouse_dsn, f"loaded_{len(copies)}"))
    return pipeline, copies


@pytest.fixture(scope="session")
def whole_chain(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, s3_server: S3Server
) -> Callable[[str], Pipeline]:
    """Run all days of a chain, the first time it is asked for: a real database, or the sample. Only to look at."""

    @cache
    def run(name: str) -> Pipeline:
        if name == SAMPLE:
            return request.getfixturevalue("sample_run")[0]
        source = request.getfixturevalue("stacks_dump")(name)
        pipeline = new_stores(postgres_server, s3_server, name, source, CYCLES.get(name, MAINNET))
        pipeline.run(*REAL_DAYS[name])
        return pipeline

    return run


@pytest.fixture(scope="session")
def sample_with_market(
    whole_chain: Callable[[str], Pipeline],
    postgres_server: PostgresServer,
    s3_server: S3Server,
    vendors_server: VendorsServer,
) -> Pipeline:
    """All days of the sample, and the market as it was after the last of them. Only to look at."""
    run = copy_stores(postgres_server, s3_server, whole_chain(SAMPLE), "sample_market")
    five_o_clock = Window.parse(SAMPLE_DAYS[-1]).end + 5 * SECONDS_PER_HOUR
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        vendors_server.set_now(five_o_clock + 60)
        run.market(MarketWindow.trailing(five_o_clock, five_o_clock), vendors_of(vendors_server))
        vendors_server.reset()
    return run


@pytest.fixture(scope="session")
def sample_with_look(
    whole_chain: Callable[[str], Pipeline], postgres_server: PostgresServer, s3_server: S3Server
) -> Pipeline:
    """All days of the sample loaded, prices stored, and a look taken. Only to look at."""
    pipeline = copy_stores(postgres_server, s3_server, whole_chain(SAMPLE), "looked")
    execute(pipeline.warehouse_dsn, PRICES)
    pipeline.look(TAKEN_AT)
    return pipeline


@pytest.fixture(scope="session")
def warehouses(sample_run: tuple[Pipeline, list[str]]) -> list[str]:
    """Warehouses with prices that hold none, the first, the first two and all days of the sample; to copy from."""
    _, copies = sample_run
    for dsn in copies:
        execute(dsn, PRICES)
    return copies


@pytest.fixture
def new_run(
    warehouses: list[str], postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]
) -> Callable[[str, int], Pipeline]:
    """Make a pipeline over a sample chain of which so many first days are loaded already."""

    def make(dsn: str, days: int) -> Pipeline:
        warehouse = copy_database(postgres_server, warehouses[days], f"run_{next(NUMBERS)}")
        return Pipeline(dsn, warehouse, new_bucket("private"), new_bucket("public"), CYCLES[SAMPLE])

    return make


@pytest.fixture
def untold_cycles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go by a test's own network: the sample's node tells its cycles, which would take the place of others."""
    monkeypatch.setattr(Network, "with_cycles", lambda network, **_: network)


@pytest.fixture
def chain_copy(postgres_server: PostgresServer) -> str:
    """The sample chain once more, for a test to change."""
    return new_chain(postgres_server, f"changed_{next(NUMBERS)}", **SAMPLE_SIZE)


@pytest.fixture(scope="session")
def looked(warehouses: list[str], postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> Pipeline:
    """The sample with all days loaded, a look taken and nothing else published. Only to look at."""
    pipeline = replace(
        new_stores(postgres_server, s3_server, "only_looked", sample, CYCLES[SAMPLE]),
        warehouse_dsn=copy_database(postgres_server, warehouses[3], "all_days"),
    )
    pipeline.look(TAKEN_AT)
    return pipeline


@pytest.fixture
def all_loaded(looked: Pipeline, copy_of: Callable[[Pipeline], Pipeline]) -> Pipeline:
    """The same once more, to be changed."""
    return copy_of(looked)


@pytest.fixture
def copy_of(postgres_server: PostgresServer, s3_server: S3Server) -> Callable[[Pipeline], Pipeline]:
    """Make a pipeline that begins where another one stands."""
    return lambda pattern: copy_stores(postgres_server, s3_server, pattern, f"copy_{next(NUMBERS)}")


@pytest.fixture(scope="session")
def oracle(real_data: RealData) -> Callable[[str], dict[str, Any]]:
    """Read what upstream's API answered over a real database."""
    return lambda name: json.loads(gzip.decompress(real_data.oracle(name).read_bytes()))


@pytest.fixture
def warehouse(migrated: str) -> Iterator[Warehouse]:
    """A connection to a warehouse in which nothing is."""
    with Warehouse.open(migrated) as opened:
        yield opened


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have other functions make some tables; those that are not named are made as they are declared."""
    declared = catalog.TABLES

    def change(functions: Mapping[str, Callable[..., Any]]) -> None:
        tables = [
            replace(table, transform=partial(functions[table.name], table.transform))
            if table.name in functions
            else table
            for table in declared
        ]
        monkeypatch.setattr(catalog, "TABLES", tuple(tables))

    return change


@pytest.fixture(scope="session")
def outcome(whole_chain: Callable[[str], Pipeline]) -> Outcome:
    """What all days of the sample come to, run one after another."""
    whole = whole_chain(SAMPLE)
    return whole.content(), whole.published()


@pytest.fixture
def landed(sample: str, whole_chain: Callable[[str], Pipeline], new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    """The sample with all days landed and nothing built; its raw files are everybody's."""
    return replace(new_pipeline(sample), archive=whole_chain(SAMPLE).archive)


@pytest.fixture
def loaded(
    whole_chain: Callable[[str], Pipeline], postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]
) -> Pipeline:
    """The sample with all days loaded, once more, to be changed; its raw files are everybody's."""
    whole = whole_chain(SAMPLE)
    warehouse = copy_database(postgres_server, whole.warehouse_dsn, f"stale_{next(NUMBERS)}")
    return replace(whole, warehouse_dsn=warehouse, public=new_bucket("public"))
