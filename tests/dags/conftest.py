"""Airflow, told to keep to itself before anything imports it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support import airflow_home as airflow_home

# Only then what imports Airflow.
from stacks_dataverse.runners import publish_catalog  # isort: skip
from stacks_dataverse.task_wrappers import catalogue  # isort: skip


@pytest.fixture(autouse=True)
def catalogues(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Wrappers here have no stores: the public buckets for which a catalogue would be published."""
    published: list[Any] = []
    monkeypatch.setattr(catalogue, "publish", lambda _store, public, _since: published.append(public) or [])
    monkeypatch.setattr(publish_catalog, "read_clock", lambda _: datetime.now(UTC))
    return published
