"""What the page says first: whether the data are fresh, whether all is right, and what failed."""

from tests.integration import page as shared  # isort: skip

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from plugins.page import runbook_view
from plugins.page.run_details import Task
from plugins.page.runs import Run
from stacks_dataverse import catalog
from stacks_dataverse.errors import Retryable
from stacks_dataverse.queries import comparisons
from stacks_dataverse.source import Source
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline

DAY = SAMPLE_DAYS[1]
NOON = datetime(2024, 11, 1, 12, tzinfo=UTC)
TASK = Task("land_prices", -1, "failed", "dags/market_daily/runs/r1/tasks/land_prices", "<b>No answer</b>. Wait.")
FAILED = Run("market_daily", "r1", "failed", NOON, NOON, "ada", (DAY, DAY), (TASK,))


def text_of(pipeline: Pipeline, path: str, source: Source) -> str:
    """A page in one line, without its markup."""
    with shared.logged_in(shared.served(shared.stores(pipeline, source=lambda: source))) as client:
        return as_text(client, path)


def as_text(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture(autouse=True)
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow has no run."""
    shared.airflow_has(monkeypatch)


@pytest.mark.parametrize(
    ("source", "kind"), [(Source.SAMPLE, "sample chain"), (Source.DUMP, "database dump")], ids=lambda value: str(value)
)
def test_a_source_that_stands_still_is_said_to_and_nothing_is_stale(
    source: Source, kind: str, sample_with_look: Pipeline
) -> None:
    page = text_of(sample_with_look, "/", source)
    assert f"Data through {SAMPLE_DAYS[2]} ·" in page
    assert f"days old · source stands still ({kind}) ·" in page
    assert "Complete: all that the source has" in page
    assert "no failed runs · no open issues" in page
    assert re.search(r" 0 gaps", page)
    assert f"Coverage {SAMPLE_DAYS[0]} – {SAMPLE_DAYS[2]} 3 days" in page
    assert " 0 of " in text_of(sample_with_look, "/catalogue?state=stale", source)


def test_the_same_data_of_a_live_source_need_attention(sample_with_look: Pipeline) -> None:
    page = text_of(sample_with_look, "/", Source.LIVE)
    assert "Needs attention" in page
    assert "public objects are stale" in page
    assert "source not polled lately" in page


def test_a_live_source_that_was_polled_and_stands_still_is_an_issue(all_loaded: Pipeline) -> None:
    all_loaded.look(datetime.now(UTC).replace(microsecond=0))
    page = text_of(all_loaded, "/", Source.LIVE)
    assert "The source stands still" in page
    assert "2024-10-30 23:5" in page
    assert "The source stands still" not in text_of(all_loaded, "/", Source.SAMPLE)


def test_what_is_not_known_is_neither_well_nor_never_polled(sample_with_look: Pipeline) -> None:
    def refuse() -> None:
        raise Retryable("The bucket is away.")

    stores = shared.stores(sample_with_look, archive=refuse, source=lambda: Source.SAMPLE)
    with shared.logged_in(shared.served(stores)) as client:
        answer = client.get("/")
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 503
    assert "Not everything is known" in page
    assert "not polled yet" not in page
    assert "Tip of the chain not known polled " in page


def test_data_through_and_published_are_apart(sample_with_look: Pipeline) -> None:
    page = text_of(sample_with_look, "/dataset/whale_movements", Source.SAMPLE)
    assert "complete data through 2024-10-30 23:5" in page
    assert f"published {datetime.now(UTC):%Y}-" in page


def test_the_days_of_a_dataset_are_those_that_are_here(sample_with_look: Pipeline) -> None:
    for name in ("daily_txs", "daily_balances"):
        page = text_of(sample_with_look, f"/dataset/{name}", Source.SAMPLE)
        assert f"Coverage {SAMPLE_DAYS[0]} – {SAMPLE_DAYS[2]} 3 days, 0 missing mainnet since 2021-01-14" in page


def test_a_failed_latest_run_is_an_open_issue_with_its_reason_and_log(
    sample_with_look: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.airflow_has(monkeypatch, FAILED)
    page = text_of(sample_with_look, "/", Source.SAMPLE)
    assert "Needs attention" in page
    assert "1 failed run · 1 open issue" in page
    assert f"failed run The latest run of market_daily for {DAY} failed" in page
    assert "land_prices: &lt;b&gt;No answer&lt;/b&gt;. Wait." in page
    with shared.logged_in(shared.served(shared.stores(sample_with_look))) as client:
        assert f'href="/{TASK.path}">Log of land_prices</a>' in client.get("/").text
        assert f'href="/{TASK.path}">land_prices</a>' in client.get(f"/day/{DAY}").text


def test_every_check_is_listed_with_its_meaning_and_counts(sample_with_look: Pipeline) -> None:
    page = text_of(sample_with_look, "/checks", Source.SAMPLE)
    names = [check.name for check in (*catalog.CHECKS, *catalog.MARKET_CHECKS)]
    assert [name for name in [*names, *comparisons.MEANINGS] if name not in page] == []
    assert "No two canonical blocks of the day share a height. ✓ passed" in page
    assert "blocks publishing 3 passed" in page
    assert "× failed 0 checks" in page


def test_every_check_leads_to_a_row_of_the_runbook(sample_with_look: Pipeline) -> None:
    with shared.logged_in(shared.served(shared.stores(sample_with_look))) as client:
        rows = re.findall(r'href="[^"]*guide/runbook.md#(row-\w+)"', client.get("/checks").text)
    runbook = runbook_view.document(runbook_view.RUNBOOK)
    declared = (*catalog.CHECKS, *catalog.MARKET_CHECKS, catalog.AUDIT, *comparisons.MEANINGS)
    assert len(rows) == len(declared)
    assert {row for row in rows if f'id="{row}"' not in runbook} == set()


def test_the_newest_day_that_is_offered_is_today(sample_with_look: Pipeline) -> None:
    today = datetime.now(UTC).date()
    yesterday = today - timedelta(days=1)
    with shared.logged_in(shared.served(shared.stores(sample_with_look))) as client:
        assert f'day/{today}" rel="next"' in client.get(f"/day/{yesterday}").text
        assert 'rel="next"' not in client.get(f"/day/{today}").text


def test_a_check_that_fails_comes_first_with_its_days(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    pipeline = new_run(sample, 3)
    execute(
        pipeline.warehouse_dsn,
        f"""INSERT INTO quality_checks (checked_at, day, name, passed, expected, actual, kind)
            VALUES (now(), '{DAY}', 'supply', false, '1', '2', 'warning'),
                   (now(), '{SAMPLE_DAYS[0]}', 'stacked', false, '1', '2', 'warning'),
                   (now() + interval '1 second', '{SAMPLE_DAYS[0]}', 'stacked', true, '1', '1', 'warning')""",
    )
    page = text_of(pipeline, "/checks", Source.SAMPLE)
    assert "× failed 1 check ✓" in page
    assert page.index("supply The supply at") < page.index("heights_of_blocks")
    assert f"1 failed: {DAY}" in page
    assert "1 failed" in text_of(pipeline, "/", Source.SAMPLE)
    day = text_of(pipeline, f"/day/{DAY}", Source.SAMPLE)
    assert day.index("Failed checks") < day.index("supply The supply at") < day.index("passed checks")
    assert "× failed" in day
    assert "warns" in day


def test_a_day_has_contents_and_says_when_it_is_final(sample_with_look: Pipeline) -> None:
    page = text_of(sample_with_look, f"/day/{SAMPLE_DAYS[2]}", Source.SAMPLE)
    assert "It stays provisional" in page
    assert "It will be final once" in text_of(sample_with_look, f"/day/{SAMPLE_DAYS[2]}", Source.LIVE)
    with shared.logged_in(shared.served(shared.stores(sample_with_look))) as client:
        html = client.get(f"/day/{DAY}").text
    ends = [f'href="#{name}"' in html and f'id="{name}"' in html for name in ("runs", "checks", "rows", "files")]
    assert all(ends)
    assert '<td class="number">0</td>' not in html
    assert "severity:" not in html
