"""The catalogue is published after every publish, whatever became of that."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from stacks_dataverse import connections
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.network import TESTNET
from stacks_dataverse.runners import publish_catalog
from stacks_dataverse.task_wrappers import catalogue

PUBLISH = catalogue.publish
SINCE = datetime(2026, 11, 28, tzinfo=UTC)
STORE, PUBLIC = SimpleNamespace(), SimpleNamespace(bucket="a-bucket")


def test_it_comes_after_what_was_published(catalogues: list[Any]) -> None:
    with catalogue.catalogue_after(STORE, PUBLIC):
        assert catalogues == []
    assert catalogues == [PUBLIC]


def test_it_comes_after_a_failure_too_which_is_the_one_to_report(catalogues: list[Any]) -> None:
    with pytest.raises(Terminal, match="one of 84"), catalogue.catalogue_after(STORE, PUBLIC):
        raise Terminal("one of 84 failed")
    assert catalogues == [PUBLIC]


def test_a_failure_of_its_own_does_not_hide_the_first(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise Retryable("the bucket is away")

    monkeypatch.setattr(catalogue, "publish", fail)
    with pytest.raises(Terminal, match="one of 84"), catalogue.catalogue_after(STORE, PUBLIC):
        raise Terminal("one of 84 failed")
    assert "the bucket is away" in caplog.text
    with pytest.raises(Retryable), catalogue.catalogue_after(STORE, PUBLIC):
        pass


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the runner is given, with settings of a fork."""
    given: list[Any] = []
    variables = {"network": "testnet", "public_url": "https://data.example/", "stacks_data_licence": "ODbL-1.0"}
    monkeypatch.setattr(connections.Variable, "get", lambda name, default: variables.get(name, default))
    monkeypatch.setattr(publish_catalog, "publish", lambda *args: given.append(args) or ["catalog.json"])
    monkeypatch.setattr(publish_catalog, "is_published", lambda *_: False)
    return given


def test_it_says_what_the_settings_say(given: list[Any]) -> None:
    assert PUBLISH(STORE, PUBLIC, SINCE) == ["catalog.json"]
    *_, issue, since = given[0]
    assert since is SINCE
    assert (issue.network, issue.licence_name, issue.url) == ("testnet", "ODbL-1.0", "https://data.example")
    assert connections.network() == TESTNET


def test_files_of_a_release_that_is_published_are_not_made_again(
    given: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    PUBLISH(STORE, PUBLIC, SINCE)
    monkeypatch.setattr(publish_catalog, "is_published", lambda *_: True)
    PUBLISH(STORE, PUBLIC, SINCE)
    first, second = (static for _, _, _, static, *_ in given)
    assert {"openapi.json", "index.html", "schema/blocks.json"} <= {file.key for file in first}
    assert first[-1].key == "release.json"
    assert second == []


def test_without_settings_the_licence_is_cc_by_and_the_address_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Variable, "get", lambda _name, default: default)
    assert (connections.data_licence(), connections.known_public_url()) == ("CC-BY-4.0", "")
