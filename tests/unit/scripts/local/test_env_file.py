"""The env file of the image, as the local stack reads it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from psycopg2.extensions import parse_dsn

from scripts.local import env_file, settings, vendor_keys
from scripts.local.errors import StackError

URI = "postgres://reader:p%40ss@db.example:5433/stacks?sslmode=require"
JSON = (
    '{"conn_type": "postgres", "host": "db.example", "port": 5433, "login": "reader", "password": "p@ss", '
    '"schema": "stacks", "extra": {"sslmode": "require"}}'
)
KEY = "a-paid-key"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A=1\nB=2", {"A": "1", "B": "2"}, id="lines"),
        pytest.param("# A=1\n\n  # B=2\n", {}, id="comments"),
        pytest.param("A='x y' # z", {"A": "'x y' # z"}, id="a value as it stands"),
        pytest.param("A=b=c", {"A": "b=c"}, id="an equals sign in a value"),
        pytest.param("A=", {"A": ""}, id="an empty value"),
        pytest.param("  A=1", {"A": "1"}, id="indented"),
        pytest.param("A=1\nA=2", {"A": "2"}, id="the last one wins"),
        pytest.param("HOME\nNOT_THERE", {"HOME": "/home/me"}, id="a name alone"),
    ],
)
def test_it_is_read_as_docker_reads_it(tmp_path: Path, text: str, expected: Mapping[str, str]) -> None:
    file = tmp_path / "env.list"
    file.write_text(text)
    assert env_file.read(file, {"HOME": "/home/me"}) == expected


@pytest.mark.parametrize("line", ["=secret", "export A=secret", "A =secret"])
def test_a_line_that_is_neither_is_named_without_what_it_holds(tmp_path: Path, line: str) -> None:
    file = tmp_path / "env.list"
    file.write_text(f"A=1\n{line}")
    with pytest.raises(StackError, match="Line 2 of") as refused:
        env_file.read(file)
    assert "secret" not in str(refused.value)


def test_without_a_file_there_is_nothing() -> None:
    assert env_file.read(None) == {}


@pytest.mark.parametrize("connection", [URI, JSON], ids=["URI", "JSON"])
def test_the_stacks_database(connection: str) -> None:
    uri = env_file.stacks_db({"AIRFLOW_CONN_STACKS_DB": connection})
    assert uri.startswith(("postgres://", "postgresql://"))
    assert parse_dsn(uri) == {
        "user": "reader", "password": "p@ss", "host": "db.example", "port": "5433", "dbname": "stacks",
        "sslmode": "require",
    }  # fmt: skip
    assert env_file.stacks_db({}) is None


def test_a_connection_that_is_none() -> None:
    with pytest.raises(StackError, match="AIRFLOW_CONN_STACKS_DB is neither a URI nor a JSON object"):
        env_file.stacks_db({"AIRFLOW_CONN_STACKS_DB": "{oops"})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({}, {}, id="no vendors"),
        pytest.param({"LUNARCRUSH_API_KEY": KEY}, {"LUNARCRUSH_API_KEY": KEY}, id="a key by its own name"),
        pytest.param(
            {"AIRFLOW_CONN_CRYPTOCOMPARE": f'{{"password": "{KEY}", "extra": {{"flavour": "min_api"}}}}'},
            {"CRYPTOCOMPARE_API_KEY": KEY, "CRYPTOCOMPARE_FLAVOUR": "min_api"},
            id="a connection",
        ),
        pytest.param(
            {"AIRFLOW_CONN_CRYPTOCOMPARE": f'{{"password": "{KEY}", "extra": "{{\\"flavour\\": \\"min_api\\"}}"}}'},
            {"CRYPTOCOMPARE_API_KEY": KEY, "CRYPTOCOMPARE_FLAVOUR": "min_api"},
            id="with extras as text",
        ),
        pytest.param(
            {"AIRFLOW_CONN_LUNARCRUSH": f"http://:{KEY}@"}, {"LUNARCRUSH_API_KEY": KEY}, id="a connection's URI"
        ),
    ],
)
def test_vendors(values: Mapping[str, str], expected: Mapping[str, str]) -> None:
    assert env_file.vendors(values) == expected
    assert set(expected) <= set(vendor_keys.VARIABLES)


def test_variables_but_not_where_the_data_goes() -> None:
    values = {
        "AIRFLOW_VAR_SETTLE_HOURS": "5",
        "AIRFLOW_VAR_PUBLIC_BUCKET": "somebodys",
        "AIRFLOW_VAR_CDN_DISTRIBUTION_ID": "E1",
        "AIRFLOW_VAR_NETWORK": "testnet",
    }
    assert env_file.variables(values, own_chain=True) == {"settle_hours": "5", "network": "testnet"}
    assert env_file.variables(values, own_chain=False) == {"settle_hours": "5"}


def test_it_says_what_it_takes_and_never_a_value() -> None:
    values = {
        "AIRFLOW_CONN_STACKS_DB": URI,
        "AIRFLOW_CONN_WAREHOUSE_DB": "postgres://w:secret@db/warehouse",
        "AIRFLOW__CORE__FERNET_KEY": "secret",
        "AIRFLOW_VAR_SETTLE_HOURS": "5",
        "LUNARCRUSH_API_KEY": "",
    }
    said = env_file.described(Path("env.list"), values)
    assert said == (
        "env.list: used AIRFLOW_CONN_STACKS_DB, AIRFLOW_VAR_SETTLE_HOURS\n"
        "  ignored, because the stack sets them: "
        "AIRFLOW_CONN_WAREHOUSE_DB, AIRFLOW__CORE__FERNET_KEY, LUNARCRUSH_API_KEY"
    )


def test_which_file_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.touch()
    assert settings.read({"DATAVERSE_ENV_FILE": str(file)}).env_file == file
    assert settings.read({"DATAVERSE_ENV_FILE": ""}).env_file is None
    with pytest.raises(StackError, match="does not exist"):
        settings.read({"DATAVERSE_ENV_FILE": str(tmp_path / "other")})
