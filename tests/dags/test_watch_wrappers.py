"""The task that watches over the age of objects fails for what is new, and tells the rest."""

import logging
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowFailException

from stacks_dataverse import catalog, connections
from stacks_dataverse.runners import freshness, publish_catalog
from stacks_dataverse.runners.freshness import Freshness, Stale
from stacks_dataverse.source import Source
from stacks_dataverse.task_wrappers import watch

AT = datetime(2024, 11, 1, 12, tzinfo=UTC)
STALE = Stale(catalog.OBJECTS[0], AT - timedelta(hours=41), is_gone=False, is_news=True)
CONTEXT = {"params": {}, "ti": SimpleNamespace(dag_id="freshness_hourly", task_id="check_freshness")}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Stale]:
    """What is stale; the test may add to it. No server is behind it."""
    stale: list[Stale] = []
    monkeypatch.setattr(watch, "migrate", lambda _: None)
    monkeypatch.setattr(connections, "dsn", lambda name: name)
    monkeypatch.setattr(connections, "warehouse", lambda: nullcontext(SimpleNamespace()))
    monkeypatch.setattr(connections, "public", SimpleNamespace)
    monkeypatch.setattr(connections, "stacks_source", lambda: Source.DUMP)

    def looked_at(
        _store: object, _public: object, objects: list[catalog.PublicObject], _at: datetime, source: Source
    ) -> Freshness:
        assert source is Source.DUMP
        assert {declared.name for declared in objects} == {d.name for d in catalog.OBJECTS if not d.private}
        return Freshness(AT, len(objects), stale)

    monkeypatch.setattr(freshness, "check_freshness", looked_at)
    monkeypatch.setattr(publish_catalog, "describe_fault", lambda *_: "")
    return stale


def test_fresh_objects_are_counted(seen: list[Stale]) -> None:
    objects = sum(not declared.private for declared in catalog.OBJECTS)
    assert watch.check_freshness(**CONTEXT) == {"objects": objects, "stale": 0}


def test_what_grew_stale_fails_at_once_and_is_named(seen: list[Stale]) -> None:
    seen.append(STALE)
    with pytest.raises(AirflowFailException, match=r"became stale\. .*41 hours old, limit 36 h: daily_txs"):
        watch.check_freshness(**CONTEXT)


def test_what_was_told_is_in_the_log_and_fails_nothing(seen: list[Stale], caplog: pytest.LogCaptureFixture) -> None:
    seen.append(replace(STALE, is_news=False))
    assert watch.check_freshness(**CONTEXT)["stale"] == 1
    assert "daily_txs" in next(record.getMessage() for record in caplog.records if record.levelno == logging.WARNING)


def test_only_news_are_the_reason(seen: list[Stale]) -> None:
    seen.extend([replace(STALE, is_news=False), replace(STALE, obj=catalog.OBJECTS[1])])
    with pytest.raises(AirflowFailException) as caught:
        watch.check_freshness(**CONTEXT)
    assert catalog.OBJECTS[1].name in str(caught.value)
    assert "daily_txs" not in str(caught.value)


@pytest.mark.usefixtures("seen")
def test_a_fault_of_the_catalogue_fails_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_catalog, "describe_fault", lambda *_: "catalog.json is missing in the bucket.")
    with pytest.raises(AirflowFailException, match=r"^catalog\.json is missing in the bucket\.$"):
        watch.check_freshness(**CONTEXT)
