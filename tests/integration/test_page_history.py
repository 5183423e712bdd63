"""The page over a past that is missing, over a day past the tip, and at the ends of the calendar."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from tests.integration import page as shared
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_DAYS
from tests.integration.looks import TAKEN_AT
from tests.support.pipeline import Pipeline
from tests.support.stores import new_stores

LAST = SAMPLE_DAYS[-1]
PAST_THE_TIP = "2025-01-05"
RANKINGS = ("top_pools", "nft_top_by_holders", "nft_cheapest")


@pytest.fixture(autouse=True)
def no_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow has no run."""
    shared.airflow_has(monkeypatch)


@pytest.fixture(scope="module")
def without_past(sample: str, postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """A warehouse with the sample's last day and one past its tip, and nothing else. Only to look at."""
    run = new_stores(postgres_server, s3_server, "page_history", sample, CYCLES[SAMPLE])
    run.run(LAST, PAST_THE_TIP)
    run.look(TAKEN_AT)
    return run


@pytest.fixture
def viewer(without_past: Pipeline) -> Iterator[TestClient]:
    """Somebody who looks at it."""
    with shared.logged_in(shared.served(shared.stores(without_past))) as client:
        yield client


def test_the_overview_says_what_is_missing_and_how_it_is_loaded_and_is_not_misled(viewer: TestClient) -> None:
    text = viewer.get("/").text
    assert "History is missing" in text
    assert "Missing: 2024-10-28 to 2024-10-29." in text
    assert "stacks_backfill --conf &#39;{&#34;from_day&#34; : &#34;2024-10-28&#34;" in text
    assert "missing_history failed" not in text
    assert f"day/{LAST}" in text.partition("<dt>Data through</dt>")[2].partition("</dd>")[0]
    assert 'title="2024-11-15' not in text
    assert f'title="{PAST_THE_TIP}: provisional"' in text
    assert "missing_history" in viewer.get(f"/day/{LAST}").text


def test_an_object_that_is_not_known_has_a_page_that_says_so(viewer: TestClient) -> None:
    for name in RANKINGS:
        assert "published as null: its value is not known" in viewer.get(f"/dataset/{name}").text
        assert viewer.get(f"/dataset/{name}/published").text == "null"
        assert viewer.get(f"/dataset/{name}/data.json").status_code == 404
        assert viewer.get(f"/dataset/{name}/data.csv").status_code == 404
        assert viewer.get(f"/dataset/{name}/chart.json").status_code == 404
    for name in ("wallet_balances", "wallet_balances_raw", "wallet_balances_nonzero", "number_of_pools", "spot_stats"):
        assert viewer.get(f"/dataset/{name}").status_code == 200, name
        assert viewer.get(f"/dataset/{name}/data.csv").status_code == 200, name


@pytest.mark.parametrize(
    ("path", "there", "absent"),
    [
        ("/day/0001-01-01", "day/0001-01-02", "prev"),
        ("/day/9999-12-31", "day/9999-12-30", "next"),
        ("/day/0001-01-01/runs.json", "[]", "prev"),
        ("/?year=2000", "2000 has no days", "Traceback"),
        ("/?year=2999", "2999 has no days", "Traceback"),
    ],
)
def test_the_calendar_ends_without_an_error(path: str, there: str, absent: str, viewer: TestClient) -> None:
    answer = viewer.get(path)
    assert answer.status_code == 200
    assert there in answer.text
    assert f'rel="{absent}"' not in answer.text
