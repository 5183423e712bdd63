"""Real servers for the tests: one PostgreSQL and one S3 for the whole run, a database or bucket a test."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from xdist.scheduler import LoadFileScheduling

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.network import Network
from stacks_dataverse.stores.object_store import ObjectStore
from tests.support.pipeline import Pipeline
from tests.support.servers import free_port, running
from tests.support.stores import new_warehouse

# Whoever runs the tests may have an env file; no stack that they start reads it.
os.environ["DATAVERSE_ENV_FILE"] = ""

NUMBERS = itertools.count(1)
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
LONG = ("properties", "integration")
# What a machine loses with its power, and who guesses passwords, is no matter here.
QUICK = {"fsync": "off", "full_page_writes": "off", "scram_iterations": "1"}


# These look at every real database, which takes a minute to land, build and publish.
OF_REAL_DATABASES = {
    *("blocks_and_miners", "clarity_real", "digests", "network_activity", "page_real", "quality", "real_databases"),
    *("reconciliations", "tenures", "token_reconciliations"),
}


class ByWorld(LoadFileScheduling):
    """The tests of a file share servers, and what was built on them; those of real databases share these too."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "real databases" if Path(file).stem.removeprefix("test_") in OF_REAL_DATABASES else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWorld:
    """Which tests are of one process, where there are several."""
    return ByWorld(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take what is long first, so that all processes end together."""
    order = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(LONG)))


@dataclass(frozen=True)
class RealData:
    """The folder of real databases and recorded answers, outside the project."""

    folder: Path

    def dump(self, name: str) -> Path:
        """A real database, as gzipped SQL."""
        return self.folder / "stacks_db" / f"{name}.sql.gz"

    def oracle(self, name: str) -> Path:
        """What upstream's own API answered over that database."""
        return self.folder / "stacks_db" / "oracle" / f"{name}.json.gz"

    def recordings(self, pattern: str) -> dict[str, dict[str, Any]]:
        """Recorded answers of vendors, by the names of their files: `request` and `response`."""
        found = {path.name: json.loads(path.read_text()) for path in sorted((self.folder / "apis").glob(pattern))}
        assert found, f"no recording is called {pattern}"
        return found


@pytest.fixture(scope="session")
def real_data() -> RealData:
    """Real data to compare with; tests that ask for it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real databases, ../shared/data, are not here")
    return RealData(SHARED_DATA)


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """Where servers of scripted answers listen: a free port of this machine."""
    return "127.0.0.1", 0


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own servers are asked without the proxy that its user may have."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def vendor(direct: None, httpserver: HTTPServer) -> HTTPServer:
    """A vendor of scripted answers."""
    return httpserver


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL of this run's own."""
    with running(PostgresServer(tmp_path_factory.mktemp("postgres"), free_port(), QUICK)) as server:
        yield server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An S3 server of this run's own."""
    with running(S3Server(tmp_path_factory.mktemp("s3"), free_port())) as server:
        yield server


@pytest.fixture(scope="session")
def vendors_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VendorsServer]:
    """Stub vendors of this run's own."""
    with running(VendorsServer(tmp_path_factory.mktemp("vendors"), free_port())) as server:
        yield server


@pytest.fixture
def stub_vendors(direct: None, vendors_server: VendorsServer) -> Iterator[VendorsServer]:
    """The stub vendors by the machine's time, without faults, and not asked yet; and so they are left."""
    vendors_server.reset()
    yield vendors_server
    vendors_server.reset()


@pytest.fixture
def new_database(postgres_server: PostgresServer) -> Callable[[str], str]:
    """Make an empty database of its own; returns its libpq connection string."""

    def make(purpose: str) -> str:
        name = f"{purpose}_{next(NUMBERS)}"
        postgres_server.create_database(name)
        return postgres_server.dsn(name)

    return make


@pytest.fixture
def new_bucket(s3_server: S3Server) -> Callable[[str], ObjectStore]:
    """Make an empty bucket of its own."""

    def make(purpose: str) -> ObjectStore:
        name = f"{purpose}-{next(NUMBERS)}"
        s3_server.create_bucket(name)
        return ObjectStore(s3_server.client(), name)

    return make


@pytest.fixture
def migrated(postgres_server: PostgresServer) -> str:
    """A warehouse of this version in which nothing is; returns its libpq connection string."""
    return new_warehouse(postgres_server, f"warehouse_{next(NUMBERS)}")


@pytest.fixture
def new_pipeline(
    postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]
) -> Callable[[str], Pipeline]:
    """Make a pipeline over a Stacks database, by default a sample, with a warehouse and buckets of its own."""

    def make(stacks_dsn: str, network: Network = NETWORK) -> Pipeline:
        warehouse = new_warehouse(postgres_server, f"warehouse_{next(NUMBERS)}")
        return Pipeline(stacks_dsn, warehouse, new_bucket("private"), new_bucket("public"), network)

    return make
