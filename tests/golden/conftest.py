"""An empty warehouse, and the tables that end-of-day figures read of it."""

from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def warehouse(postgres_server: PostgresServer) -> Iterator[Warehouse]:
    """An empty warehouse."""
    postgres_server.create_database("golden_queries")
    migrate(postgres_server.dsn("golden_queries"))
    with Warehouse.open(postgres_server.dsn("golden_queries")) as opened:
        yield opened
