"""Connections and keys from SSM Parameter Store and Secrets Manager, with the settings that the documents name."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from airflow.configuration import conf, initialize_secrets_backends

from scripts.local import s3
from scripts.local.s3 import S3Server
from tests.support.servers import free_port, running

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
URI = "postgres://warehouse:p%40ss@db.example:5432/warehouse"
SERVICES = ("ssm", "secretsmanager")


class Emulator(S3Server):
    """The local stack's S3 server with the two services of secrets."""

    def _settings(self) -> dict[str, str]:
        return super()._settings() | {"SERVICES": ",".join((*SERVICES, "s3", "iam", "sts")), "AUTH": "false"}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(Emulator(tmp_path_factory.mktemp("aws"), free_port())) as server:
        yield server


@pytest.fixture
def aws(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Make a client of a service; Airflow, too, finds the emulator in the place of AWS."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", s3.REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return lambda service: boto3.client(service)


def documented(backend: str) -> dict[str, str]:
    """The two settings of a back end, as they stand in the documents."""
    lines = re.search(rf"^AIRFLOW__SECRETS__BACKEND=\S+\.{backend}\n.*$", PAGE, re.MULTILINE)
    return dict(line.split("=", 1) for line in lines[0].splitlines())


@pytest.mark.parametrize(
    ("backend", "service"),
    [("SystemsManagerParameterStoreBackend", "ssm"), ("SecretsManagerBackend", "secretsmanager")],
    ids=["Parameter Store", "Secrets Manager"],
)
def test_a_connection_and_a_key_come_from_there(
    backend: str, service: str, aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = documented(backend)
    kwargs = json.loads(settings["AIRFLOW__SECRETS__BACKEND_KWARGS"])
    slash = "/" if service == "ssm" else ""
    kwargs["config_prefix"] = f"{slash}dataverse/config"
    for name, value in {"connections/warehouse_db": URI, "config/fernet_key": "a-fernet-key"}.items():
        if service == "ssm":
            aws(service).put_parameter(Name=f"/dataverse/{name}", Value=value, Type="SecureString")
        else:
            aws(service).create_secret(Name=f"dataverse/{name}", SecretString=value)
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", settings["AIRFLOW__SECRETS__BACKEND"])
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND_KWARGS", json.dumps(kwargs))
    monkeypatch.delenv("AIRFLOW_CONN_WAREHOUSE_DB", raising=False)
    first = initialize_secrets_backends()[0]
    found = first.get_connection("warehouse_db")
    assert (found.host, found.login, found.password, found.schema) == ("db.example", "warehouse", "p@ss", "warehouse")
    assert first.get_connection("another") is None
    assert first.get_variable("settle_hours") is None
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY_SECRET", "fernet_key")
    monkeypatch.delenv("AIRFLOW__CORE__FERNET_KEY", raising=False)
    assert conf.get("core", "fernet_key") == "a-fernet-key"


def test_the_example_and_the_documents_say_the_same() -> None:
    example = (ROOT / "env.list.example").read_text(encoding="utf-8")
    for name, value in documented("SystemsManagerParameterStoreBackend").items():
        assert f"#{name}={value}\n" in example
