"""The page's views over a whole pipeline: what they show, what they give to download, and to whom."""

from tests.integration import page as shared  # isort: skip
from tests.integration.page import viewer as viewer  # isort: skip

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape

from plugins.page import catalogue_listing, dataset_view
from plugins.page.runs import Run
from stacks_dataverse import catalog
from stacks_dataverse.labels import Group
from stacks_dataverse.stores.object_store import ObjectStore
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline

DAY = SAMPLE_DAYS[1]
RUNNING = Run("stacks_backfill", "manual__1", "running", datetime(2024, 11, 1, tzinfo=UTC), None, "ada", (DAY, DAY))
BY_TITLE = [each.name for each in sorted((*catalog.TABLES, *catalog.OBJECTS), key=lambda each: each.title.lower())]
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture(autouse=True)
def one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow has one run, which goes on."""
    shared.airflow_has(monkeypatch, RUNNING)


def seen_by(pipeline: Pipeline, path: str, **others: Any) -> str:
    """A page as who may look sees it."""
    with shared.logged_in(shared.served(shared.stores(pipeline, **others))) as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_overview_has_the_tip_the_days_and_the_last_runs(viewer: TestClient) -> None:
    page = viewer.get("/").text
    assert "polled" in page
    assert all(f'title="{day}: published"' in page for day in SAMPLE_DAYS[:2])
    assert f'title="{SAMPLE_DAYS[2]}: provisional"' in page
    assert 'href="/dags/stacks_backfill/runs/manual__1"' in page
    assert "2024-10</th>" in page
    assert "2020 has no days." in viewer.get("/?year=2020").text


def test_what_failed_comes_first_with_the_runbooks_words(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    pipeline = new_run(sample, 3)
    remedy = next(check.remedy for check in catalog.CHECKS if check.name == "landed_blocks")
    execute(
        pipeline.warehouse_dsn,
        f"""INSERT INTO quality_checks (checked_at, day, name, passed, expected, actual, kind)
            VALUES (now(), '{DAY}', 'landed_blocks', false, 'aa', '{HOSTILE.replace("'", "''")}', 'error'),
                   (now(), '{DAY}', 'supply', false, '1', '2', 'warning'),
                   (now(), '{SAMPLE_DAYS[2]}', 'changed_days', false, 'none', '{SAMPLE_DAYS[0]}', 'warning'),
                   (now(), '2024-12-01', 'days_without_price', false, 'none', 'STX 2024-11-30', 'warning'),
                   (now() - interval '1 day', '{DAY}', 'hours_without_price', false, 'none', 'STX', 'warning'),
                   (now(), '2024-12-01', 'hours_without_price', true, 'none', 'none', 'warning');
            DELETE FROM loaded_days WHERE day = '{DAY}'""",
    )
    page = seen_by(pipeline, "/")
    first, second = page.index(f"landed_blocks failed on {DAY}"), page.index(f"supply failed on {DAY}")
    assert first < second < page.index("changed_days: the warehouse differs from the chain")
    assert remedy in page
    assert "days_without_price failed on 2024-12-01" in page
    assert "Expected none; actual STX 2024-11-30." in page
    assert "hours_without_price" not in page
    assert 'href="/guide/runbook.md#row-landed_blocks"' in page
    assert f'title="{DAY}: failed a check"' in page
    assert f'title="{SAMPLE_DAYS[0]}: reorged"' in page
    assert HOSTILE not in page


def test_an_empty_warehouse_has_an_overview(new_pipeline: Callable[[str], Pipeline]) -> None:
    assert "No day has been landed yet" in seen_by(new_pipeline(""), "/")


def test_a_landed_day_is_in_the_calendar_before_it_is_built(
    sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(sample)
    pipeline.land(DAY)
    assert f'title="{DAY}: landed"' in seen_by(pipeline, "/?year=2024")
    assert "landed</strong>" in seen_by(pipeline, f"/day/{DAY}")


def test_the_catalogue_lists_every_dataset_and_finds_some(viewer: TestClient) -> None:
    everything = viewer.get("/catalogue?sort=title").text
    names = [*dataset_view.OBJECTS, *dataset_view.TABLES]
    assert [name for name in names if f'href="/dataset/{name}"' not in everything] == []
    assert f'href="{shared.PUBLIC_URL}/daily_txs/latest.json.gz"' in everything
    found = viewer.get("/catalogue", params={"q": "gini", "kind": "public object"}).text
    assert "/dataset/spot_stats" in found
    assert "/dataset/daily_txs" not in found
    assert 'value="gini"' in found
    nothing = viewer.get("/catalogue", params={"q": "gini zzz", "kind": "public object"}).text
    assert "No dataset matches “gini zzz” of kind public object." in nothing


def test_the_catalogue_has_titles_groups_days_and_latest_values(viewer: TestClient) -> None:
    page = "".join(viewer.get("/catalogue", params={"group": group.value}).text for group in Group)
    assert re.findall(r'rowheader" colspan="6">(\w+)</th>', page) == [group.value for group in Group]
    titles = [escape(dataset.title) for dataset in (*catalog.TABLES, *catalog.OBJECTS)]
    assert [title for title in titles if f">{title}</a>" not in page] == []
    rows = dict(re.findall(r'<tr role="row" class="entry">.*?<code>(\w+)</code>(.*?)</tr>', page, re.DOTALL))
    assert f"through {SAMPLE_DAYS[2]}" in rows["daily_balances"]
    assert f"{SAMPLE_DAYS[0]} – {SAMPLE_DAYS[2]}<br><small>3 days</small>" in rows["daily_balances"]
    assert f"{SAMPLE_DAYS[0]} – {SAMPLE_DAYS[2]}<br><small>3 days</small>" in rows["daily_txs"]
    assert page.count('<svg class="spark"') > 30
    assert "not published" not in page


@pytest.mark.parametrize(
    ("sort", "first"),
    [("title", BY_TITLE[0]), ("-title", BY_TITLE[-1])],
)
def test_the_catalogue_is_sorted(sort: str, first: str, viewer: TestClient) -> None:
    names = re.findall(
        r'<tr role="row" class="entry">.*?<code>(\w+)</code>', viewer.get(f"/catalogue?sort={sort}").text, re.DOTALL
    )
    assert names[0] == first
    assert len(names) == len(set(names)) == len(catalog.TABLES) + len(catalog.OBJECTS)


@pytest.mark.parametrize("sort", ["", "unknown"])
def test_the_catalogue_begins_with_a_few_of_each_group_and_links_to_all(sort: str, viewer: TestClient) -> None:
    page = viewer.get(f"/catalogue?sort={sort}").text
    for group in Group:
        count = sum(dataset.group is group for dataset in (*catalog.TABLES, *catalog.OBJECTS))
        assert (f">All {count} of {group.value}</a>" in page) == (count > catalogue_listing.FIRST)
    names = re.findall(r'<tr role="row" class="entry">.*?<code>(\w+)</code>', page, re.DOTALL)
    assert names[0] == "daily_txs"
    assert len(names) <= catalogue_listing.FIRST * len(Group)


def test_an_object_says_how_its_tables_are_made_and_has_their_warnings(viewer: TestClient) -> None:
    page = viewer.get("/dataset/nvt_latest").text
    (table,) = [table for table in catalog.TABLES if table.name == "daily_indicators"]
    assert escape(table.method) in page
    assert "exchange volume, not on-chain transfer volume" in page


def test_documents_are_listed_by_their_titles(viewer: TestClient) -> None:
    page = viewer.get("/guide/").text
    assert 'href="/guide/aws.md">From an empty AWS account to a running system</a>' in page
    dictionary = viewer.get("/guide/data_dictionary.md").text
    assert '<a href="#public-objects">Public objects</a>' in dictionary
    assert dictionary.index('id="public-objects"') < dictionary.index('id="warehouse-tables"')
    assert len(dictionary) < 400_000


def test_every_dataset_has_a_page_with_its_fields(viewer: TestClient) -> None:
    for name, declared in (dataset_view.OBJECTS | dataset_view.TABLES).items():
        answer = viewer.get(f"/dataset/{name}")
        assert answer.status_code == 200, name
        assert answer.text.count('<th scope="row" role="rowheader"><code>') == len(declared.fields), name


def test_a_chart_draws_the_objects_figures(viewer: TestClient, sample_with_look: Pipeline) -> None:
    series = sample_with_look.public.get_json("daily_txs/latest.json.gz")
    chart = viewer.get("/dataset/daily_txs/chart.json").json()
    assert dict(zip(map(str, chart["x"]), chart["values"], strict=True)) == series
    assert 'data-chart="/dataset/daily_txs/chart.json?part=0"' in viewer.get("/dataset/daily_txs").text


@pytest.mark.parametrize(("name", "figure"), [("loaded_days", "tx_count"), ("daily_stacking", "stacked_ustx")])
def test_a_chart_begins_with_the_figure_that_stands_for_the_dataset(name: str, figure: str, viewer: TestClient) -> None:
    chart = viewer.get(f"/dataset/{name}/chart.json").json()
    assert chart["figure"] == figure
    assert not {each["name"] for each in chart["figures"]} & {"first_block_height", "last_block_height", "cycle"}


def test_heights_by_position_have_no_chart(viewer: TestClient) -> None:
    assert viewer.get("/dataset/mining_overview/chart.json?part=1").json()["figure"] == "btc_burns"
    assert viewer.get("/dataset/mining_overview/chart.json?part=2").status_code == 404


def test_a_table_shows_its_newest_rows_and_gives_them(viewer: TestClient) -> None:
    rows = viewer.get("/dataset/daily_balances/data.json").json()
    assert [row["day"] for row in rows] == [*reversed(SAMPLE_DAYS)]
    assert viewer.get("/dataset/daily_balances/chart.json").json()["x"][0] == 1730073600


def test_a_day_shows_what_was_landed_built_and_checked(viewer: TestClient, sample_with_look: Pipeline) -> None:
    page = viewer.get(f"/day/{DAY}").text
    manifest = sample_with_look.archive.get_json(f"raw/stacks/_manifest/day={DAY}.json")
    assert manifest["blocks_digest"] in page
    assert all(file["sha256"] in page for file in manifest["tables"].values() if "sha256" in file)
    assert "matches the raw files" in page
    assert page.count("✓</span> passed") == page.count('href="/guide/runbook.md#row-')
    assert 'href="/dataset/nft_moves"' in page
    assert 'data-going="yes"' in page


def test_runs_about_a_day_can_be_watched(viewer: TestClient) -> None:
    assert viewer.get(f"/day/{DAY}/runs.json").json() == [{"run_id": "manual__1", "state": "running", "ended": False}]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/dataset/no_such", 404, id="a dataset that is none"),
        pytest.param("/dataset/no_such/data.json", 404, id="the download of one"),
        pytest.param("/dataset/daily_txs/data.xlsx", 404, id="a form that is none"),
        pytest.param("/dataset/daily_txs/chart.json?part=7", 404, id="a part that is none"),
        pytest.param("/dataset/nft_top_by_holders/chart.json", 404, id="a chart of a ranking"),
        pytest.param("/dataset/vols_180d/data.json", 404, id="what is not published"),
        pytest.param("/guide/no_such.md", 404, id="a document that is none"),
        pytest.param("/static/no_such.js", 404, id="an asset that is none"),
        pytest.param("/static/../routes.py", 404, id="a file of ours"),
        pytest.param("/static/%2e%2e/routes.py", 404, id="a file of ours, in other words"),
        pytest.param("/day/2024-13-45", 422, id="a day that is none"),
        pytest.param("/?year=99999", 422, id="a year that is none"),
    ],
)
def test_what_is_not_there_is_said_plainly(path: str, status: int, viewer: TestClient) -> None:
    answer = viewer.get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text


def test_a_day_that_nobody_knows_has_a_page(viewer: TestClient) -> None:
    assert "neither landed nor built" in viewer.get("/day/1999-01-01").text


def test_names_from_the_chain_are_text(sample_with_look: Pipeline, new_bucket: Callable[[str], ObjectStore]) -> None:
    public = new_bucket("public")
    value = {HOSTILE: {"value": 5, "contract": HOSTILE}}
    public.put("nft/top_by_holders.json.gz", gzip.compress(json.dumps(value).encode()))
    page = seen_by(replace(sample_with_look, public=public), "/dataset/nft_top_by_holders")
    assert HOSTILE not in page
    assert "&lt;img src=x onerror=alert(1)&gt;&#34;&#39;&amp;" in page
