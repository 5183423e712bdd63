"""What the files of a dataset contain, and for how long each may be kept."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import LATEST, PublicObject, Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.public_files import Format, Role
from stacks_dataverse.runners.contents import Publication, read_publication
from stacks_dataverse.runners.upload import Upload
from tests.unit.runners.shelf import ANSWER, DAY, SERIES, Rows

END = datetime(1970, 1, 3, tzinfo=UTC)
OBJECTS = {declared.name: declared for declared in catalog.OBJECTS}


def contents(obj: PublicObject, rows: pa.Table | None) -> dict[tuple[Role, Format], bytes]:
    made = Publication(obj, [LATEST], rows, END).contents()
    return {(file.role, file.format): content for file, content in made.items()}


def uploads(obj: PublicObject, *versions: str) -> list[Upload]:
    [draft] = read_publication(Rows(), obj, versions, day=DAY)
    return list(draft())


def read_parquet(content: bytes) -> tuple[pa.Table, dict[bytes, bytes]]:
    file = pq.ParquetFile(pa.BufferReader(content))
    return file.read(), file.metadata.metadata


def test_every_file_has_the_same_rows_in_its_own_form() -> None:
    made = contents(SERIES, ANSWER)
    envelope = json.loads(made[Role.V1, Format.JSON])
    rows, about = read_parquet(made[Role.V1, Format.PARQUET])
    assert (envelope["dataset"], envelope["as_of"]) == ("daily_txs", "1970-01-03T00:00:00Z")
    assert envelope["data"] == [{"day": "1970-01-02", "tx_count": 5}]
    assert rows.to_pylist() == [{"day": DAY, "tx_count": 5}]
    assert about == {b"dataset": b"daily_txs", b"as_of": b"1970-01-03T00:00:00Z", b"is_known": b"true"}
    assert made[Role.PREDECESSOR, Format.JSON] == b'{"86400":5}'


def test_what_is_not_known_is_null_or_without_rows_and_says_so() -> None:
    made = contents(replace(SERIES, known="SELECT false"), None)
    rows, about = read_parquet(made[Role.V1, Format.PARQUET])
    assert json.loads(made[Role.V1, Format.JSON])["data"] is None
    assert (rows.schema.names, rows.num_rows, about[b"is_known"]) == (["day", "tx_count"], 0, b"false")
    assert made[Role.PREDECESSOR, Format.JSON] == b"null"


def test_a_moment_is_iso_under_v1_and_unix_seconds_in_the_predecessors_csv() -> None:
    values: dict[str, Any] = {column.name: "text" for column in OBJECTS["whale_movements"].columns}
    at = datetime(1970, 1, 2, 0, 0, 1, tzinfo=UTC)
    row = values | {"block_height": 7, "amount": 1.5, "burn_block_time": at}
    made = contents(OBJECTS["whale_movements"], pa.Table.from_pylist([row]))
    names, line = made[Role.PREDECESSOR, Format.CSV].decode().splitlines()
    assert dict(zip(names.split(","), line.split(","), strict=True))["burn_block_time"] == "86401"
    assert json.loads(made[Role.V1, Format.JSON])["data"][0]["burn_block_time"] == "1970-01-02T00:00:01Z"
    assert read_parquet(made[Role.V1, Format.PARQUET])[0]["burn_block_time"].to_pylist() == [at]


def test_a_null_where_none_is_declared_is_refused() -> None:
    rows = pa.table({"day": pa.array([None], pa.date32()), "tx_count": [5]})
    with pytest.raises((ValueError, OSError), match="day"):
        contents(SERIES, rows)


def test_a_value_that_is_not_as_the_schema_has_it_is_refused() -> None:
    odd = replace(SERIES, shape=lambda _: {"86400": "five"})
    with pytest.raises(Terminal, match=r"schema/daily_txs.predecessor.json at 86400: .five. is not of types"):
        contents(odd, ANSWER)


def test_every_version_has_the_same_content_and_latest_comes_last() -> None:
    made = uploads(SERIES, "1970-01-02", "latest")
    assert [each.key for each in made] == [
        *("v1/daily_txs/1970-01-02.json.gz", "v1/daily_txs/1970-01-02.parquet", "x/1970-01-02.json.gz"),
        *("v1/daily_txs/latest.json.gz", "v1/daily_txs/latest.parquet", "x/latest.json.gz"),
    ]
    assert [each.content for each in made[:3]] == [each.content for each in made[3:]]


def test_a_version_of_a_day_is_known_as_that_and_the_newest_by_the_days_of_its_rows() -> None:
    dated, newest = uploads(SERIES, "1970-01-02", "latest")[::3]
    assert (dated.version, dated.first_day) == (("v1/daily_txs/{version}.json.gz", DAY), None)
    assert (newest.version, newest.first_day, newest.last_day, newest.as_of) == (None, DAY, DAY, END)


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        pytest.param("number_of_pools", {"total_pools": [7]}, None, id="not by day"),
        pytest.param(
            "price_7d",
            {"hour_at": pa.array([datetime(1970, 1, 2, 23, tzinfo=UTC)], pa.timestamp("us", "UTC")),
             "close_usd": [0.5]},
            date(1970, 1, 2),
            id="by hour",
        ),
    ],
)  # fmt: skip
def test_rows_are_of_days_or_not(name: str, answer: dict[str, Any], expected: date | None) -> None:
    publication = Publication(OBJECTS[name], [LATEST], pa.table(answer), END)
    assert {(each.first_day, each.last_day) for each in publication.uploads()} == {(expected, expected)}


@pytest.mark.parametrize("schedule", Schedule)
def test_latest_may_be_kept_no_longer_than_until_the_next_run(schedule: Schedule) -> None:
    publication = Publication(replace(SERIES, schedule=schedule), ["1970-01-02", "latest"], ANSWER, END)
    ages = [int(each.headers["CacheControl"].split("max-age=")[1]) for each in publication.uploads()]
    assert min(ages[:3]) > max(ages[3:])
    assert max(ages[3:]) <= (1800 if schedule is Schedule.HALF_HOURLY else 86_400)


def test_an_object_of_which_nothing_is_known_stays_as_it_is() -> None:
    kept = replace(SERIES, keep_if_empty=True)
    assert len(list(read_publication(Rows(), kept, [LATEST], day=DAY))) == 1
    assert list(read_publication(Rows(ANSWER.slice(0, 0)), kept, [LATEST], day=DAY)) == []


def test_an_object_of_the_tip_is_as_old_as_the_tip() -> None:
    [draft] = read_publication(Rows(), replace(SERIES, schedule=Schedule.HALF_HOURLY), [LATEST], tip_at=86_401)
    assert draft()[0].as_of == datetime(1970, 1, 2, 0, 0, 1, tzinfo=UTC)


def test_without_a_day_the_end_of_the_data_is_not_known() -> None:
    [draft] = read_publication(Rows(), replace(SERIES, schedule=Schedule.MARKET), [LATEST], day=None)
    assert draft()[0].as_of is None


def test_gzip_is_for_what_is_read_whole() -> None:
    stored = {each.key: each.headers.get("ContentEncoding") for each in uploads(SERIES, "latest")}
    assert stored == {
        "v1/daily_txs/latest.json.gz": "gzip",
        "v1/daily_txs/latest.parquet": None,
        "x/latest.json.gz": "gzip",
    }
    assert gzip.compress(b"", mtime=0)[4:8] == b"\x00\x00\x00\x00"
