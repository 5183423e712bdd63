"""Objects as a terminal shows them."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from scripts.local import objects
from scripts.local.errors import StackError


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        pytest.param(0, "0 bytes", id="nothing"),
        pytest.param(999, "999 bytes", id="the last of bytes"),
        pytest.param(1_000, "1.00 kB", id="the first of kB"),
        pytest.param(45_678, "45.7 kB", id="three digits"),
        pytest.param(999_499, "999 kB", id="the last of kB"),
        pytest.param(999_500, "1.00 MB", id="what would be rounded to a thousand"),
        pytest.param(7_300_000_000_000_000, "7300 TB", id="beyond all units"),
    ],
)
def test_sizes_have_three_digits_and_a_unit(count: int, shown: str) -> None:
    assert objects.size(count) == shown


def test_a_listing_ends_with_its_total() -> None:
    at = datetime(2026, 11, 27, 18, 40, 12, tzinfo=UTC)
    found = [{"LastModified": at, "Size": size, "Key": key} for key, size in (("a.json.gz", 1_200), ("b/c", 34_000))]
    assert list(objects.listing(found)) == [
        "2026-11-27 18:40:12      1.20 kB  a.json.gz",
        "2026-11-27 18:40:12      34.0 kB  b/c",
        "2 objects, 35.2 kB",
    ]
    assert list(objects.listing([])) == ["0 objects, 0 bytes"]


@pytest.mark.parametrize(
    ("key", "body", "shown"),
    [
        pytest.param(
            "a.json.gz", gzip.compress(b'{"day":{"n":null}}'), '{\n  "day": {\n    "n": null\n  }\n}', id="JSON"
        ),
        pytest.param("a.csv.gz", gzip.compress(b"day,txs\n2026-11-27,5\n"), "day,txs\n2026-11-27,5", id="CSV"),
        pytest.param("_manifest/a.json", json.dumps({"é": 1}).encode(), '{\n  "é": 1\n}', id="not packed"),
        pytest.param("a.json", b"{", "{", id="JSON that is none"),
    ],
)
def test_text_is_unpacked_and_indented(key: str, body: bytes, shown: str) -> None:
    assert objects.text(key, body) == shown


@pytest.mark.parametrize(("key", "body"), [("a.parquet", b"PAR1\xff"), ("a.json.gz", b"no gzip")])
def test_bytes_are_not_written_to_a_terminal(key: str, body: bytes) -> None:
    with pytest.raises(StackError, match=f"{key} is not text; `s3 cat --raw`"):
        objects.text(key, body)
