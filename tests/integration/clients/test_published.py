"""Both clients read what a run of the sample publishes, from the local S3; and the first charts of their pages."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pytest_httpserver import HTTPServer
from stacks_dataverse_client import Client, Dataset

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse.files import unzip
from tests.integration.clients import drawn
from tests.integration.clients.conftest import JAVASCRIPT, PYTHON, Reader, run_python
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_DAYS
from tests.integration.looks import PRICES, TAKEN_AT, execute
from tests.support import public_bucket
from tests.support.pipeline import Pipeline
from tests.support.public_bucket import CATALOGUE, PublicBucket
from tests.support.stores import new_stores

PLACE = "https://data.example.org"
# What a script finds in a browser, as far as the charts need it.
PAGE_BEFORE, PAGE_AFTER = "globalThis.document = { body: {} };", "console.log(document.body.innerHTML);"
MAX_LINES, MAX_REQUESTS = 10, 2
# What the values of a field are in Python, by the type that the catalogue says.
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "integer": int,
    "number": (float, int),
    "decimal": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "datetime": datetime,
    "list": list,
}


@pytest.fixture(scope="module")
def published(postgres_server: PostgresServer, s3_server: S3Server, sample: str) -> Pipeline:
    """All days of the sample and its tip published, in a bucket that anybody can read. Only to look at."""
    pipeline = new_stores(postgres_server, s3_server, "clients", sample, CYCLES[SAMPLE])
    execute(pipeline.warehouse_dsn, PRICES)
    pipeline.run(*SAMPLE_DAYS)
    pipeline.look(TAKEN_AT)
    pipeline.publish_catalogue()
    s3_server.open_to_readers(pipeline.public.bucket)
    return pipeline


@pytest.fixture
def client(direct: None, published: Pipeline) -> Client:
    """A client of the local S3 itself."""
    return Client(published.public.url, cache=None)


@pytest.fixture
def datasets(client: Client) -> list[Dataset]:
    """What the catalogue names."""
    return client.datasets()


def test_every_shape_has_the_same_rows_of_every_dataset(client: Client, datasets: list[Dataset]) -> None:
    assert len(datasets) > 50
    assert [dataset.name for dataset in datasets if not _is_the_same_in_all_shapes(client, dataset)] == []


def _is_the_same_in_all_shapes(client: Client, dataset: Dataset) -> bool:
    records = client.fetch(dataset.name, "records")
    rows: pa.Table = client.fetch(dataset.name, "arrow")
    frames: tuple[pd.DataFrame, pl.DataFrame] = client.fetch(dataset.name), client.fetch(dataset.name, "polars")
    exact = {each.name for each in dataset.fields if each.type == "decimal"}
    return (
        [_plain(row, exact) for row in rows.to_pylist()] == records
        and [_plain(row, exact) for row in frames[1].to_dicts()] == records
        and list(frames[0].columns) == [each.name for each in dataset.fields]
        and len(frames[0]) == len(records)
    )


def _plain(row: Mapping[str, Any], exact: set[str]) -> dict[str, Any]:
    """A row of Parquet as a record: there a number of more digits than a decimal has is text."""
    return {name: Decimal(value) if name in exact and value is not None else value for name, value in row.items()}


def test_values_are_of_the_type_that_the_catalogue_says(client: Client, datasets: list[Dataset]) -> None:
    wrong = [
        (dataset.name, each.name, value)
        for dataset in datasets
        for row in client.fetch(dataset.name, "records")
        for each in dataset.fields
        if not isinstance(value := row[each.name], KINDS[each.type]) and (value is not None or not each.null)
    ]
    assert wrong == []


def test_javascript_has_the_data_of_every_file(
    published: Pipeline, datasets: list[Dataset], run_javascript: Callable[..., Any], direct: None
) -> None:
    read = Reader(run_javascript, published.public.url)
    rows = read.values(*(("fetch", dataset.name) for dataset in datasets))
    bodies = [unzip(published.public.get(dataset.file("json").key) or b"") for dataset in datasets]
    assert rows == [json.loads(body)["data"] for body in bodies]


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_day_is_fetched_from_the_store(
    published: Pipeline, language: str, request: pytest.FixtureRequest, direct: None
) -> None:
    run = run_python if language == "python" else request.getfixturevalue("run_javascript")
    read = Reader(run, published.public.url)
    last, first = (("fetch", "signers", day) for day in (SAMPLE_DAYS[-1], SAMPLE_DAYS[0]))
    assert read.one(*last) == read.one("fetch", "signers") != []
    assert read.one(*first) != []
    name, message = read.error("fetch", "signers", "2024-11-05")
    assert name == "NotPublishedError"
    assert f"from {SAMPLE_DAYS[0]} to {SAMPLE_DAYS[-1]}" in message


def test_what_the_store_says_is_unchanged_is_not_transferred_again(
    published: Pipeline, tmp_path: Path, direct: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch_all() -> list[Any]:
        client = Client(published.public.url, cache=tmp_path)
        return [client.fetch("signers", "records"), client.fetch("signers", "records", SAMPLE_DAYS[0])]

    first = fetch_all()
    monkeypatch.setattr("stacks_dataverse_client.bucket.OK", None)
    assert fetch_all() == first


@pytest.fixture
def counted(published: Pipeline, direct: None, httpserver: HTTPServer) -> PublicBucket:
    """The published sample behind a server that counts requests."""
    bucket = public_bucket.served(httpserver)
    store = published.public
    bucket.objects = {key: unzip(store.get(key) or b"") for key in store.list_keys() if "network" in key}
    bucket.objects[CATALOGUE] = unzip(store.get(CATALOGUE) or b"")
    return bucket


@pytest.fixture
def backend() -> Iterator[list[dict[str, Any]]]:
    """What pandas is asked to draw."""
    drawn.DRAWN.clear()
    with pd.option_context("plotting.backend", drawn.__name__):
        yield drawn.DRAWN


def blocks(package: Path, language: str) -> list[str]:
    """The charts of a package's page: with the package, and without it."""
    text = (package / "README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def expected(published: Pipeline) -> tuple[list[str], list[int]]:
    """Days, and how many transactions they have."""
    rows = published.read("SELECT day::text AS day, tx_count FROM loaded_days ORDER BY day")
    return rows["day"].to_pylist(), rows["tx_count"].to_pylist()


@pytest.mark.parametrize("number", [0, 1], ids=["with the package", "without it"])
def test_a_first_chart_in_python_takes_ten_lines_and_two_requests(
    counted: PublicBucket,
    backend: list[dict[str, Any]],
    published: Pipeline,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    text = blocks(PYTHON, "python")[number]
    exec(text.replace(PLACE, counted.url), {})
    days, counts = expected(published)
    [chart] = backend
    assert ([day[:10] for day in chart["x"]], chart["y"]) == (days, counts)
    assert chart["title"] == "Transactions, fees and accounts per day"
    assert counted.keys_seen == [CATALOGUE, "v1/network_activity.parquet"]
    assert len(counted.seen) <= MAX_REQUESTS
    assert len([line for line in text.splitlines() if line]) <= MAX_LINES


@pytest.mark.parametrize("number", [0, 1], ids=["with the package", "without it"])
def test_a_first_chart_in_javascript_takes_ten_lines_and_two_requests(
    counted: PublicBucket,
    published: Pipeline,
    number: int,
    run_script: Callable[..., str],
    node_folder: Path,
) -> None:
    text = blocks(JAVASCRIPT, "js")[number]
    lines = PAGE_BEFORE, text.replace(PLACE, counted.url), PAGE_AFTER
    (node_folder / f"chart_{number}.mjs").write_text("\n".join(lines))
    html = run_script(f"chart_{number}.mjs")
    days, counts = expected(published)
    top = max(counts)
    bars = [f'<p>{day} <meter max="{top}" value="{n}"></meter> {n}</p>' for day, n in zip(days, counts, strict=True)]
    assert html.strip() == f"<h1>Transactions, fees and accounts per day</h1>{''.join(bars)}"
    assert counted.keys_seen == [CATALOGUE, "v1/network_activity.json.gz"]
    assert len(counted.seen) <= MAX_REQUESTS
    assert len([line for line in text.splitlines() if line]) <= MAX_LINES
