"""An empty warehouse, and the tables that end-of-day figures read of it."""

from collections.abc import Iterator

import pytest

from scripts.local.postgres import PostgresServer
from scripts.new_golden_case import Empty
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.stores.warehouse import Warehouse
from tests.conftest import NUMBERS
from tests.support.stores import new_warehouse


@pytest.fixture(scope="package")
def empty(postgres_server: PostgresServer) -> Empty:
    """What an empty warehouse answers."""
    with Warehouse.open(new_warehouse(postgres_server, f"golden_{next(NUMBERS)}")) as warehouse:
        return Empty.of(warehouse.read, catalog.tables(Kind.FIGURE))


@pytest.fixture(scope="module")
def warehouse(postgres_server: PostgresServer) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with Warehouse.open(new_warehouse(postgres_server, f"golden_{next(NUMBERS)}")) as opened:
        yield opened
