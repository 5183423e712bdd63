"""What a client does, in Python and in JavaScript, while the bucket changes and its server fails."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from werkzeug import Request, Response

from stacks_dataverse.public import catalogue_schema
from tests.integration.clients.conftest import Reader
from tests.support.public_bucket import CATALOGUE, PublicBucket, file_answer, rows_of

OLD, NEW = rows_of(139, 138, 140), rows_of(139, 138, 140, 141)
BLOCKS, SIGNERS = "v1/blocks.json.gz", "v1/signers/2024-10-30.json.gz"
FETCH = ("fetch", "blocks")


def other_rows(_: Request) -> Response:
    """A file that is whole, and not the one that the catalogue describes."""
    return file_answer(BLOCKS, b'{"data": []}')


def test_the_catalogue_that_these_tests_publish_is_one(bucket: PublicBucket) -> None:
    jsonschema.validate(json.loads(bucket.objects[CATALOGUE]), catalogue_schema.SCHEMA)


def test_datasets_are_listed_described_and_fetched(read: Reader, bucket: PublicBucket) -> None:
    calls = ("datasets",), ("datasets", "mining"), ("describe", "blocks"), FETCH
    names, others, fields, rows = read.values(*calls)
    assert (names, others) == (["blocks", "signers"], [])
    assert fields == ["day", "seen_at", "blocks", "supply"]
    assert rows == OLD
    assert bucket.keys_seen == [CATALOGUE, BLOCKS]


def test_an_unknown_name_is_answered_with_those_that_are_alike(read: Reader) -> None:
    name, message = read.error("fetch", "bloks")
    assert name == "UnknownDatasetError"
    assert "Did you mean blocks?" in message


def test_a_name_like_no_other_is_answered_with_where_they_are_listed(read: Reader) -> None:
    name, message = read.error("describe", "xyz")
    assert name == "UnknownDatasetError"
    assert "datasets()" in message


def test_a_file_that_was_published_since_is_that_of_the_next_catalogue(read: Reader, bucket: PublicBucket) -> None:
    bucket.then[CATALOGUE].append(partial(bucket.publish, "blocks", NEW))
    assert read.one(*FETCH) == NEW
    assert bucket.keys_seen == [CATALOGUE, BLOCKS, CATALOGUE]
    assert {request.headers["Cache-Control"] for request in bucket.seen} <= {"no-cache", "max-age=0"}


def test_a_publish_under_way_is_waited_for(read: Reader, bucket: PublicBucket) -> None:
    """The catalogue is written last: until then files are newer than it says."""
    bucket.then[CATALOGUE] += [
        partial(bucket.write, "blocks", NEW),
        lambda: None,
        bucket.write_catalogue,
    ]
    assert read.one(*FETCH, patience=30) == NEW


def test_a_file_that_was_damaged_on_the_way_is_read_again(cached: Reader, bucket: PublicBucket) -> None:
    bucket.faults[BLOCKS].append(other_rows)
    assert cached.one(*FETCH) == OLD
    assert cached.one(*FETCH, offline=True) == OLD


def test_a_file_that_stays_damaged_is_an_error_and_not_kept(cached: Reader, bucket: PublicBucket) -> None:
    bucket.faults[BLOCKS] += [other_rows, other_rows]
    name, message = cached.error(*FETCH)
    assert name == "DamagedError"
    assert BLOCKS in message
    assert cached.error(*FETCH, offline=True)[0] == "NotCachedError"


def test_a_file_of_a_day_that_cannot_be_read_is_an_error_and_not_kept(cached: Reader, bucket: PublicBucket) -> None:
    bucket.objects[SIGNERS] = b'{"data": ['
    assert cached.error("fetch", "signers", "2024-10-30")[0] == "DamagedError"
    assert cached.error("fetch", "signers", "2024-10-30", offline=True)[0] == "NotCachedError"
    bucket.write("signers", rows_of(8), day="2024-10-30")
    assert cached.one("fetch", "signers", "2024-10-30") == rows_of(8)


@pytest.mark.parametrize("status", [403, 404])
def test_a_day_that_is_not_published_is_answered_with_those_that_are(
    read: Reader, bucket: PublicBucket, status: int
) -> None:
    bucket.faults["v1/signers/2024-11-01.json.gz"].append(lambda _: Response(status=status))
    name, message = read.error("fetch", "signers", "2024-11-01")
    assert name == "NotPublishedError"
    assert "from 2024-10-28 to 2024-10-30" in message


def test_a_day_of_a_dataset_that_keeps_none_is_an_error(read: Reader, bucket: PublicBucket) -> None:
    name, message = read.error("fetch", "blocks", "2024-10-30")
    assert name == "NotPublishedError"
    assert "without a day" in message
    assert bucket.keys_seen == [CATALOGUE]


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>", b"[]", b"{}", b'{"version": "1.0.0", "datasets": 1}', b'{"version": "1.0.0", "datasets": [null]}'),
        *(b'{"version": "1.0.0", "datasets": [{"name": "blocks"}]}', pytest.param(b"[" * 100_000, id="very deep")),
    ],
    ids=bytes.decode,
)
def test_what_is_no_catalogue_is_an_error(read: Reader, bucket: PublicBucket, body: bytes) -> None:
    bucket.objects[CATALOGUE] = body
    assert read.error("datasets")[0] == "DamagedError"


def test_a_catalogue_of_a_later_major_version_is_an_error(read: Reader, bucket: PublicBucket) -> None:
    bucket.write_catalogue("2.0.0")
    name, message = read.error("datasets")
    assert name == "UnsupportedError"
    assert "2.0.0" in message


def test_a_later_minor_version_may_say_more(read: Reader, bucket: PublicBucket) -> None:
    for entry in (bucket.entries["blocks"], *bucket.entries["blocks"]["files"], *bucket.entries["blocks"]["fields"]):
        entry["news"] = 1
    bucket.write_catalogue("1.7.0")
    assert read.one(*FETCH) == OLD


def test_an_address_may_be_that_of_the_catalogue(read: Reader) -> None:
    assert Reader(read.run, f"{read.url}/{CATALOGUE}").one(*FETCH) == OLD
    assert Reader(read.run, f"{read.url}/").one(*FETCH) == OLD


def test_an_address_with_a_password_is_refused_without_saying_it(
    node_folder: Path, run_script: Callable[..., str]
) -> None:
    making = 'new Client("https://reader:hidden@data.example")'
    shown = "console.log(error.message)"
    script = f'import {{ Client }} from "stacks-dataverse-client"; try {{ {making} }} catch (error) {{ {shown} }}'
    (node_folder / "password.mjs").write_text(script)
    printed = run_script("password.mjs")
    assert "leave it out" in printed
    assert "hidden" not in printed
