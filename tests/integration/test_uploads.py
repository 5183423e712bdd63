"""A small file takes one call, a large one as many as it has parts; what fails half-way leaves nothing of either."""

import hashlib
import threading
import tracemalloc
import weakref
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.upload import PART_BYTES

KEY = "raw/stacks/txs/day=2024-10-29/part-0000.parquet"
SCHEMA = pa.schema([("value", pa.binary())])
BATCH_BYTES = PART_BYTES // 8

# With what Parquet adds to it, a file of seven batches stays below a part's size, and one of eight is above.
SMALL, LARGE, VERY_LARGE = 7, 8, 40
PARTS_OF_VERY_LARGE = 6

SIZES = pytest.mark.parametrize("batches", [SMALL, LARGE], ids=["below a part's size", "above"])


def random_batches(count: int) -> Iterator[pa.RecordBatch]:
    """Batches that no compression makes smaller, the same in each call."""
    random = np.random.default_rng(29)
    for _ in range(count):
        yield pa.record_batch([pa.array([random.bytes(BATCH_BYTES)], pa.binary())], schema=SCHEMA)


def broken_off(count: int) -> Iterator[pa.RecordBatch]:
    """Batches, and then the source is lost."""
    yield from random_batches(count)
    raise Terminal("the source is lost")


def calls_of(store: ObjectStore) -> list[str]:
    """What is asked of S3 from now on, in order."""
    made: list[str] = []
    store._client.meta.events.register("before-call.s3", lambda model, **_: made.append(model.name))
    return made


@pytest.fixture
def archive(new_bucket: Callable[[str], ObjectStore]) -> ObjectStore:
    """A bucket of the test's own."""
    return new_bucket("uploads")


@pytest.mark.parametrize(
    ("batches", "calls"),
    [
        pytest.param(1, ["PutObject"], id="small"),
        pytest.param(SMALL, ["PutObject"], id="almost a part"),
        pytest.param(
            LARGE,
            ["CreateMultipartUpload", "UploadPart", "UploadPart", "CompleteMultipartUpload"],
            id="a part and a little",
        ),
        pytest.param(
            VERY_LARGE,
            ["CreateMultipartUpload", *["UploadPart"] * PARTS_OF_VERY_LARGE, "CompleteMultipartUpload"],
            id="many parts",
        ),
    ],
)
def test_a_file_takes_the_calls_that_its_size_needs(batches: int, calls: list[str], archive: ObjectStore) -> None:
    made = calls_of(archive)
    stored = archive.write_parquet(KEY, SCHEMA, random_batches(batches))
    assert made == calls
    body = archive.get(KEY)
    assert (stored.bytes, stored.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    with archive.open_files({"txs": stored}) as files:
        assert pq.read_table(files["txs"]) == pa.Table.from_batches(random_batches(batches))
    assert stored.rows == batches


def test_a_file_is_not_seen_before_it_is_whole(archive: ObjectStore) -> None:
    def watched() -> Iterator[pa.RecordBatch]:
        for batch in random_batches(LARGE + 1):
            assert not archive.has(KEY)
            yield batch

    archive.write_parquet(KEY, SCHEMA, watched())
    assert archive.has(KEY)


@SIZES
@pytest.mark.parametrize("old", [None, b"an older file"], ids=["nothing before", "an older one before"])
def test_a_failure_in_mid_write_leaves_what_was_there_and_no_upload(
    batches: int, old: bytes | None, archive: ObjectStore
) -> None:
    if old:
        archive.put(KEY, old)
    with pytest.raises(Terminal, match="the source is lost"):
        archive.write_parquet(KEY, SCHEMA, broken_off(batches))
    assert archive.get(KEY) == old
    assert not archive._client.list_multipart_uploads(Bucket=archive.bucket).get("Uploads")


@SIZES
def test_a_refusal_is_told_in_the_words_of_every_store(batches: int, archive: ObjectStore) -> None:
    nowhere = ObjectStore(archive._client, "no-such-bucket")
    with pytest.raises(Terminal, match=rf"writing s3://no-such-bucket/{KEY}: .*NoSuchBucket.* Check the bucket"):
        nowhere.write_parquet(KEY, SCHEMA, random_batches(batches))


def test_memory_is_bounded_by_a_part(archive: ObjectStore) -> None:
    """What Python holds of the file: a part that fills, and once the one that becomes the first of many."""
    tracemalloc.start()
    try:
        archive.write_parquet(KEY, SCHEMA, random_batches(VERY_LARGE))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert PART_BYTES < peak < 3 * PART_BYTES


def test_batches_are_let_go_one_after_another(archive: ObjectStore) -> None:
    """Besides the first: to join batches to larger row groups would hold as many as are joined."""
    seen: list[weakref.ref[pa.RecordBatch]] = []
    alive: list[int] = []

    def watched() -> Iterator[pa.RecordBatch]:
        for batch in random_batches(VERY_LARGE):
            alive.append(sum(reference() is not None for reference in seen))
            seen.append(weakref.ref(batch))
            yield batch

    archive.write_parquet(KEY, SCHEMA, watched())
    assert len(seen) == VERY_LARGE
    assert max(alive) <= 3


def meet(store: ObjectStore, requests: str, count: int) -> None:
    """Let requests of a kind go on to S3 when so many of them are under way; they fail if that never comes."""
    meeting = threading.Barrier(count)

    def wait(**_request: object) -> None:
        meeting.wait(30)

    store._client.meta.events.register(f"before-send.s3.{requests}", wait)


def test_files_are_written_at_once(archive: ObjectStore) -> None:
    meet(archive, "PutObject", 4)
    keys = [f"{KEY}-{number}" for number in range(4)]
    with archive.together() as together:
        for key in keys[:2]:
            together.write_parquet(key, SCHEMA, random_batches(1))
        for key in keys[2:]:
            together.put_json(key, {})
    assert archive.list_keys() == sorted(keys)


def test_files_are_read_at_once(archive: ObjectStore) -> None:
    files = {str(number): archive.write_parquet(f"{KEY}-{number}", SCHEMA, random_batches(number)) for number in (1, 2)}
    meet(archive, "GetObject", len(files))
    with archive.open_files(files) as copies:
        assert {name: pq.read_metadata(copy).num_rows for name, copy in copies.items()} == {"1": 1, "2": 2}


def test_a_file_of_several_that_is_refused_is_named(archive: ObjectStore) -> None:
    nowhere = ObjectStore(archive._client, "no-such-bucket")
    with pytest.raises(Terminal, match=rf"writing s3://no-such-bucket/{KEY}: "), nowhere.together() as together:
        together.write_parquet(KEY, SCHEMA, random_batches(1))


def test_a_store_for_several_files_leaves_the_other_as_it_is(archive: ObjectStore) -> None:
    with archive.together():
        archive.put(KEY, b"at once")
        assert archive.get(KEY) == b"at once"
    archive.put(KEY, b"later")
    assert archive.get(KEY) == b"later"
