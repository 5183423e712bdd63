"""Downloads of datasets: every row, in every form, streamed; and what breaks off is seen to."""

from tests.integration.page import no_airflow as no_airflow, viewer as viewer  # isort: skip

import csv
import gzip
import io
import json
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from plugins.page import dataset_view
from stacks_dataverse import catalog
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline

FORMS = ("csv", "json", "ndjson", "parquet")


def rows_of(form: str, content: bytes) -> list[dict[str, Any]]:
    """The rows of a download, as its own readers read them."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode())))
    if form == "json":
        return json.loads(content)
    if form == "ndjson":
        return [json.loads(line) for line in content.decode().splitlines()]
    return pq.read_table(io.BytesIO(content)).to_pylist()


def test_a_download_of_a_table_has_every_row(viewer: TestClient, sample_with_look: Pipeline) -> None:
    counted = 0
    with Warehouse.open(sample_with_look.warehouse_dsn) as warehouse:
        for table in catalog.TABLES:
            answer = viewer.get(f"/dataset/{table.name}/data.csv")
            assert answer.status_code == 200, answer.text
            rows = rows_of("csv", answer.content)
            assert len(rows) == warehouse.scalar(f"SELECT count(*) FROM {table.name}"), table.name
            assert not rows or list(rows[0]) == list(table.fields)
            counted += len(rows)
    assert counted > 1000


@pytest.mark.parametrize("part", ["1", "-1", "9" * 5000, "\u0660", "00"])
def test_a_part_that_there_is_not_is_not_found(part: str, viewer: TestClient) -> None:
    assert viewer.get("/dataset/daily_txs/data.csv", params={"part": part}).status_code == 404


def test_all_forms_of_a_table_say_the_same(viewer: TestClient) -> None:
    table = "swaps?sort=block_height"
    name, _, query = table.partition("?")
    found = {form: rows_of(form, viewer.get(f"/dataset/{name}/data.{form}?{query}").content) for form in FORMS}
    assert found["json"] == found["ndjson"]
    assert [{key: "" if value is None else str(value) for key, value in row.items()} for row in found["json"]] == [
        row | {"is_as_moved": row["is_as_moved"].capitalize()} for row in found["csv"]
    ]
    assert [row | {"day": str(row["day"])} for row in found["parquet"]] == found["json"]
    assert isinstance(found["parquet"][0]["day"], date)
    assert isinstance(found["json"][0]["amount_in"], str), "a number of 128 bits keeps its digits as text"


def test_times_are_iso_and_headings_names(viewer: TestClient) -> None:
    expected = {
        "daily_txs": ("day,transactions", SAMPLE_DAYS[0]),
        "nft_top_by_holders": ("collection,owners,contract", ""),
        "network_activity": ("day,block_count,", SAMPLE_DAYS[0]),
        "network_activity_hours": ("hour_at,", f"{SAMPLE_DAYS[0]}T00:00:00Z"),
        "tx_per_block": ("block_height,transactions", ""),
        "mempool": ("at,transactions", "2024-"),
        "spot_stats": ("refresh_ts,total_txs_alltime", "2024-"),
    }
    for name, start in expected.items():
        lines = viewer.get(f"/dataset/{name}/data.csv").text.split("\n")
        assert tuple(map(str.startswith, lines[:2], start)) == (True, True), (name, lines[:2])


def test_no_heading_is_a_sentence(viewer: TestClient) -> None:
    seen = 0
    for obj in catalog.OBJECTS:
        answer = viewer.get(f"/dataset/{obj.name}/data.csv")
        if answer.status_code == 200:
            headings = answer.text.partition("\n")[0].split(",")
            assert all(heading.isidentifier() and len(heading) < 40 for heading in headings), (obj.name, headings)
            assert len(set(headings)) == len(headings)
            seen += 1
    assert seen > 50


@pytest.mark.parametrize("form", FORMS)
def test_a_public_object_is_downloaded_in_every_form(form: str, viewer: TestClient) -> None:
    published = json.loads(viewer.get("/dataset/network_activity/published").content)["data"]
    rows = rows_of(form, viewer.get(f"/dataset/network_activity/data.{form}").content)
    assert [int(row["tx_count"]) for row in rows] == [row["tx_count"] for row in published]
    assert [str(row["day"]) for row in rows] == [row["day"] for row in published]


def test_the_file_as_published_is_unchanged(viewer: TestClient, sample_with_look: Pipeline) -> None:
    published = {key: sample_with_look.public.get(key) for key in sample_with_look.public.list_keys()}
    compared = 0
    for declared in dataset_view.OBJECTS.values():
        body = published.get(declared.path.format(version="latest"))
        if body is not None:
            answer = viewer.get(f"/dataset/{declared.name}/published")
            assert answer.content == gzip.decompress(body), declared.name
            assert "attachment" in answer.headers["content-disposition"]
            compared += 1
    assert compared > 25


def test_each_part_of_an_object_is_a_download(viewer: TestClient) -> None:
    page = viewer.get("/dataset/mining_overview").text
    assert 'href="/dataset/mining_overview/data.csv?part=1"' in page
    parts = [viewer.get(f"/dataset/mining_overview/data.csv?part={number}").text for number in (0, 1)]
    assert parts[0] != parts[1]
    assert parts[1].startswith("bitcoin_height,btc_burns,stx_rewards")


def test_a_download_has_the_filters_of_the_view(viewer: TestClient) -> None:
    query = {"day": SAMPLE_DAYS[1], "sort": "-tx_count"}
    page = viewer.get("/dataset/hourly_transactions", params=query).text
    assert f"/dataset/hourly_transactions/data.csv?sort=-tx_count&amp;day={SAMPLE_DAYS[1]}" in page
    rows = rows_of("json", viewer.get("/dataset/hourly_transactions/data.json", params=query).content)
    assert {row["day"] for row in rows} == {SAMPLE_DAYS[1]}
    counts = [row["tx_count"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert rows[0]["hour_at"].endswith(":00:00Z")


def test_a_name_is_no_formula_of_a_spreadsheet(viewer: TestClient, sample_with_look: Pipeline) -> None:
    execute(sample_with_look.warehouse_dsn, "INSERT INTO changed_keys VALUES ('=HYPERLINK(1)', now()), ('-2', now())")
    try:
        text = viewer.get("/dataset/changed_keys/data.csv").text
        assert "'=HYPERLINK(1)" in text
        assert "\n-2," in text
        assert rows_of("json", viewer.get("/dataset/changed_keys/data.json?key=%3DHYPERLINK(1)").content)
    finally:
        execute(sample_with_look.warehouse_dsn, "DELETE FROM changed_keys WHERE key IN ('=HYPERLINK(1)', '-2')")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/dataset/no_such/data.json", 404, id="no dataset"),
        pytest.param("/dataset/daily_txs/data.xlsx", 404, id="no form"),
        pytest.param("/dataset/vols_180d/data.json", 404, id="not published"),
        pytest.param("/dataset/mining_overview/data.csv?part=9", 404, id="no part"),
        pytest.param("/dataset/mining_overview/data.csv?part=x", 404, id="a part that is no number"),
        pytest.param("/dataset/daily_blocks/published", 404, id="a table has no published file"),
        pytest.param("/dataset/daily_blocks/data.csv?addres=SP1", 422, id="a column that is none is not ignored"),
        pytest.param("/dataset/daily_blocks/data.csv?sort=day;DROP", 422, id="an order that is none"),
        pytest.param("/dataset/daily_blocks/data.csv?blocks=many", 422, id="not of the column's type"),
    ],
)
def test_what_cannot_be_downloaded_is_said_plainly(path: str, status: int, viewer: TestClient) -> None:
    answer = viewer.get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text
