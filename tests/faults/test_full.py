"""A full disk and a full bucket: a clear Terminal that says where to make room, and the next run ends right."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg2 import sql
from psycopg2.extensions import parse_dsn

from scripts.local import unprivileged
from scripts.local.postgres import PostgresServer
from stacks_dataverse.errors import Terminal
from tests.faults.conftest import DAY, RunningDay
from tests.faults.disks import fill
from tests.faults.reader import Reader
from tests.faults.s3 import FaultyS3
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow


@pytest.fixture
def tablespace(
    running_day: RunningDay, small_disk: Callable[[str], Path], postgres_server: PostgresServer
) -> Iterator[Path]:
    """Move the warehouse to a disk of 64 MB; returns where that is."""
    place, database = small_disk("64m"), parse_dsn(running_day.pipeline.warehouse_dsn)["dbname"]
    folder = place / "warehouse"
    folder.mkdir()
    unprivileged.own(folder)
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLESPACE small LOCATION %s", [str(folder)])
        cursor.execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE small").format(sql.Identifier(database)))
    yield place
    postgres_server.drop_database(database)
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLESPACE small")


@pytest.mark.parametrize("step", ["land", "build"])
def test_no_room_for_raw_files(
    step: str, running_day: RunningDay, small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Landing reads what it has landed, to check it."""
    running_day.pipeline.land(DAY)
    disk = small_disk("64k")
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(disk))
        message = running_day.fails(Terminal, lambda: getattr(running_day.pipeline, step)(DAY))
    assert f"reading s3://{running_day.pipeline.archive.bucket}/raw/stacks/" in message
    assert "Free space on the worker's temporary disk (TMPDIR)" in message
    assert os.listdir(disk) == []
    assert running_day.has_not_changed()
    running_day.ends_right()


def test_no_room_even_for_a_folder(
    running_day: RunningDay, small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    running_day.pipeline.land(DAY)
    disk = small_disk("64k,nr_inodes=2")
    (disk / "last").touch()
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(disk))
        message = running_day.fails(Terminal, lambda: running_day.pipeline.build(DAY))
    assert "Free space on the worker's temporary disk (TMPDIR)" in message


def test_no_room_in_the_warehouse(tablespace: Path, running_day: RunningDay, reader: Reader) -> None:
    running_day.pipeline.land(DAY)
    ballast = fill(tablespace)
    message = running_day.fails(Terminal, lambda: running_day.pipeline.build(DAY))
    assert "No space left on device" in message
    assert "Free space on the disk of the database server" in message
    assert running_day.has_not_changed()
    ballast.unlink()
    running_day.ends_right()


@pytest.mark.parametrize(
    ("step", "words", "status", "code"),
    [
        pytest.param(Pipeline.land, "/txs/", 403, "QuotaExceeded", id="the archive, as Ceph says it"),
        pytest.param(Pipeline.land, "/txs/", 400, "XMinioAdminBucketQuotaExceeded", id="the archive, as MinIO says it"),
        pytest.param(Pipeline.finish, "latest", 507, "XMinioStorageFull", id="MinIO's disks"),
        pytest.param(Pipeline.finish, "latest", 403, "QuotaExceeded", id="the public bucket, as Ceph says it"),
    ],
)
def test_the_bucket_is_full(
    step: Callable[[Pipeline, str], object], words: str, status: int, code: str,
    running_day: RunningDay, reader: Reader, bad_s3: FaultyS3,
) -> None:  # fmt: skip
    if step is Pipeline.finish:
        running_day.pipeline.land(DAY)
        running_day.pipeline.build(DAY)
    full = bad_s3.answer(status, code, "No more room", matching=lambda method, path: method == "PUT" and words in path)
    message = running_day.fails(Terminal, lambda: step(running_day.at(bad_s3.endpoint), DAY))
    assert full.happened
    assert "writing s3://" in message
    assert words in message
    assert "The bucket has reached its quota. Raise the quota or free space" in message
    running_day.ends_right()
