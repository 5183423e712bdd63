"""The servers of the local stack survive being killed, and refuse to be mistaken for others."""

import socket
from collections.abc import Iterator
from pathlib import Path

import boto3
import psutil
import psycopg2
import pytest
from botocore.exceptions import ClientError

from scripts.local.errors import StackError
from scripts.local.ports import HOST
from scripts.local.postgres import PostgresServer
from scripts.local.processes import Background
from scripts.local.s3 import S3Server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a stack")


@pytest.fixture(scope="module")
def postgres(home: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(home, free_port())
    server.start()
    server.create_database("stacks")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def s3(home: Path) -> Iterator[S3Server]:
    server = S3Server(home, free_port())
    server.start()
    server.create_bucket("private")
    yield server
    server.stop()


def test_only_its_user_may_read_what_the_s3_server_keeps(s3: S3Server, home: Path) -> None:
    secret = s3.credentials.secret_key.encode()
    s3.client().put_object(Bucket="private", Key="a", Body=b"something")
    kept = [path for path in (home / "s3").rglob("*") if path.is_file()]
    assert [path.name for path in kept if secret in path.read_bytes()], "it writes down the key of its user"
    assert [path for path in kept if path.stat().st_mode & 0o077] == []
    assert (home / "s3").stat().st_mode & 0o777 == 0o700
    s3.client().delete_object(Bucket="private", Key="a")


def server_process(home: Path, name: str) -> psutil.Process:
    """The process on record under the stack's folder."""
    process = Background(name, home, marker="").find()
    assert process is not None
    return process


def kill(home: Path, name: str) -> None:
    process = server_process(home, name)
    process.kill()
    process.wait()


def query(server: PostgresServer, statement: str) -> list[tuple]:
    with psycopg2.connect(server.dsn("stacks")) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_postgres_keeps_its_rows_when_killed(postgres: PostgresServer, home: Path) -> None:
    query(postgres, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    kill(home, "postgres")
    postgres.start()
    assert query(postgres, "SELECT count(*), current_user FROM kept") == [(1000, "stacks")]


def test_postgres_starts_over_a_lock_file_with_a_reused_pid(postgres: PostgresServer, home: Path) -> None:
    postgres.stop()
    lock = home / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"1\n{home / 'postgres' / 'data'}\n1\n{postgres.port}\n\n127.0.0.1\n\nready\n")
    assert not postgres.is_running()
    postgres.start()
    assert postgres.is_running()


def test_postgres_refuses_a_wrong_password(postgres: PostgresServer) -> None:
    target = postgres.parameters("stacks") | {"password": "wrong"}
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(**target)


def test_another_server_on_the_port_is_not_taken_for_ours(postgres: PostgresServer, tmp_path: Path) -> None:
    other = PostgresServer(tmp_path, postgres.port)
    assert not other.is_running()
    with pytest.raises(StackError, match=rf"Port {postgres.port}.*is used by process \d+ .*postgres"):
        other.start()
    with pytest.raises(StackError, match="is not running"):
        other.create_database("stacks")


def test_starting_twice_keeps_the_running_server(postgres: PostgresServer, home: Path) -> None:
    before = server_process(home, "postgres")
    postgres.start()
    assert server_process(home, "postgres") == before


def test_secrets_are_for_their_owner_only(postgres: PostgresServer, home: Path) -> None:
    assert (home / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_s3_keeps_its_objects_when_killed(s3: S3Server, home: Path) -> None:
    s3.client().put_object(Bucket="private", Key="raw/a b.parquet", Body=b"kept")
    kill(home, "s3")
    s3.start()
    assert s3.client().get_object(Bucket="private", Key="raw/a b.parquet")["Body"].read() == b"kept"
    assert [item["Key"] for item in s3.objects("private")] == ["raw/a b.parquet"]


def test_s3_keeps_its_keys_when_killed(s3: S3Server, home: Path) -> None:
    before = s3.credentials
    kill(home, "s3")
    s3.start()
    assert s3.credentials == before


def test_s3_refuses_a_wrong_signature(s3: S3Server) -> None:
    stranger = boto3.client(
        "s3",
        endpoint_url=s3.endpoint,
        region_name="us-east-1",
        aws_access_key_id=s3.credentials.access_key,
        aws_secret_access_key="wrong",
    )
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        stranger.list_objects_v2(Bucket="private")


def test_an_emptied_bucket_is_empty(s3: S3Server) -> None:
    s3.create_bucket("public")
    s3.client().put_object(Bucket="public", Key="latest.json", Body=b"{}")
    s3.empty_bucket("public")
    assert list(s3.objects("public")) == []
