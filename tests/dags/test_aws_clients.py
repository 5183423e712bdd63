"""Clients of AWS are made as the connection says, and at once."""

import inspect
import json
from typing import Any

import pytest

from stacks_dataverse import connections

ENDPOINT = "http://127.0.0.1:9/"
EXTRA = {"endpoint_url": ENDPOINT, "region_name": "eu-west-3", "config_kwargs": {"s3": {"addressing_style": "path"}}}
CONNECTION = {"conn_type": "aws", "login": "key", "password": "secret", "extra": EXTRA}
VARIABLES = {"private_bucket": "private", "public_bucket": "public", "cdn_distribution_id": "E1"}


@pytest.fixture(autouse=True)
def defined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(CONNECTION))
    monkeypatch.setattr(connections.Variable, "get", lambda name, default=None: VARIABLES.get(name, default))


def client_of(store: Any) -> Any:
    return store._client


@pytest.mark.parametrize("name", ["archive", "public", "archive_reader", "public_reader", "cdn"])
def test_a_client_is_that_of_the_connection(name: str) -> None:
    meta = client_of(getattr(connections, name)()).meta
    assert (meta.endpoint_url.rstrip("/"), meta.config.s3) == (ENDPOINT.rstrip("/"), {"addressing_style": "path"})
    assert name == "cdn" or meta.region_name == "eu-west-3"


def test_only_the_page_has_short_timeouts() -> None:
    timeouts = [client_of(store()).meta.config.read_timeout for store in (connections.archive, connections.public)]
    assert timeouts == [60, 60], "those of botocore"
    assert client_of(connections.archive_reader()).meta.config.read_timeout == connections.INTERACTIVE.read_timeout


def test_no_source_is_read_to_name_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Any] = []
    monkeypatch.setattr(inspect, "stack", lambda *arguments: read.append(arguments) or [])
    connections.archive()
    assert read == []
    # As it is by the hook's own clients, else this would not be seen.
    connections.AwsBaseHook("aws_default", client_type="s3").get_conn()
    assert read != []
