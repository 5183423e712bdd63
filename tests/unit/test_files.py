"""The bytes of a public file, and what a browser is told of them."""

import csv
import gzip
import io
import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stacks_dataverse.files import answer_gz, csv_text, headers, json_gz, parquet


def test_the_same_value_gives_the_same_bytes() -> None:
    assert json_gz({"1": 2}) == json_gz({"1": 2})
    assert gzip.decompress(json_gz({"1": None})) == b'{"1":null}'


def test_bytes_tell_nothing_of_when_they_were_made() -> None:
    assert json_gz({"1": 2})[4:8] == b"\x00\x00\x00\x00"


def test_the_order_of_keys_is_kept() -> None:
    assert gzip.decompress(json_gz({"9": 1, "10": 2})) == b'{"9":1,"10":2}'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_know_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_gz([number])


def test_a_table_is_csv_with_names_and_empty_fields_for_null() -> None:
    rows = pa.table({"name": ['say "hi", all', None], "amount": [0.5, None], "height": [1, 2**53 + 1]})
    text = csv_text(rows).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "amount", "height"],
        ['say "hi", all', "0.5", "1"],
        ["", "", str(2**53 + 1)],
    ]
    assert text.endswith("\r\n")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/latest.json.gz", {"ContentType": "application/json", "ContentEncoding": "gzip"}),
        ("a/latest.csv.gz", {"ContentType": "text/csv; charset=utf-8", "ContentEncoding": "gzip"}),
        ("a/latest.parquet", {"ContentType": "application/vnd.apache.parquet"}),
    ],
)
def test_a_browser_is_told_what_it_gets(path: str, expected: dict[str, str]) -> None:
    assert headers(path) == expected


def test_parquet_is_the_same_for_the_same_rows_with_statistics_and_what_is_said_of_them() -> None:
    rows = pa.table({"day": [date(2024, 5, 1), date(2024, 5, 2)], "amount": [0.5, None]})
    body = parquet(rows, {"dataset": "x"})
    assert body == parquet(rows.combine_chunks(), {"dataset": "x"})
    file = pq.ParquetFile(pa.BufferReader(body))
    assert file.read().equals(rows)
    assert file.metadata.metadata == {b"dataset": b"x"}
    assert file.metadata.num_row_groups == 1
    days = file.metadata.row_group(0).column(0)
    assert (days.statistics.min, days.statistics.max, days.compression) == (*rows["day"].to_pylist(), "SNAPPY")


def test_a_null_where_there_is_none_is_refused() -> None:
    rows = pa.table([pa.array([1, None], pa.int64())], pa.schema([pa.field("height", pa.int64(), False)]))
    with pytest.raises((ValueError, OSError), match="height"):
        parquet(rows, {})


def test_a_vendors_answer_is_kept_as_it_came_even_with_what_json_does_not_know() -> None:
    answer = {"data": [{"close": float("nan"), "name": "ü"}]}
    kept = answer_gz(answer)
    assert kept == answer_gz(answer)
    assert repr(json.loads(gzip.decompress(kept))) == repr(answer)
