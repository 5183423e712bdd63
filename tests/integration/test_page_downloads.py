"""Downloads of datasets: every row, in every form, streamed; and what breaks off is seen to."""

from tests.integration import page as shared  # isort: skip

import csv
import gzip
import io
import json
import resource
import socket
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from plugins.page import dataset_downloads, dataset_routes, dataset_view
from stacks_dataverse import catalog
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.moments import wait_until
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline
from tests.support.served import serving

FORMS = ("csv", "json", "ndjson", "parquet")
# Rows of a kilobyte that no compression makes small: more than all buffers on the way hold.
MANY, KILOBYTE = 150_000, "SELECT string_agg(md5(number::text || part), '') FROM generate_series(1, 32) AS part"
MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def no_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow has no runs."""
    shared.airflow_has(monkeypatch)


@pytest.fixture(scope="module")
def viewer(sample_with_look: Pipeline) -> Iterator[TestClient]:
    """Somebody who may look only, at the sample's three days and a look at its tip."""
    with shared.logged_in(shared.served(shared.stores(sample_with_look), cache_seconds=60)) as client:
        yield client


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


@pytest.fixture(scope="module")
def large(sample_with_look: Pipeline) -> Iterator[Pipeline]:
    """A table of 150 MB."""
    dsn = sample_with_look.warehouse_dsn
    values = f"now(), '1999-01-01', 'large ' || number, true, '', ({KILOBYTE}), 'warning'"
    execute(dsn, f"INSERT INTO quality_checks SELECT {values} FROM generate_series(1, {MANY}) AS number")
    yield sample_with_look
    execute(dsn, "DELETE FROM quality_checks WHERE day = '1999-01-01'")


READING = "FROM pg_stat_activity WHERE query LIKE '%FROM quality_checks%' "
READING += "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
LARGE, SMALL = "/dataset/quality_checks/data", "/dataset/loaded_days/data"


def sessions(pipeline: Pipeline) -> int:
    """How many sessions of the warehouse are reading the large table."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        return warehouse.scalar(f"SELECT count(*) {READING}")


@pytest.mark.parametrize("form", FORMS)
def test_a_large_download_is_whole_and_needs_little_memory(form: str, large: Pipeline, direct: None) -> None:
    page, size = shared.served(shared.stores(large)), 0
    with shared.logged_in(page), serving(page) as url:
        httpx.get(f"{url}{SMALL}.{form}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with httpx.stream("GET", f"{url}{LARGE}.{form}", timeout=60) as answer:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                last = chunk
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert size > MANY * 500
    assert grown < 100 * MEGABYTE
    assert last.endswith({"json": b"]\n", "parquet": b"PAR1"}.get(form, b"\n"))


@pytest.mark.parametrize("form", FORMS)
def test_what_breaks_off_does_not_look_whole(form: str, large: Pipeline, direct: None) -> None:
    page, content = shared.served(shared.stores(large)), io.BytesIO()

    def break_off(answer: httpx.Response) -> None:
        for chunk in answer.iter_bytes():
            if not content.tell():
                assert sessions(large) == 1
                execute(large.warehouse_dsn, f"SELECT pg_terminate_backend(pid) {READING}")
            content.write(chunk)

    with (
        shared.logged_in(page),
        serving(page) as url,
        httpx.stream("GET", f"{url}{LARGE}.{form}", timeout=60) as answer,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        break_off(answer)
    assert not content.getvalue().endswith((b"]\n", b"PAR1"))


def test_whoever_goes_away_leaves_no_session_and_no_slot(large: Pipeline, direct: None) -> None:
    page = shared.served(shared.stores(large))
    with shared.logged_in(page), serving(page) as url:
        for _ in range(dataset_downloads.MAX_AT_ONCE + 1):
            with httpx.stream("GET", f"{url}{LARGE}.csv", timeout=60) as answer:
                assert answer.status_code == 200
                assert next(answer.iter_bytes())
                assert sessions(large) == 1
            wait_until(lambda: sessions(large) == 0, "the session is closed")
        assert httpx.get(f"{url}{SMALL}.csv").status_code == 200


def test_more_downloads_at_once_than_are_possible_are_refused(large: Pipeline, direct: None) -> None:
    page = shared.served(shared.stores(large))
    with shared.logged_in(page), serving(page) as url:
        host, port = url.removeprefix("http://").split(":")
        readers = [socket.create_connection((host, int(port))) for _ in range(dataset_downloads.MAX_AT_ONCE)]
        for reader in readers:
            reader.sendall(f"GET {LARGE}.csv HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(1)
        answer = httpx.get(f"{url}{SMALL}.csv")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        for reader in readers:
            reader.close()
        wait_until(lambda: httpx.get(f"{url}{SMALL}.csv").status_code == 200, "a slot is free")


def test_who_takes_nothing_is_cut_off(large: Pipeline, direct: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_routes, "MAX_SECONDS", 0.5)
    page = shared.served(shared.stores(large))
    with (
        shared.logged_in(page),
        serving(page) as url,
        httpx.stream("GET", f"{url}{LARGE}.csv", timeout=60) as answer,
    ):
        assert answer.status_code == 200
        wait_until(lambda: sessions(large) == 0, "the session is closed")
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
