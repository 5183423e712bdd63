"""What `local.sh up` takes over from the env file, and gives back when it is no longer there."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.local import sources, vendor_keys
from scripts.local.errors import StackError
from scripts.local.settings import Settings
from scripts.local.stack import Stack

KEY = "a-paid-key"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    for name in vendor_keys.VARIABLES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return Stack(Settings(tmp_path / "home", 20_000, tmp_path / "env.list"))


def take(stack: Stack, **values: str) -> None:
    stack.settings.env_file.write_text("\n".join(f"{name}={value}" for name, value in values.items()))
    sources.take(stack)


def test_a_stacks_database_is_looked_at_and_kept_until_the_file_names_none(
    stack: Stack, sample: str, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = as_uri(sample)
    take(stack, AIRFLOW_CONN_STACKS_DB=uri, AIRFLOW_VAR_SETTLE_HOURS="5")
    assert stack.secrets.get("stacks_db_uri") == uri
    said = capsys.readouterr().out
    assert "In use, read-only: schema stacks_blockchain_api" in said
    assert uri not in said
    take(stack)
    assert stack.secrets.get("stacks_db_uri") is None


def test_a_database_chosen_by_hand_stays(stack: Stack) -> None:
    stack.secrets.put("stacks_db_uri", "postgresql://by-hand")
    take(stack)
    assert stack.secrets.get("stacks_db_uri") == "postgresql://by-hand"


def test_a_database_that_cannot_be_reached_is_named_by_its_variable(stack: Stack) -> None:
    with pytest.raises(StackError, match=r"AIRFLOW_CONN_STACKS_DB of .*env.list: The Stacks database cannot be"):
        take(stack, AIRFLOW_CONN_STACKS_DB="postgres://reader:password@127.0.0.1:1/stacks")


def test_vendors_keys_are_taken_unless_the_environment_has_others(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUNARCRUSH_API_KEY", "from-the-environment")
    take(stack, CRYPTOCOMPARE_API_KEY=KEY, LUNARCRUSH_API_KEY="from-the-file")
    vendor_keys.remember(stack.secrets, os.environ)
    assert stack.secrets.get("cryptocompare_api_key") == KEY
    assert stack.secrets.get("lunarcrush_api_key") == "from-the-environment"


def test_airflow_is_told_the_variables(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.local.stack.connections", lambda *_: {})
    stack.settings.env_file.write_text("AIRFLOW_VAR_SETTLE_HOURS=5\nAIRFLOW_VAR_PRIVATE_BUCKET=somebodys\n")
    wanted = stack._wanted()["variables"]
    assert wanted["settle_hours"] == "5"
    assert wanted["private_bucket"] == "stacks-dataverse-private"


def test_without_a_file_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources.take(Stack(replace(Settings(tmp_path, 20_000), env_file=None)))
    assert capsys.readouterr().out == ""


def as_uri(dsn: str) -> str:
    parts = dict(part.split("=", 1) for part in dsn.split())
    return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)
