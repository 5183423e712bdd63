"""A warehouse for chains that are made up, one after another."""

import pytest

from scripts.local.postgres import PostgresServer
from tests.support.stores import new_warehouse


@pytest.fixture(scope="session")
def one_warehouse(postgres_server: PostgresServer) -> str:
    """A warehouse that is emptied by whoever uses it; returns its libpq connection string."""
    return new_warehouse(postgres_server, "second_opinion")
