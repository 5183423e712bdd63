"""kill -9 of PostgreSQL and of the S3 server under a running day; they are started again, and so is the day."""

from collections.abc import Iterator
from pathlib import Path

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


def kill(home: Path, name: str) -> None:
    """kill -9 of a server, by the process on record."""
    process = Background(name, home, marker="").find()
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
