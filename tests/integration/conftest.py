"""Real Stacks databases, loaded once a run."""

import gzip
import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import catalog
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.window import SECONDS_PER_HOUR, MarketWindow, Window
from tests.conftest import NUMBERS, RealData
from tests.integration.looks import PRICES, TAKEN_AT, execute
from tests.support.pipeline import Pipeline

SAMPLE_SIZE = {"days": 3, "txs_per_day": 600}

# What later migrations of the API add to 9.0.2, and the sample has: a table, and columns of `pox_state`.
SINCE_9_0_2 = {
    *("burn_blocks", "pox_first_burnchain_block_height", "pox_reward_cycle_length", "pox_prepare_phase_block_length"),
}
SEARCH_PATH = "stacks_blockchain_api, public"
SAMPLE = "sample"
SAMPLE_DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")
VENDORS = {"cryptocompare": CryptoCompare, "lunarcrush": LunarCrush}

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
            loaded[name] = load_dump(postgres_server, real_data, name, name)
        return loaded[name]

    return load


@pytest.fixture(scope="session")
def sample(postgres_server: PostgresServer) -> str:
    """A small sample chain, not to be written to; returns its libpq connection string."""
    postgres_server.create_database("sample")
    sample_chain.generate(postgres_server.dsn("sample"), **SAMPLE_SIZE)
    return postgres_server.dsn("sample")


@pytest.fixture(scope="session")
def whole_chain(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, s3_server: S3Server
) -> Callable[[str], Pipeline]:
    """Run all days of a chain, the first time it is asked for: a real database, or the sample. Only to look at."""
    ran: dict[str, Pipeline] = {}

    def run(name: str) -> Pipeline:
        if name not in ran:
            source = request.getfixturevalue(SAMPLE) if name == SAMPLE else request.getfixturevalue("stacks_dump")(name)
            days = REAL_DAYS[name] if name in REAL_DAYS else map(str, sample_chain.days_in(source))
            ran[name] = new_stores(postgres_server, s3_server, name, source)
            ran[name].run(*days)
        return ran[name]

    return run


@pytest.fixture(scope="session")
def sample_with_market(
    sample: str, postgres_server: PostgresServer, s3_server: S3Server, vendors_server: VendorsServer
) -> Pipeline:
    """All days of the sample, and the market as it was after the last of them. Only to look at."""
    run = new_stores(postgres_server, s3_server, "sample_market", sample, CYCLES[SAMPLE])
    days = sample_chain.days_in(sample)
    run.run(*map(str, days))
    five_o_clock = Window(days[-1]).end + 5 * SECONDS_PER_HOUR
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        vendors_server.set_now(five_o_clock + 60)
        run.market(MarketWindow.trailing(five_o_clock, five_o_clock), vendors_of(vendors_server))
        vendors_server.reset()
    return run


def vendors_of(server: VendorsServer) -> dict[str, CryptoCompare | LunarCrush]:
    """Both vendors, of the stub."""
    return {name: vendor(server.url, server.key) for name, vendor in VENDORS.items()}


@pytest.fixture(scope="session")
def sample_with_look(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> Pipeline:
    """All days of the sample loaded, prices stored, and a look taken. Only to look at."""
    pipeline = replace(new_stores(postgres_server, s3_server, "looked", sample), network=CYCLES[SAMPLE])
    pipeline.run(*SAMPLE_DAYS)
    execute(pipeline.warehouse_dsn, PRICES)
    pipeline.look(TAKEN_AT)
    return pipeline


@pytest.fixture(scope="session")
def warehouses(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> list[str]:
    """Warehouses with prices that hold none, the first, the first two and all days of the sample; to copy from."""
    pipeline, names = new_stores(postgres_server, s3_server, "loading", sample), []
    pipeline = replace(pipeline, network=CYCLES[SAMPLE])
    execute(pipeline.warehouse_dsn, PRICES)
    for days in ((), *((day,) for day in SAMPLE_DAYS)):
        pipeline.run(*days)
        names.append(f"loaded_{len(names)}")
        _copy(postgres_server, "loading_warehouse", names[-1])
    return names


@pytest.fixture
def new_run(
    warehouses: list[str], postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]
) -> Callable[[str, int], Pipeline]:
    """Make a pipeline over a sample chain of which so many first days are loaded already."""

    def make(dsn: str, days: int) -> Pipeline:
        name = f"run_{next(NUMBERS)}"
        _copy(postgres_server, warehouses[days], name)
        warehouse = postgres_server.dsn(name, owner="loading_warehouse")
        return Pipeline(dsn, warehouse, new_bucket("private"), new_bucket("public"), CYCLES[SAMPLE])

    return make


@pytest.fixture
def untold_cycles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go by a test's own network: the sample's node tells its cycles, which would take the place of others."""
    monkeypatch.setattr(Network, "with_cycles", lambda network, **_: network)


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


@pytest.fixture(scope="session")
def oracle(real_data: RealData) -> Callable[[str], dict[str, Any]]:
    """Read what upstream's API answered over a real database."""
    return lambda name: json.loads(gzip.decompress(real_data.oracle(name).read_bytes()))


def load_dump(server: PostgresServer, real_data: RealData, dump: str, name: str) -> str:
    """Load a dump into a database of a name; returns its libpq connection string."""
    server.create_database(name)
    sql = gzip.decompress(real_data.dump(dump).read_bytes())
    options = {"input": sql, "stdout": subprocess.DEVNULL}
    assert server.psql(name, ["-q", "-v", "ON_ERROR_STOP=1"], **options) == 0
    assert server.psql(name, ["-q", "-c", f"ALTER DATABASE {name} SET search_path TO {SEARCH_PATH}"]) == 0
    return server.dsn(name)


def new_stores(
    server: PostgresServer, s3: S3Server, name: str, source: str, network: Network | None = None
) -> Pipeline:
    """A pipeline over a Stacks database with a warehouse and buckets of that name, for as long as the run lasts."""
    warehouse = f"{name}_warehouse"
    server.create_database(warehouse)
    migrate(server.dsn(warehouse))
    buckets = [f"{name.replace('_', '-')}-{purpose}" for purpose in ("private", "public")]
    for bucket in buckets:
        s3.create_bucket(bucket)
    stores = [ObjectStore(s3.client(), bucket) for bucket in buckets]
    return Pipeline(source, server.dsn(warehouse), *stores, network=network or CYCLES.get(name, MAINNET))


def _copy(server: PostgresServer, template: str, name: str) -> None:
    """Copy a database to which nobody is connected."""
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER loading_warehouse")


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


@pytest.fixture
def loaded(
    whole_chain: Callable[[str], Pipeline], postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]
) -> Pipeline:
    """The sample with all days loaded, once more, to be changed; its raw files are everybody's."""
    whole, name = whole_chain(SAMPLE), f"stale_{next(NUMBERS)}"
    with postgres_server.connect() as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE sample_warehouse OWNER sample_warehouse")
    return replace(whole, warehouse_dsn=postgres_server.dsn(name, "sample_warehouse"), public=new_bucket("public"))
