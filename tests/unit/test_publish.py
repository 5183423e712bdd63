"""The bytes of a public object, and where it stands."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.runners import publish
from stacks_dataverse.runners.publish import json_bytes

SERIES = next(declared for declared in catalog.OBJECTS if declared.shape == "series" and declared.dated)
DAY = date(1970, 1, 2)


class Rows:
    """A warehouse that gives one answer."""

    def read(self, _sql: str, **_values: Any) -> pa.Table:
        return pa.table({"day": [DAY], "value": [5]})


class Shelf(dict[str, tuple[bytes, Mapping[str, str]]]):
    """A bucket in memory."""

    def put(self, key: str, body: bytes, headers: Mapping[str, str]) -> None:
        self[key] = (body, headers)


def test_the_same_value_gives_the_same_bytes() -> None:
    assert json_bytes({"1": 2}) == json_bytes({"1": 2})
    assert gzip.decompress(json_bytes({"1": None})) == b'{"1":null}'


def test_a_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes({"1": float("nan")})


def test_bytes_tell_nothing_of_when_they_were_made() -> None:
    assert json_bytes({"1": 2})[4:8] == b"\x00\x00\x00\x00"


def test_the_order_of_keys_is_kept() -> None:
    assert gzip.decompress(json_bytes({"9": 1, "10": 2})) == b'{"9":1,"10":2}'


@pytest.mark.parametrize("number", [float("inf"), float("-inf")])
def test_infinity_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes([number])


@pytest.mark.parametrize(
    ("dated", "is_newest", "keys"),
    [
        pytest.param(True, True, ["x/1970-01-02.json.gz", "x/latest.json.gz"], id="newest day: dated first"),
        pytest.param(True, False, ["x/1970-01-02.json.gz"], id="older day: dated only"),
        pytest.param(False, True, ["x/latest.json.gz"], id="undated, newest day"),
        pytest.param(False, False, [], id="undated, older day: nothing"),
    ],
)
def test_latest_is_written_for_the_newest_day_alone(dated: bool, is_newest: bool, keys: list[str]) -> None:
    shelf, declared = Shelf(), replace(SERIES, path="x/{version}.json.gz", dated=dated)
    assert publish.written(Rows(), shelf, declared, DAY, is_newest) == keys
    assert list(shelf) == keys
    assert {body for body, _ in shelf.values()} <= {json_bytes({"86400": 5})}


def test_readers_are_told_what_it_is_and_for_how_long() -> None:
    shelf = Shelf()
    publish.written(Rows(), shelf, replace(SERIES, path="x/{version}.json.gz"), DAY, True)
    headers = {key: head for key, (_, head) in shelf.items()}
    assert all(head["ContentType"] == "application/json" for head in headers.values())
    assert all(head["ContentEncoding"] == "gzip" for head in headers.values())
    ages = {key: int(head["CacheControl"].split("max-age=")[1]) for key, head in headers.items()}
    assert ages["x/latest.json.gz"] < ages["x/1970-01-02.json.gz"]
