"""Databases and buckets of tests: copied where there is one to copy, for that is quicker than to make them."""

import gzip
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import parse_dsn

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse.network import MAINNET, Network
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from tests.support.pipeline import Pipeline

SEARCH_PATH = "stacks_blockchain_api, public"
# What is set for a database is no part of it, and is not copied with it.
SETTINGS = """
    INSERT INTO pg_db_role_setting
    SELECT (SELECT oid FROM pg_database WHERE datname = %s), setrole, setconfig
    FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = %s
"""


def load_dump(server: PostgresServer, dump: Path, name: str) -> str:
    """Load gzipped SQL of a Stacks database into a database of a name; returns its libpq connection string."""
    server.create_database(name)
    options = {"input": gzip.decompress(dump.read_bytes()), "stdout": subprocess.DEVNULL}
    assert server.psql(name, ["-q", "-v", "ON_ERROR_STOP=1"], **options) == 0
    assert server.psql(name, ["-q", "-c", f"ALTER DATABASE {name} SET search_path TO {SEARCH_PATH}"]) == 0
    return server.dsn(name)


def copy_database(server: PostgresServer, pattern: str, name: str) -> str:
    """Copy a database to which nobody is connected, for the same owner; both by libpq connection string."""
    parts = parse_dsn(pattern)
    template, owner = parts["dbname"], parts["user"]
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy")
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(create.format(*map(sql.Identifier, (name, template, owner))))
        cursor.execute(SETTINGS, [name, template])
    return server.dsn(name, owner)


def copy_objects(source: ObjectStore, target: ObjectStore) -> ObjectStore:
    """Copy all objects of a bucket into another of the same server; returns the other."""
    for key in source.list_keys():
        place = {"Bucket": source.bucket, "Key": key}
        target._client.copy_object(Bucket=target.bucket, Key=key, CopySource=place)
    return target


def new_warehouse(server: PostgresServer, name: str) -> str:
    """Make a warehouse in which nothing is; returns its libpq connection string."""
    return _copy_made(server, "migrated", migrate, name)


def new_chain(server: PostgresServer, name: str, **size: int) -> str:
    """Make a sample chain of a size; returns its libpq connection string."""
    pattern = "_".join(("chain", *map(str, size.values())))
    return _copy_made(server, pattern, partial(sample_chain.generate, **size), name)


def _copy_made(server: PostgresServer, pattern: str, make: Callable[[str], Any], name: str) -> str:
    """Copy a database that is made where there is none yet."""
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [pattern])
        is_made = cursor.fetchone()
    if not is_made:
        server.create_database(pattern)
        make(server.dsn(pattern))
    return copy_database(server, server.dsn(pattern), name)


def new_stores(server: PostgresServer, s3: S3Server, name: str, source: str, network: Network = MAINNET) -> Pipeline:
    """A pipeline over a Stacks database with a warehouse and buckets of that name, for as long as the run lasts."""
    return Pipeline(source, new_warehouse(server, f"{name}_warehouse"), *_new_buckets(s3, name), network=network)


def copy_stores(server: PostgresServer, s3: S3Server, pattern: Pipeline, name: str) -> Pipeline:
    """A pipeline of that name that begins where another one stands."""
    warehouse = copy_database(server, pattern.warehouse_dsn, f"{name}_warehouse")
    archive, public = map(copy_objects, (pattern.archive, pattern.public), _new_buckets(s3, name))
    return replace(pattern, warehouse_dsn=warehouse, archive=archive, public=public)


def _new_buckets(s3: S3Server, name: str) -> list[ObjectStore]:
    names = [f"{name.replace('_', '-')}-{purpose}" for purpose in ("private", "public")]
    for bucket in names:
        s3.create_bucket(bucket)
    return [ObjectStore(s3.client(), bucket) for bucket in names]
