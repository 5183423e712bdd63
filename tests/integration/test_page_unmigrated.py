"""The page over a warehouse that no run has brought to this release yet."""

from tests.integration import page as shared  # isort: skip

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from stacks_dataverse.stores.warehouse import migrate
from tests.integration.looks import execute

# The release before had no `published_at`.
BEFORE = "20261128161223"
NO_BUCKET = SimpleNamespace(
    get=lambda key: None, get_json=lambda key: None, list_values=lambda template, field: set(), size=lambda key: None
)


@pytest.fixture
def viewer(new_database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Somebody who may look, before the first run of this release."""
    shared.airflow_has(monkeypatch)
    dsn = new_database("warehouse")
    migrate(dsn, BEFORE)
    execute(dsn, "INSERT INTO published_objects (name, as_of) VALUES ('daily_txs', '2024-10-30')")
    pipeline = SimpleNamespace(warehouse_dsn=dsn, archive=NO_BUCKET, public=NO_BUCKET)
    with shared.logged_in(shared.served(shared.stores(pipeline))) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/checks", "/catalogue", "/dataset/daily_txs", "/day/2024-10-29"])
def test_every_view_answers_before_the_first_run_of_a_release(path: str, viewer: TestClient) -> None:
    answer = viewer.get(path)
    assert answer.status_code == 200, answer.text
    assert "does not answer" not in answer.text
