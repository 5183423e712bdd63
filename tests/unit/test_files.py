"""The bytes of a public file, and what a browser is told of them."""

import csv
import gzip
import io
import json

import pyarrow as pa
import pytest

from stacks_dataverse.files import answer_gz, encode, headers, json_gz


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
    text = gzip.decompress(encode("x/latest.csv.gz", rows)).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "amount", "height"],
        ['say "hi", all', "0.5", "1"],
        ["", "", str(2**53 + 1)],
    ]
    assert text.endswith("\r\n")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("a/latest.json.gz", "application/json"), ("a/latest.csv.gz", "text/csv; charset=utf-8")],
)
def test_a_browser_is_told_what_it_gets(path: str, content_type: str) -> None:
    assert headers(path) == {"ContentType": content_type, "ContentEncoding": "gzip"}


def test_a_vendors_answer_is_kept_as_it_came_even_with_what_json_does_not_know() -> None:
    answer = {"data": [{"close": float("nan"), "name": "ü"}]}
    kept = answer_gz(answer)
    assert kept == answer_gz(answer)
    assert repr(json.loads(gzip.decompress(kept))) == repr(answer)
