"""Somebody's own Stacks database as a URI: libpq's syntax is taken whole, and no message repeats a password."""

import json

import pytest
from psycopg2.extensions import parse_dsn

from scripts.local import cli, connections, env_file
from scripts.local.errors import StackError
from scripts.local.stacks_uri import read_only

SECRET = "correct-horse"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        pytest.param("postgresql://reader:pw@a,b/stacks?target_session_attrs=any",
                     {"host": "a,b", "port": ",", "target_session_attrs": "any"}, id="several hosts"),
        pytest.param("postgresql://reader:pw@a:5433,b:5434/stacks", {"host": "a,b", "port": "5433,5434"},
                     id="several hosts and ports"),
        pytest.param("postgresql://reader:pw@[::1]:5433/stacks", {"host": "::1", "port": "5433"}, id="an IPv6 address"),
        pytest.param("postgres://reader:pw@a/stacks?connect_timeout=3", {"host": "a", "connect_timeout": "3"},
                     id="a time-out of one's own"),
    ],
)  # fmt: skip
def test_a_uri_reaches_airflow_whole(uri: str, expected: dict[str, str]) -> None:
    fields = connections.foreign(uri)
    # As `connections.dsn` puts them together: extras stand in for fields of the same name.
    parts = {"host": fields["host"], "port": fields["port"] and str(fields["port"]), **json.loads(fields["extra"])}
    assert parts.items() >= expected.items()
    assert (fields["login"], fields["password"], fields["schema"]) == ("reader", "pw", "stacks")
    assert "default_transaction_read_only=on" in parts["options"]


@pytest.mark.parametrize(
    "uri",
    [
        pytest.param(f"postgresql://reader:{SECRET}@{SECRET}@db/stacks", id="an @"),
        pytest.param(f"postgresql://reader:{SECRET}/{SECRET}@db/stacks", id="a slash"),
        pytest.param(f"postgresql://reader:?{SECRET}@db/stacks", id="a question mark"),
        pytest.param(f"postgresql://reader:#{SECRET}@db/stacks", id="a hash"),
        pytest.param(f"postgresql://reader:%{SECRET}@db/stacks", id="a per cent sign"),
        pytest.param(f"postgresql://reader:{SECRET}/stacks", id="no host"),
        pytest.param(f"host=db password={SECRET}", id="libpq's other form"),
        pytest.param(f"postgresql:/reader:{SECRET}@db/stacks", id="one slash too few"),
        pytest.param(f"mysql://reader:{SECRET}@db/stacks", id="another database"),
        pytest.param(f"postgresql://reader:pw@db/stacks?pasword={SECRET}", id="a mistyped parameter"),
    ],
)
def test_what_may_be_read_in_two_ways_is_refused_without_repeating_it(uri: str) -> None:
    with pytest.raises(StackError, match="is given as postgresql://") as caught:
        read_only(uri)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["URI"], id="the command forgotten"),
        pytest.param(["use-stacks-db", "URI", "URI"], id="twice"),
        pytest.param(["use-stacks-db", "local", "--network", "URI"], id="at the wrong place"),
        pytest.param(["s3", "ls", "URI"], id="of another command"),
        pytest.param(["day", "URI"], id="for a day"),
    ],
)
def test_a_mistyped_command_repeats_no_password(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    uri = f"postgresql://reader:{SECRET}@db.example/stacks"
    with pytest.raises(SystemExit):
        raise SystemExit(cli.main([uri if argument == "URI" else argument for argument in arguments]))
    said = capsys.readouterr()
    assert "postgresql://…" in said.err
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize(
    ("port", "expected"), [("5433", "5433,5433"), ("", "5432,5432")], ids=["a port of both", "the usual port"]
)
def test_the_env_file_may_name_several_hosts(port: str, expected: str) -> None:
    fields = {"conn_type": "postgres", "host": "a,b", "login": "reader", "password": "p@/s", "schema": "stacks"}
    uri = env_file.stacks_db({env_file.STACKS_DB: json.dumps(fields | ({"port": int(port)} if port else {}))})
    parts = parse_dsn(uri)
    assert (parts["host"], parts["port"], parts["password"]) == ("a,b", expected, "p@/s")
    assert read_only(uri)["host"] == "a,b"
