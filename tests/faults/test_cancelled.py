"""A database that ends what it was asked: a statement that takes too long, a replica that has to go on."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import parse_dsn

from scripts.local import sample_chain, unprivileged
from scripts.local.postgres import SUPERUSER, PostgresServer
from scripts.local.postgres_programs import binaries
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import source
from stacks_dataverse.runners import land
from stacks_dataverse.stores import warehouse
from tests.faults.conftest import DAY, RunningDay
from tests.faults.moments import Moment, at, wait_until
from tests.faults.reader import Reader
from tests.support.pipeline import Pipeline
from tests.support.servers import free_port

pytestmark = pytest.mark.slow

REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s"


@contextmanager
def locked(dsn: str, table: str, mode: str) -> Iterator[None]:
    """Hold a lock on a table, for which others wait."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield


@pytest.mark.parametrize("setting", ["statement_timeout", "lock_timeout"])
@pytest.mark.parametrize(
    ("step", "table"), [(Pipeline.build, "stx_balance_changes"), (Pipeline.finish, "daily_balances")]
)
def test_a_statement_of_the_warehouse_takes_too_long(
    setting: str, step: Any, table: str, running_day: RunningDay, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = running_day.pipeline
    pipeline.land(DAY)
    if step is Pipeline.finish:
        pipeline.build(DAY)
    # Others may go on reading, but not write.
    with locked(pipeline.warehouse_dsn, table, "SHARE"), monkeypatch.context() as patched:
        patched.setitem(warehouse.SETTINGS, setting, "300ms")
        message = running_day.fails(Retryable, lambda: step(pipeline, DAY))
    assert "warehouse_db at 127.0.0.1" in message
    assert f"due to {setting.replace('_', ' ')[:-3]}" in message
    running_day.ends_right()


@pytest.fixture
def own_chain(postgres_server: PostgresServer, chain: str) -> Iterator[str]:
    """A copy of the chain that a test may lock."""
    name = "locked_chain"
    with postgres_server.connect() as connection:
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE faulty_chain OWNER faulty_chain")
    yield postgres_server.dsn(name, "faulty_chain")
    postgres_server.drop_database(name)


def test_a_statement_of_the_source_takes_too_long(
    running_day: RunningDay, reader: Reader, own_chain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "stacks_blockchain_api.contract_logs"
    with locked(own_chain, table, "ACCESS EXCLUSIVE"), monkeypatch.context() as patched:
        patched.setitem(source.SESSION, "statement_timeout", "300ms")
        message = running_day.fails(Retryable, lambda: running_day.through(stacks_dsn=own_chain).run(DAY))
    assert "stacks_db at 127.0.0.1" in message
    assert "due to statement timeout" in message
    assert running_day.has_not_changed()
    running_day.ends_right()


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL with a chain, for a replica to follow."""
    server = PostgresServer(tmp_path_factory.mktemp("primary"), free_port())
    server.start()
    server.create_database("stacks")
    sample_chain.generate(server.dsn("stacks"), days=3, txs_per_day=200)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def replica(primary: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A hot standby that lets no reader hold it up."""
    server = PostgresServer(tmp_path_factory.mktemp("replica"), free_port())
    (server.home / "secrets.json").write_bytes((primary.home / "secrets.json").read_bytes())
    server.data.mkdir(parents=True)
    server.data.chmod(0o700)
    unprivileged.own(server.data)
    target = primary.parameters("postgres", SUPERUSER)
    copying = [str(binaries() / "pg_basebackup"), "-D", str(server.data), "-R", "-c", "fast"]
    copying += ["-h", target["host"], "-p", str(primary.port), "-U", SUPERUSER]
    command, options = unprivileged.wrap(copying, [binaries() / "pg_basebackup", server.data])
    subprocess.run(command, check=True, env=os.environ | {"PGPASSWORD": target["password"]}, cwd="/", **options)
    with Path(server.data, "postgresql.auto.conf").open("a") as settings:
        settings.write("max_standby_streaming_delay = 0\nhot_standby_feedback = off\n")
    server.start()
    yield server
    server.stop()


def follow(primary: Connection, replica: Connection) -> None:
    """Wait until the replica has replayed all that the primary did."""
    with primary.cursor() as leading, replica.cursor() as following:
        leading.execute("SELECT pg_current_wal_lsn()")
        (reached,) = leading.fetchone()

        def has_followed() -> bool:
            following.execute(REPLAYED, [reached])
            return following.fetchone()[0]

        wait_until(has_followed, "the replica has followed")


def test_a_replica_cancels_the_read(
    running_day: RunningDay, reader: Reader, primary: PostgresServer, replica: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Rows that the read may still see are cleaned up on the primary: the replica follows, the read has to go."""

    def clean_up() -> None:
        with primary.connect("stacks") as leading, replica.connect("stacks") as following:
            leading.cursor().execute("CREATE TABLE passing AS SELECT generate_series(1, 1000) AS n")
            leading.cursor().execute("DELETE FROM passing")
            leading.cursor().execute("UPDATE stacks_blockchain_api.chain_tip SET block_height = block_height")
            leading.cursor().execute("VACUUM stacks_blockchain_api.chain_tip, passing")
            follow(leading, following)

    running_day.pipeline.land(DAY)
    pipeline = running_day.through(stacks_dsn=replica.dsn("stacks"))
    of_transactions = Moment(land, "land_table", concern=lambda _, __, ___, table, *____: table == "txs")
    with monkeypatch.context() as patched:
        come = at(of_transactions, clean_up, patched)
        message = running_day.fails(Retryable, lambda: pipeline.land(DAY))
    assert come
    assert "conflict with recovery" in message
    assert f"stacks_db at 127.0.0.1:{parse_dsn(pipeline.stacks_dsn)['port']}/stacks" in message
    pipeline.land(DAY)
    running_day.ends_right()
