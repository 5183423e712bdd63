"""A dump takes the place of the Stacks database whole, or not at all."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from scripts.local import stacks_database
from scripts.local.connections import foreign, variables
from scripts.local.errors import StackError
from scripts.local.sample_chain import NETWORK
from scripts.local.settings import Settings
from scripts.local.stack import Stack
from scripts.local.stacks_uri import read_only
from stacks_dataverse.network import MAINNET, TESTNET, Network
from stacks_dataverse.postgres import connect
from tests.support.servers import free_port_base

GOOD = "CREATE SCHEMA chain; CREATE TABLE chain.blocks AS SELECT 7 AS block_height, true AS canonical;"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(Settings(tmp_path_factory.mktemp("a stack"), free_port_base()))
    stack.start_postgres()
    yield stack
    stack.postgres.stop()


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return tmp_path / "a dump.sql.gz"


def heights(stack: Stack) -> list[tuple]:
    with psycopg2.connect(stack.postgres.dsn("stacks")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT block_height FROM blocks")
        return cursor.fetchall()


def load(stack: Stack, dump: Path, statements: str) -> str:
    dump.write_bytes(gzip.compress(statements.encode()))
    return stacks_database.load_dump(stack, dump, "testnet")


def test_a_dump_replaces_the_database_while_others_are_connected(stack: Stack, dump: Path) -> None:
    reader = psycopg2.connect(stack.postgres.dsn("stacks"))
    assert load(stack, dump, GOOD) == "chain"
    assert heights(stack) == [(7,)]
    reader.close()


@pytest.mark.parametrize(
    ("statements", "complaint"),
    [
        pytest.param("SELEC 1;", "syntax error", id="an error at once"),
        pytest.param(GOOD + "SELECT 1 / 0;", "division by zero", id="an error after the tables"),
        pytest.param("CREATE TABLE other (n int);", "no table `blocks`", id="another kind of database"),
    ],
)
def test_a_bad_dump_leaves_the_old_database(stack: Stack, dump: Path, statements: str, complaint: str) -> None:
    load(stack, dump, GOOD)
    with pytest.raises(StackError, match=complaint):
        load(stack, dump, statements)
    assert heights(stack) == [(7,)]


def test_half_a_file_leaves_the_old_database(stack: Stack, dump: Path) -> None:
    load(stack, dump, GOOD)
    dump.write_bytes(gzip.compress(GOOD.encode())[:-20])
    with pytest.raises(StackError, match="not a complete gzip file"):
        stacks_database.load_dump(stack, dump, "mainnet")
    assert heights(stack) == [(7,)]
    assert stack.choices.get("network") == "testnet"


def test_ones_own_database_is_checked_and_read_only(stack: Stack, dump: Path) -> None:
    load(stack, dump, GOOD)
    target = stack.postgres.parameters("stacks")
    uri = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**target)
    with pytest.raises(StackError, match="cannot be reached"):
        stacks_database.use(stack, uri.replace(target["password"], "wrong"), "mainnet")
    assert stack.secrets.get("stacks_db_uri") is None
    assert "chain tip 7" in stacks_database.use(stack, uri, "mainnet")
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        _write_through(uri)
    stacks_database.use(stack, "local", "mainnet")
    assert stack.secrets.get("stacks_db_uri") is None


def test_a_database_on_several_hosts_is_used_and_reached_as_tasks_reach_it(stack: Stack, dump: Path) -> None:
    load(stack, dump, GOOD)
    target = stack.postgres.parameters("stacks")
    uri = (
        "postgresql://{user}:{password}@127.0.0.1:1,{host}:{port}/{dbname}?target_session_attrs=any&connect_timeout=5"
    ).format(**target)
    assert "chain tip 7" in stacks_database.use(stack, uri, "mainnet")
    fields = foreign(uri)
    dsn = make_dsn(user=fields["login"], password=fields["password"], dbname=fields["schema"], host=fields["host"],
                   **json.loads(fields["extra"]))  # fmt: skip
    with connect("stacks_db", dsn, {}) as session:
        assert session.scalar("SELECT block_height FROM chain.blocks") == 7
    stacks_database.use(stack, "local", "mainnet")


def test_a_database_that_cannot_be_used_leaves_the_one_in_use(stack: Stack, dump: Path) -> None:
    load(stack, dump, GOOD)
    target = stack.postgres.parameters("stacks")
    uri = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**target)
    stacks_database.use(stack, uri, "mainnet")
    for bad in (uri.replace("@", "@x@"), f"{uri}?sslmode=nonsense", uri.replace("/stacks", "/postgres")):
        with pytest.raises(StackError) as caught:
            stacks_database.use(stack, bad, "testnet")
        assert target["password"] not in str(caught.value)
    assert stack.secrets.get("stacks_db_uri") == uri
    assert stack.choices.get("stacks_db_network") == "mainnet"
    stacks_database.use(stack, "local", "mainnet")


def _write_through(uri: str) -> None:
    with psycopg2.connect(**read_only(uri)) as connection:
        connection.cursor().execute("CREATE TABLE no (n int)")


def test_each_network_has_its_heights() -> None:
    found = {name: Network.parse(variables(name, "dump")[0]["network"]) for name in ("mainnet", "testnet", "sample")}
    assert found == {"mainnet": MAINNET, "testnet": TESTNET, "sample": NETWORK}
