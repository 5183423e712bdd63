"""kill -9 of PostgreSQL and of the S3 server under a running day; they are started again, and so is the day."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.processes import Background
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.errors import Retryable
from stacks_dataverse.runners import build, publish
from stacks_dataverse.stores import upload
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.conftest import DAY, Outcome, RunningDay, copy_of, new_eve
from tests.faults.disks import fill
from tests.faults.moments import Moment, at
from tests.faults.reader import reading
from tests.support.pipeline import Pipeline
from tests.support.servers import free_port

pytestmark = pytest.mark.slow

FIGURES = {table.name for table in catalog.tables(Kind.FIGURE)}

POSTGRES_MOMENTS = {
    "while facts are written": Moment(Warehouse, "replace_day", 5),
    "before the commit of a build": Moment(build, "_record_day"),
    "while figures are written": Moment(Warehouse, "replace_day", 3, lambda _, table, *__: table in FIGURES),
    "before the day is noted as published": Moment(
        Warehouse, "execute", concern=lambda _, sql, **__: sql == publish.PUBLISHED_SQL
    ),
}
S3_MOMENTS = {
    "while a table lands": Moment(upload.Sink, "write", 12),
    "before the manifest": Moment(ObjectStore, "put_json", concern=lambda _, key, __: key.endswith(f"{DAY}.json")),
    "while raw files are read": Moment(ObjectStore, "_fetch", 4),
    "among the public objects": Moment(ObjectStore, "put", 5, lambda _, key, *__: key.endswith(".gz")),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of servers that may be killed."""
    return tmp_path_factory.mktemp("mortal")


@pytest.fixture(scope="module")
def postgres(home: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that may be killed."""
    server = PostgresServer(home, free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def s3(home: Path) -> Iterator[S3Server]:
    """An S3 server that may be killed."""
    server = S3Server(home, free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mortal_eve(chain: str, postgres: PostgresServer, s3: S3Server) -> Pipeline:
    """The first two days on servers that may be killed."""
    return new_eve(chain, postgres, s3)


@pytest.fixture
def mortal_day(
    mortal_eve: Pipeline, outcomes: tuple[Outcome, Outcome], postgres: PostgresServer, s3: S3Server
) -> RunningDay:
    """The eve of the third day on servers that may be killed."""
    return RunningDay(copy_of(mortal_eve, postgres, s3), *outcomes)


@pytest.fixture
def wal_disk(mortal_day: RunningDay, small_disk: Callable[[str], Path], postgres: PostgresServer) -> Iterator[Path]:
    """Move the write-ahead log of the server to a small disk; returns where that is."""
    place, log = small_disk("256m"), postgres.data / "pg_wal"
    postgres.stop()
    move(log, place / "log")
    log.symlink_to(place / "log")
    postgres.start()
    yield place
    postgres.stop()
    log.unlink()
    move(place / "log", log)
    postgres.start()


def move(source: Path, target: Path) -> None:
    """Move a folder to another disk; its files stay whose they are."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    shutil.rmtree(source)


def use_up(postgres: PostgresServer) -> None:
    """Write to the log until the server ends itself, because there is no room for more."""
    with suppress(psycopg2.OperationalError), postgres.connect() as connection, connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_logical_emit_message(false, '', repeat('x', 8 * 1024 * 1024))")


def kill(home: Path, name: str) -> None:
    """kill -9 of a server, by the process on record, if it has not ended by itself."""
    if process := Background(name, home, marker="").find():
        process.kill()
        process.wait()


@pytest.mark.parametrize("moment", POSTGRES_MOMENTS.values(), ids=POSTGRES_MOMENTS)
def test_postgres_is_killed(
    moment: Moment, mortal_day: RunningDay, postgres: PostgresServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(mortal_day.pipeline, DAY):
        with monkeypatch.context() as patched:
            come = at(moment, lambda: kill(home, "postgres"), patched)
            message = mortal_day.fails(Retryable, lambda: mortal_day.pipeline.run(DAY))
        assert come
        assert f"warehouse_db at 127.0.0.1:{postgres.port}" in message
        assert "check that the server is running" in message
        again = mortal_day.fails(Retryable, lambda: mortal_day.pipeline.build(DAY))
        assert "Connection refused" in again
        postgres.start()
        mortal_day.ends_right()


@pytest.mark.parametrize("moment", S3_MOMENTS.values(), ids=S3_MOMENTS)
def test_the_object_store_is_killed(
    moment: Moment, mortal_day: RunningDay, s3: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(mortal_day.pipeline, DAY):
        with monkeypatch.context() as patched:
            come = at(moment, lambda: kill(home, "s3"), patched)
            message = mortal_day.fails(Retryable, lambda: mortal_day.pipeline.run(DAY))
        assert come
        assert f"s3://{mortal_day.pipeline.archive.bucket[:-8]}" in message
        assert "check that the service is running and reachable" in message
        s3.start()
        mortal_day.ends_right(unseen_uploads=mortal_day.uploads())


def test_no_room_for_the_write_ahead_log(
    wal_disk: Path, mortal_day: RunningDay, postgres: PostgresServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends itself then, and every session with it; it cannot start again until there is room."""
    with reading(mortal_day.pipeline, DAY):
        with monkeypatch.context() as patched:
            moment = POSTGRES_MOMENTS["before the commit of a build"]
            come = at(moment, lambda: (fill(wal_disk), use_up(postgres)), patched)
            message = mortal_day.fails(Retryable, lambda: mortal_day.pipeline.run(DAY))
        assert come
        assert f"warehouse_db at 127.0.0.1:{postgres.port}" in message
        (wal_disk / "ballast").unlink()
        kill(home, "postgres")
        postgres.start()
        mortal_day.ends_right()
