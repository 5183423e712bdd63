"""Stores and sources, from Airflow's Connections and Variables."""

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import Connection, Variable
from psycopg2.extensions import make_dsn

from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

DEFAULT_SETTLE_HOURS = "2"


def settle_hours() -> float:
    """Hours by which the chain's tip must have left a day behind; Variable `settle_hours`."""
    return float(Variable.get("settle_hours", default=DEFAULT_SETTLE_HOURS))


@contextmanager
def stacks_db() -> Iterator[StacksDb]:
    """The Stacks database of connection `stacks_db`."""
    with StacksDb.open(dsn("stacks_db")) as source:
        yield source


@contextmanager
def warehouse() -> Iterator[Warehouse]:
    """The warehouse of connection `warehouse_db`."""
    with Warehouse.open(dsn("warehouse_db")) as store:
        yield store


def archive() -> ObjectStore:
    """The private bucket, of Variable `private_bucket`."""
    return _bucket("private_bucket")


def public() -> ObjectStore:
    """The public bucket, of Variable `public_bucket`."""
    return _bucket("public_bucket")


def dsn(connection_id: str) -> str:
    """Return a PostgreSQL connection as a libpq connection string; extras are libpq's parameters."""
    found = Connection.get(connection_id)
    parts = {
        "host": found.host,
        "port": found.port,
        "user": found.login,
        "password": found.password,
        "dbname": found.schema,
        "application_name": "stacks-dataverse",
    }
    extra = {name: value for name, value in found.extra_dejson.items() if isinstance(value, str | int)}
    return make_dsn(**{name: value for name, value in (parts | extra).items() if value not in (None, "")})


def _bucket(variable: str) -> ObjectStore:
    name = Variable.get(variable, default=None)
    if not name:
        raise Terminal(f"the Airflow Variable {variable} is not set: give it the name of a bucket.")
    return ObjectStore(S3Hook("aws_default").get_conn(), name)
