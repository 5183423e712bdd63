"""The roles and databases that docs/aws.md has an operator make, made on a real PostgreSQL."""

import os
import subprocess
from collections.abc import Iterator

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from scripts.local.postgres import SUPERUSER, PostgresServer
from scripts.local.postgres_programs import binaries
from tests.conftest import NUMBERS
from tests.ops.deploy.conftest import ROOT

# What a test gives for a password.
GIVEN = "of-a-test"


def execute(dsn: str, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    for statement in statements:
        connection.cursor().execute(statement)
    connection.close()


def apply(dsn: str, script: str, **variables: str) -> None:
    """Run one of the files of scripts/aws as the document says."""
    options = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
    file = str(ROOT / "scripts" / "aws" / script)
    command = [str(binaries() / "psql"), dsn, "-q", "-v", "ON_ERROR_STOP=1", *options, "-f", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def chain(postgres_server: PostgresServer) -> Iterator[str]:
    """A Stacks database of the layout of version 9, as its owner; with the reader."""
    name = f"chain_{next(NUMBERS)}"
    postgres_server.create_database(name)
    owner = postgres_server.dsn(name)
    execute(owner, "CREATE SCHEMA stacks_blockchain_api", "CREATE TABLE stacks_blockchain_api.blocks (height int)")
    superuser = make_dsn(postgres_server.dsn("postgres", SUPERUSER), dbname=name)
    apply(superuser, "stacks_reader.sql", password=GIVEN)
    yield owner
    postgres_server.drop_database(name)
    execute(make_dsn(superuser, dbname="postgres"), "DROP ROLE dataverse_reader")


def test_the_reader_reads_and_cannot_write(chain: str) -> None:
    execute(chain, "CREATE TABLE stacks_blockchain_api.later (height int)")
    reader = make_dsn(chain, user="dataverse_reader", password=GIVEN)
    execute(reader, "SELECT * FROM stacks_blockchain_api.blocks, stacks_blockchain_api.later")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(
            reader, "SET default_transaction_read_only = off", "INSERT INTO stacks_blockchain_api.blocks VALUES (1)"
        )


def test_each_role_owns_its_database_and_reaches_no_other(postgres_server: PostgresServer) -> None:
    superuser = postgres_server.dsn("postgres", SUPERUSER)
    execute(superuser, "CREATE ROLE master LOGIN CREATEDB CREATEROLE PASSWORD '" + GIVEN + "'")
    roles = {"airflow": "for-airflow", "warehouse": "for-warehouse"}
    try:
        apply(make_dsn(superuser, user="master", password=GIVEN), "databases.sql", **roles, reader=GIVEN)
        for role, word in roles.items():
            own = make_dsn(superuser, dbname=role, user=role, password=word)
            execute(own, "CREATE TABLE made (a int)")
            other = next(name for name in roles if name != role)
            with pytest.raises(psycopg2.OperationalError, match="permission denied"):
                psycopg2.connect(make_dsn(own, dbname=other))
        reader = make_dsn(superuser, dbname="warehouse", user="warehouse_reader", password=GIVEN)
        execute(reader, "SELECT * FROM made")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            execute(reader, "INSERT INTO made VALUES (1)")
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            psycopg2.connect(make_dsn(reader, dbname="airflow"))
    finally:
        execute(superuser, *(f"DROP DATABASE IF EXISTS {role}" for role in roles))
        execute(superuser, *(f"DROP ROLE IF EXISTS {role}" for role in (*roles, "warehouse_reader", "master")))
