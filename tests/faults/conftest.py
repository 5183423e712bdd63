"""A sample chain of three days: two are loaded and published, the third is the running day of each test."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pandas  # noqa: F401  pyarrow imports it at its first scalar, in each process of a run: a second.
import psycopg2
import pytest
import smart_open.s3
from botocore.config import Config
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import parse_dsn

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from stacks_dataverse import catalog
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from tests.conftest import NUMBERS
from tests.faults.disks import small_disk as small_disk
from tests.faults.moments import wait_until
from tests.faults.reader import READER, Reader, reading
from tests.faults.s3 import FaultyS3, faulty_s3
from tests.support.pipeline import UNCOMPARED, Pipeline

EARLIER, DAY = ("2024-10-28", "2024-10-29"), "2024-10-30"
OWNER = "eve"

OPEN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
          AND application_name <> %s
"""

# Time-outs of seconds where production has minutes.
IMPATIENT = Config(
    retries={"max_attempts": 2}, connect_timeout=2, read_timeout=2, proxies={}, s3={"addressing_style": "path"}
)


@dataclass(frozen=True)
class Outcome:
    """All that there is to see after a day: the warehouse, the public objects, the manifest of raw files."""

    content: dict[str, Any]
    published: dict[str, Any]
    raw: dict[str, Any]

    @classmethod
    def of(cls, pipeline: Pipeline) -> "Outcome":
        """The present one."""
        manifest = pipeline.archive.get_json(f"raw/stacks/_manifest/day={DAY}.json") or {"tables": {}}
        return cls(_content(pipeline.warehouse_dsn), pipeline.published(), manifest["tables"])


@dataclass
class RunningDay:
    """A pipeline on the eve of its third day, who reads it meanwhile, and what an undisturbed day comes to."""

    pipeline: Pipeline
    before: Outcome
    after: Outcome

    def through(self, **parts: Any) -> Pipeline:
        """The same pipeline by other ways: parts of it are replaced."""
        return replace(self.pipeline, **parts)

    def at(self, endpoint: str) -> Pipeline:
        """The same pipeline with its buckets behind another address."""
        return self.through(archive=self.archive_at(endpoint), public=self.public_at(endpoint))

    def archive_at(self, endpoint: str) -> ObjectStore:
        """The private bucket behind another address."""
        return behind(endpoint, self.pipeline.archive)

    def public_at(self, endpoint: str) -> ObjectStore:
        """The public bucket behind another address."""
        return behind(endpoint, self.pipeline.public)

    def fails(self, kind: type[DataverseError], work: Callable[[], Any]) -> str:
        """Do work that fails in just this way, without a secret in what it says; returns that."""
        with pytest.raises(DataverseError) as caught:
            work()
        told = "".join(traceback.format_exception(caught.value))
        assert type(caught.value) is kind, told
        secrets = [parse_dsn(dsn)["password"] for dsn in (self.pipeline.stacks_dsn, self.pipeline.warehouse_dsn)]
        secrets.append(self.pipeline.archive._client._request_signer._credentials.secret_key)
        assert not [secret for secret in secrets if secret in told]
        return str(caught.value)

    def has_not_changed(self) -> bool:
        """Whether warehouse and public objects are as on the eve."""
        now = Outcome.of(self.pipeline)
        return (now.content, now.published) == (self.before.content, self.before.published)

    def ends_right(self, unseen_uploads: Sequence[str] = ()) -> None:
        """Run the day once more, undisturbed, and compare with a day that never was disturbed.

        Args:
            unseen_uploads: keys of uploads that nobody could abort any more.
        """
        wait_until(lambda: not open_transactions(self.pipeline.warehouse_dsn), "no transaction is left open")
        self.pipeline.run(DAY)
        now = Outcome.of(self.pipeline)
        assert now.raw == self.after.raw
        assert now.content == self.after.content
        assert now.published == self.after.published
        assert self.uploads() == list(unseen_uploads)

    def uploads(self) -> list[str]:
        """Keys of multipart uploads that were begun, and neither completed nor aborted."""
        stores = (self.pipeline.archive, self.pipeline.public)
        found = [store._client.list_multipart_uploads(Bucket=store.bucket).get("Uploads", ()) for store in stores]
        return [upload["Key"] for uploads in found for upload in uploads]


def open_transactions(dsn: str) -> int:
    """How many sessions of this database, but for the reader's, are in a transaction."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(OPEN_TRANSACTIONS, [READER])
        return cursor.fetchone()[0]


@pytest.fixture(scope="session")
def chain(postgres_server: PostgresServer) -> str:
    """The chain, not to be written to; returns its libpq connection string."""
    postgres_server.create_database("faulty_chain")
    sample_chain.generate(postgres_server.dsn("faulty_chain"), days=3, txs_per_day=200)
    return postgres_server.dsn("faulty_chain")


@pytest.fixture(scope="session")
def eve(chain: str, postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """The first two days, loaded and published: the pattern that each test's pipeline is a copy of."""
    return new_eve(chain, postgres_server, s3_server)


@pytest.fixture(scope="session")
def outcomes(eve: Pipeline, postgres_server: PostgresServer, s3_server: S3Server) -> tuple[Outcome, Outcome]:
    """What there is before and after an undisturbed third day."""
    pipeline = copy_of(eve, postgres_server, s3_server)
    before = Outcome.of(pipeline)
    pipeline.run(DAY)
    return before, Outcome.of(pipeline)


@pytest.fixture
def new_running_day(
    eve: Pipeline, outcomes: tuple[Outcome, Outcome], postgres_server: PostgresServer, s3_server: S3Server
) -> Callable[[], RunningDay]:
    """Make a pipeline of the test's own, on the eve of its third day."""
    return lambda: RunningDay(copy_of(eve, postgres_server, s3_server), *outcomes)


@pytest.fixture
def running_day(new_running_day: Callable[[], RunningDay]) -> RunningDay:
    """The test's one pipeline."""
    return new_running_day()


@pytest.fixture
def reader(running_day: RunningDay) -> Iterator[Reader]:
    """Somebody who reads the running day's pipeline all through the test; fails for what is half-visible."""
    with reading(running_day.pipeline, DAY) as reader:
        yield reader


@pytest.fixture(autouse=True)
def impatient_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    """smart_open tries a server that is away six times; here without ten seconds between."""
    monkeypatch.setattr(smart_open.s3.RETRY, "sleep_seconds", 0.01)


@pytest.fixture
def bad_s3(s3_server: S3Server) -> Iterator[FaultyS3]:
    """An S3 before the real one, that does as it is told."""
    with faulty_s3(s3_server.port) as server:
        yield server


def behind(endpoint: str, store: ObjectStore) -> ObjectStore:
    """The bucket of a store, by a new client and behind another address."""
    keys = store._client._request_signer._credentials
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=store._client.meta.region_name,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=IMPATIENT,
    )
    return ObjectStore(client, store.bucket)


def new_eve(chain: str, server: PostgresServer, s3: S3Server) -> Pipeline:
    """Load and publish the first two days on servers that are new."""
    server.create_database(OWNER)
    migrate(server.dsn(OWNER))
    pipeline = Pipeline(chain, server.dsn(OWNER), *new_buckets(s3, OWNER), network=NETWORK)
    pipeline.run(*EARLIER)
    return pipeline


def copy_of(pattern: Pipeline, server: PostgresServer, s3: S3Server) -> Pipeline:
    """Make a pipeline that begins where another of the same servers stands."""
    name = f"running_{next(NUMBERS)}"
    with server.connect() as connection:
        names = map(sql.Identifier, (name, OWNER, OWNER))
        connection.cursor().execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))
    buckets = new_buckets(s3, name.replace("_", "-"))
    for source, target in zip((pattern.archive, pattern.public), buckets, strict=True):
        for key in source.list_keys():
            place = {"Bucket": source.bucket, "Key": key}
            target._client.copy_object(Bucket=target.bucket, Key=key, CopySource=place)
    return Pipeline(pattern.stacks_dsn, server.dsn(name, OWNER), *buckets, network=pattern.network)


def _content(warehouse_dsn: str) -> dict[str, list[str]]:
    """As `Pipeline.content`, by one connection and as text."""
    with closing(psycopg2.connect(warehouse_dsn)) as connection, connection.cursor() as cursor:
        return {table.name: _rows(cursor, table.name) for table in catalog.TABLES if table.name != "quality_checks"}


def _rows(cursor: Cursor, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    kept = ", ".join(column.name for column in cursor.description if column.name not in UNCOMPARED)
    cursor.execute(f"SELECT ROW ({kept})::text AS row FROM {table} ORDER BY row")
    return [row for (row,) in cursor]


def new_buckets(s3: S3Server, name: str) -> list[ObjectStore]:
    """Make a private and a public bucket."""
    names = [f"{name}-{purpose}" for purpose in ("private", "public")]
    for bucket in names:
        s3.create_bucket(bucket)
    return [ObjectStore(s3.client(), bucket) for bucket in names]
