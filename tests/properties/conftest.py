"""The sides of one chain, landed once; a warehouse to do things to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Self

import psycopg2
import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.dataset import Table
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.network import Network
from stacks_dataverse.raw_tables import Reads, merge
from stacks_dataverse.runners import build
from tests.properties.sides import Side, land_sides
from tests.properties.world import World
from tests.support.stores import new_stores

EMPTY_SQL = """
    SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') || ' RESTART IDENTITY'
    FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'dataverse_version')
"""


class Remembered(dict[str, Any]):
    """The rows of a landed day's facts, in the place of its raw files."""

    @contextmanager
    def canonical(self, _columns: Any) -> Iterator[Self]:
        """The same, whatever columns are asked for."""
        yield self


def recall(name: str, rows: Remembered) -> Any:
    """The rows of a fact that are remembered."""
    return rows[name]


def recalled(table: Table) -> Table:
    """The table, a fact of which rows are remembered."""
    return replace(table, transform=partial(recall, table.name)) if table.kind is Kind.FACT else table


@pytest.fixture(scope="package")
def sides(postgres_server: PostgresServer, s3_server: S3Server) -> Mapping[str, Side]:
    """Every day as it was landed at each moment of the chain."""
    return land_sides(postgres_server, s3_server)


@pytest.fixture(scope="package", autouse=True)
def _remembered_rows() -> Iterator[None]:
    """Transformers make the rows of a landed day once: they are the same each time, and most of a build's time."""
    remembered: dict[str, Remembered] = {}
    open_raw, facts = build.open_raw, catalog.tables(Kind.FACT)
    every_read = merge(table.reads for table in facts)

    @contextmanager
    def open_remembered(archive: Any, manifest: Manifest, reads: Reads, network: Network) -> Iterator[Remembered]:
        key = f"{archive.bucket} {manifest.tables['blocks'].key}"
        if key not in remembered:
            with open_raw(archive, manifest, every_read, network) as raw:
                remembered[key] = Remembered({fact.name: build.make_rows(raw, fact) for fact in facts})
        yield remembered[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "open_raw", open_remembered)
        patch.setattr(catalog, "TABLES", tuple(map(recalled, catalog.TABLES)))
        yield


@pytest.fixture(scope="package")
def new_world(postgres_server: PostgresServer, s3_server: S3Server, sides: Mapping[str, Side]) -> Callable[[], World]:
    """Empty the one warehouse and public bucket that the examples share, and hand them out."""
    pipeline = new_stores(postgres_server, s3_server, "any_order", "", NETWORK)

    def empty() -> World:
        with psycopg2.connect(pipeline.warehouse_dsn) as connection, connection.cursor() as cursor:
            cursor.execute(EMPTY_SQL)
            cursor.execute(cursor.fetchone()[0])
        for key in pipeline.public.list_keys():
            pipeline.public.delete(key)
        return World(pipeline, sides)

    return empty
