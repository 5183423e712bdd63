"""What a client keeps on disk, in Python and in JavaScript, and what it does not transfer again."""

import gzip
from functools import partial
from pathlib import Path

from werkzeug import Request, Response

from tests.integration.clients.conftest import Reader
from tests.support.public_bucket import CATALOGUE, PublicBucket, file_answer, rows_of

OLD, NEW = rows_of(139, 138, 140), rows_of(139, 138, 140, 141)
BLOCKS, SIGNERS = "v1/blocks.json.gz", "v1/signers/2024-10-30.json.gz"
FETCH = ("fetch", "blocks")


def test_what_is_cached_and_unchanged_is_not_transferred(cached: Reader, bucket: PublicBucket) -> None:
    calls = FETCH, ("fetch", "signers", "2024-10-30")
    first = cached.values(*calls)
    bucket.seen.clear()
    assert cached.values(*calls) == first
    assert [(request.key, request.status) for request in bucket.seen] == [(CATALOGUE, 304), (SIGNERS, 304)]


def test_what_is_cached_and_changed_is_transferred(cached: Reader, bucket: PublicBucket) -> None:
    calls = FETCH, ("fetch", "signers", "2024-10-30")
    cached.values(*calls)
    bucket.write("signers", rows_of(8), day="2024-10-30")
    bucket.publish("blocks", NEW)
    assert cached.values(*calls) == [NEW, rows_of(8)]


def test_a_server_that_takes_a_changed_file_for_the_old_one_is_asked_for_all_of_it(
    cached: Reader, bucket: PublicBucket
) -> None:
    """As one whose ETags are of times in whole seconds."""

    def unchanged_if_asked(request: Request) -> Response:
        is_asked = "If-None-Match" in request.headers
        return Response(status=304) if is_asked else file_answer(BLOCKS, bucket.objects[BLOCKS])

    cached.values(FETCH)
    bucket.publish("blocks", NEW)
    bucket.faults[BLOCKS] += [unchanged_if_asked, unchanged_if_asked]
    assert cached.one(*FETCH) == NEW


def test_a_new_client_reads_the_catalogue_again_and_an_old_one_when_told(read: Reader, bucket: PublicBucket) -> None:
    bucket.then[BLOCKS].append(partial(bucket.publish, "blocks", NEW))
    assert read.values(FETCH, ("refresh",), FETCH) == [OLD, "1.0.0", NEW]


def test_offline_the_cache_is_read_and_no_server(cached: Reader, bucket: PublicBucket) -> None:
    calls = FETCH, ("fetch", "signers", "2024-10-30"), ("datasets",)
    answers = cached.values(*calls)
    bucket.seen.clear()
    assert cached.values(*calls, offline=True) == answers
    assert bucket.seen == []
    name, message = cached.error("fetch", "signers", offline=True)
    assert name == "NotCachedError"
    assert "v1/signers/latest.json.gz" in message


def test_offline_a_file_is_read_that_is_older_than_the_catalogue(cached: Reader, bucket: PublicBucket) -> None:
    cached.values(FETCH)
    bucket.publish("blocks", NEW)
    cached.values(("datasets",))
    assert cached.one(*FETCH, offline=True) == OLD


def test_what_the_disk_damaged_is_read_again(cached: Reader) -> None:
    cached.values(FETCH)
    folder: Path = cached.options["cache"]
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert cached.error(*FETCH, offline=True)[0] == "NotCachedError"
    assert cached.one(*FETCH) == OLD


def test_a_cache_that_cannot_be_written_to_is_no_hindrance(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read.one(*FETCH, cache=tmp_path / "file" / "cache") == OLD


def test_a_file_without_an_etag_is_cached_by_what_it_holds(cached: Reader, bucket: PublicBucket) -> None:
    def without_etag(_: Request) -> Response:
        return Response(gzip.compress(bucket.objects[BLOCKS]), headers={"Content-Encoding": "gzip"})

    bucket.faults[BLOCKS].append(without_etag)
    assert cached.values(FETCH) == cached.values(FETCH) == [OLD]
    assert bucket.keys_seen.count(BLOCKS) == 1
