"""Real Stacks databases, loaded once a run."""

import gzip
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from tests.conftest import RealData

SAMPLE_SIZE = {"days": 3, "txs_per_day": 600}
SEARCH_PATH = "stacks_blockchain_api, public"


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
