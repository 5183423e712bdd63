"""Real Stacks databases, loaded once a run."""

import gzip
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from stacks_dataverse.pox import Pox
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.window import SECONDS_PER_HOUR, MarketWindow, Window
from tests.conftest import RealData
from tests.pipeline import Pipeline

SAMPLE_SIZE = {"days": 3, "txs_per_day": 600}
SEARCH_PATH = "stacks_blockchain_api, public"
SAMPLE = "sample"
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
CYCLES = {
    "stacks_epoch3": Pox(0, 10, 5),
    "stacks_pox4_s1": Pox(0, 20, 5),
    SAMPLE: Pox(*sample_chain.POX),
}


@pytest.fixture(scope="session")
def stacks_dump(postgres_server: PostgresServer, real_data: RealData) -> Callable[[str], str]:
    """Load a real database, the first time it is asked for; returns its libpq connection string."""
    loaded: dict[str, str] = {}

    def load(name: str) -> str:
        if name not in loaded:
            loaded[name] = _load(postgres_server, real_data, name)
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
def sample_with_market(whole_chain: Callable[[str], Pipeline], vendors_server: VendorsServer) -> Pipeline:
    """All days of the sample, and the market as it was after the last of them. Only to look at."""
    run = whole_chain(SAMPLE)
    five_o_clock = Window(sample_chain.days_in(run.stacks_dsn)[-1]).end + 5 * SECONDS_PER_HOUR
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
def oracle(real_data: RealData) -> Callable[[str], dict[str, Any]]:
    """Read what upstream's API answered over a real database."""
    return lambda name: json.loads(gzip.decompress(real_data.oracle(name).read_bytes()))


def _load(server: PostgresServer, real_data: RealData, name: str) -> str:
    server.create_database(name)
    sql = gzip.decompress(real_data.dump(name).read_bytes())
    options = {"input": sql, "stdout": subprocess.DEVNULL}
    assert server.psql(name, ["-q", "-v", "ON_ERROR_STOP=1"], **options) == 0
    assert server.psql(name, ["-q", "-c", f"ALTER DATABASE {name} SET search_path TO {SEARCH_PATH}"]) == 0
    return server.dsn(name)


def new_stores(server: PostgresServer, s3: S3Server, name: str, source: str) -> Pipeline:
    """A pipeline over a Stacks database with a warehouse and buckets of that name, for as long as the run lasts."""
    warehouse = f"{name}_warehouse"
    server.create_database(warehouse)
    migrate(server.dsn(warehouse))
    buckets = [f"{name.replace('_', '-')}-{purpose}" for purpose in ("private", "public")]
    for bucket in buckets:
        s3.create_bucket(bucket)
    stores = [ObjectStore(s3.client(), bucket) for bucket in buckets]
    return Pipeline(source, server.dsn(warehouse), *stores, pox=CYCLES.get(name, Pox()))
