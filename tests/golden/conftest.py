"""The tables that end-of-day figures read, without rows."""

import pytest

from scripts.local.postgres import PostgresServer
from scripts.new_golden_case import Empty
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.stores.warehouse import Warehouse, migrate


@pytest.fixture(scope="package")
def empty(postgres_server: PostgresServer) -> Empty:
    """What an empty warehouse answers."""
    postgres_server.create_database("golden")
    dsn = postgres_server.dsn("golden")
    migrate(dsn)
    with Warehouse.open(dsn) as warehouse:
        return Empty.of(warehouse.read, catalog.tables(Kind.FIGURE))
