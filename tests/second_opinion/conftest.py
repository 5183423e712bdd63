"""A warehouse for chains that are made up, one after another."""

import pytest

from scripts.local.postgres import PostgresServer
from stacks_dataverse.stores.warehouse import migrate


@pytest.fixture(scope="session")
def one_warehouse(postgres_server: PostgresServer) -> str:
    """A warehouse that is emptied by whoever uses it; returns its libpq connection string."""
    postgres_server.create_database("second_opinion")
    migrate(postgres_server.dsn("second_opinion"))
    return postgres_server.dsn("second_opinion")
