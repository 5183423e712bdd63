"""The Python client: the shapes that rows come in, and what a cache is that processes share."""

import itertools
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from stacks_dataverse_client import Client, DamagedError, Dataset, NotPublishedError
from stacks_dataverse_client.cache import Cache, Entry

from tests.integration.clients.conftest import run_python
from tests.support.public_bucket import CATALOGUE, PublicBucket, file_answer, rows_of

SUPPLY = 340282366920938463463
ROW = {"day": date(2024, 10, 28), "seen_at": datetime(2024, 10, 28, 23, 59, 58, tzinfo=UTC), "blocks": 139}
RECORD = ROW | {"supply": Decimal(SUPPLY)}
ENTRIES = [Entry(bytes([65 + number]) * 200_000, f'"{number}"') for number in range(4)]
ROUNDS = 200


@pytest.fixture
def client(bucket: PublicBucket) -> Client:
    """A client of that bucket, that keeps nothing."""
    return Client(bucket.url, cache=None, patience=0)


def test_records_are_as_python_has_them(client: Client) -> None:
    assert client.fetch("blocks", "records")[0] == RECORD


def test_an_arrow_table_is_typed(client: Client) -> None:
    table = client.fetch("blocks", "arrow")
    assert table.schema.types == [pa.date32(), pa.timestamp("us", "UTC"), pa.int64(), pa.decimal128(38, 0)]
    assert table.to_pylist()[0] == RECORD


def test_a_frame_of_pandas_has_days_that_a_chart_understands(client: Client) -> None:
    frame = client.fetch("blocks")
    assert [kind.kind for kind in frame.dtypes] == ["M", "M", "i", "O"]
    assert frame.iloc[0].to_dict() == RECORD | {"day": pd.Timestamp("2024-10-28")}
    assert frame["supply"].astype(float).tolist() == [float(SUPPLY)] * 3


def test_a_frame_of_polars_is_typed(client: Client) -> None:
    frame = client.fetch("blocks", as_="polars")
    assert frame.schema == {
        "day": pl.Date,
        "seen_at": pl.Datetime("us", "UTC"),
        "blocks": pl.Int64,
        "supply": pl.Decimal(38, 0),
    }
    assert frame.row(0, named=True) == RECORD


@pytest.mark.parametrize("as_", ["pandas", "polars", "arrow", "records"])
def test_a_day_is_a_date_or_its_text(client: Client, as_: Any) -> None:
    by_date, by_text = (client.fetch("signers", as_, day) for day in (date(2024, 10, 30), "2024-10-30"))
    assert len(by_date) == len(by_text) == 1


def test_what_is_not_known_has_no_rows(client: Client, bucket: PublicBucket) -> None:
    bucket.objects["v1/signers/2024-10-30.json.gz"] = b'{"data": null}'
    assert client.fetch("signers", "records", "2024-10-30") == []


@pytest.mark.parametrize("as_", ["pandas", "polars", "arrow"])
def test_a_day_that_cannot_be_read_is_damaged(client: Client, bucket: PublicBucket, as_: Any) -> None:
    key = "v1/signers/2024-10-30.parquet"
    bucket.faults[key].append(lambda _: file_answer(key, bucket.objects[key][:-9]))
    with pytest.raises(DamagedError, match=key):
        client.fetch("signers", as_, "2024-10-30")


def test_a_format_that_a_dataset_does_not_have(client: Client, bucket: PublicBucket) -> None:
    bucket.entries["blocks"]["files"] = [each for each in bucket.entries["blocks"]["files"] if each["format"] == "json"]
    bucket.write_catalogue()
    assert client.fetch("blocks", "records")
    with pytest.raises(NotPublishedError, match="parquet"):
        client.fetch("blocks", "arrow")


@pytest.mark.parametrize(("as_", "package"), [("pandas", "pandas"), ("pandas", "pyarrow"), ("polars", "polars")])
def test_a_package_that_is_missing_is_named(
    client: Client, bucket: PublicBucket, monkeypatch: pytest.MonkeyPatch, as_: Any, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"needs {package}"):
        client.fetch("blocks", as_)
    assert bucket.seen == []


def test_a_shape_that_is_none_is_answered_with_those_that_are(client: Client) -> None:
    with pytest.raises(ValueError, match="pandas, polars, arrow, records"):
        client.fetch("blocks", "csv")  # type: ignore[call-overload]


def test_a_description_is_to_be_read(client: Client) -> None:
    dataset: Dataset = client.describe("blocks")
    assert repr(dataset) == "<Dataset blocks: Blocks>"
    assert str(dataset).splitlines() == [
        "Blocks (blocks), up to 2024-10-31 00:10:00+00:00",
        "Counted.",
        "  day (date): UTC day",
        "  seen_at (datetime): time of the last block",
        "  blocks (integer): canonical blocks",
        "  supply (decimal, µSTX): tokens; null if it is not known",
    ]
    assert (dataset.first_day, dataset.last_day) == (date(2024, 10, 1), date(2024, 10, 30))
    assert dataset.published_at == datetime(2024, 10, 31, 0, 10, tzinfo=UTC)


def test_the_catalogue_is_read_by_its_first_use_and_once(client: Client, bucket: PublicBucket) -> None:
    assert bucket.seen == []
    assert client.catalogue is client.catalogue
    assert bucket.keys_seen == [CATALOGUE]


def test_files_are_kept_at_home_unless_told_otherwise(bucket: PublicBucket, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Client(bucket.url).fetch("blocks", "records")[0] == RECORD
    assert len(list((tmp_path / ".cache" / "stacks-dataverse").iterdir())) == 2


@pytest.mark.parametrize("steps", itertools.product(("write", "write_catalogue", "nothing"), repeat=4), ids="-".join)
def test_whatever_is_published_meanwhile_the_rows_are_of_one_version(
    bucket: PublicBucket, monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...]
) -> None:
    """Every order of steps after the first two requests of the catalogue and of the file; then the publish ends."""
    monkeypatch.setattr("stacks_dataverse_client.bucket.FIRST_WAIT_SECONDS", 0.001)
    actions = {
        "write": partial(bucket.write, "blocks", rows_of(139, 138, 140, 141)),
        "write_catalogue": bucket.write_catalogue,
        "nothing": lambda: None,
    }
    bucket.then[CATALOGUE] += [actions[steps[0]], actions[steps[1]], bucket.write_catalogue]
    bucket.then["v1/blocks.json.gz"] += [actions[steps[2]], actions[steps[3]]]
    rows = Client(bucket.url, cache=None, patience=60).fetch("blocks", "records")
    assert len(rows) == 4 if steps[0] == "write" else len(rows) in (3, 4)


def write_entries(folder: Path, number: int) -> int:
    """Write an entry over and over."""
    cache = Cache(folder)
    for _ in range(ROUNDS):
        cache.put("url", ENTRIES[number])
    return 0


def count_others(folder: Path, _: int) -> int:
    """Read an entry over and over; returns how often it was none of those that are written."""
    cache = Cache(folder)
    return sum(cache.get("url") not in ENTRIES for _ in range(ROUNDS))


def test_processes_that_share_a_cache_see_whole_entries(tmp_path: Path) -> None:
    Cache(tmp_path).put("url", ENTRIES[0])
    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        jobs = [pool.submit(job, tmp_path, number) for number in (1, 2) for job in (write_entries, count_others)]
        assert [job.result() for job in jobs] == [0] * 4
    assert len(list(tmp_path.iterdir())) == 1


def test_clients_of_both_languages_share_a_cache(
    bucket: PublicBucket, run_javascript: Callable[..., Any], tmp_path: Path
) -> None:
    calls = [("fetch", "blocks"), ("fetch", "signers", "2024-10-30")]
    for name, (writer, reader) in enumerate([(run_python, run_javascript), (run_javascript, run_python)]):
        options = {"patience": 0, "timeout": 30, "cache": tmp_path / str(name)}
        written = writer(bucket.url, options, calls)
        assert reader(bucket.url, options | {"offline": True}, calls) == written
        assert written == [{"value": rows_of(139, 138, 140)}, {"value": rows_of(7)}]


def test_an_address_with_a_password_is_refused_without_saying_it() -> None:
    with pytest.raises(ValueError, match="leave it out") as refused:
        Client("https://reader:hidden@data.example")
    assert "hidden" not in str(refused.value)
