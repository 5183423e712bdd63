"""S3 answers 503, or slowly: a moment of it is waited out, more is Retryable; and the next run ends right."""

import gc
import os
import threading
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from stacks_dataverse import paths
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.stores import upload
from tests.faults.conftest import DAY, RunningDay
from tests.faults.reader import Reader
from tests.faults.s3 import FaultyS3
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

Matching = Callable[[str, str], bool]


def land_by_parts(pipeline: Pipeline, day: str) -> None:
    """Land a day as if each of its files filled a part."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(upload, "PART_BYTES", 0)
        pipeline.land(day)


REQUESTS = {
    "beginning an upload": (land_by_parts, lambda method, path: method == "POST" and path.endswith("?uploads")),
    "sending a part": (land_by_parts, lambda method, path: method == "PUT" and "partNumber=" in path),
    "completing an upload": (land_by_parts, lambda method, path: method == "POST" and "?uploadId=" in path),
    "writing a raw file": (Pipeline.land, lambda method, path: method == "PUT" and path.endswith("/part-0000.parquet")),
    "writing the manifest": (Pipeline.land, lambda method, path: method == "PUT" and path.endswith(f"{DAY}.json")),
    "reading the manifest": (Pipeline.build, lambda method, path: method == "GET" and path.endswith(f"{DAY}.json")),
    "reading a raw file": (Pipeline.build, lambda method, path: method == "GET" and "/stx_events/" in path),
    "looking at a public object": (Pipeline.finish, lambda method, path: method == "HEAD" and "latest" in path),
    "writing a public object": (Pipeline.finish, lambda method, path: method == "PUT" and "whales" not in path),
}
BEFORE = {
    land_by_parts: [],
    Pipeline.land: [],
    Pipeline.build: [Pipeline.land],
    Pipeline.finish: [Pipeline.land, Pipeline.build],
}
WRITES_AND_READS = ["sending a part", "writing a raw file", "reading a raw file", "writing a public object"]
ALL = pytest.mark.parametrize(("step", "matching"), REQUESTS.values(), ids=REQUESTS)


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What does not come to pass before the test is over."""
    event = threading.Event()
    yield event
    event.set()


@ALL
def test_503_until_the_task_gives_up(
    step: Callable[[Pipeline, str], object], matching: Matching,
    running_day: RunningDay, reader: Reader, bad_s3: FaultyS3,
) -> None:  # fmt: skip
    for earlier in BEFORE[step]:
        earlier(running_day.pipeline, DAY)
    trouble = bad_s3.answer(503, "SlowDown", "Please reduce your request rate", matching=matching)
    message = running_day.fails(Retryable, lambda: step(running_day.at(bad_s3.endpoint), DAY))
    assert trouble.happened > 1
    assert f"s3://{running_day.pipeline.archive.bucket[:-8]}" in message
    assert "check that the service is running and reachable" in message
    running_day.ends_right()


def test_503_once_for_every_kind_of_request(running_day: RunningDay, reader: Reader, bad_s3: FaultyS3) -> None:
    troubles = [
        bad_s3.answer(503, "SlowDown", "Please reduce your request rate", matching=matching, times=1)
        for _, matching in REQUESTS.values()
    ]
    land_by_parts(running_day.at(bad_s3.endpoint), DAY)
    running_day.at(bad_s3.endpoint).run(DAY)
    assert [trouble.happened for trouble in troubles] == [1] * len(troubles)
    running_day.ends_right()


@pytest.mark.parametrize("name", WRITES_AND_READS)
def test_slower_than_the_time_out(
    name: str, running_day: RunningDay, reader: Reader, bad_s3: FaultyS3, never: threading.Event
) -> None:
    step, matching = REQUESTS[name]
    for earlier in BEFORE[step]:
        earlier(running_day.pipeline, DAY)
    trouble = bad_s3.hold_back(never, matching=matching)
    message = running_day.fails(Retryable, lambda: step(running_day.at(bad_s3.endpoint), DAY))
    assert trouble.happened > 1
    assert "Read timeout" in message
    running_day.ends_right()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        pytest.param(Pipeline.build, f"{DAY}.json", id="a manifest"),
        pytest.param(Pipeline.build, "/stx_events/", id="a raw file"),
        pytest.param(Pipeline.land, "/txs/", id="columns of a raw file"),
    ],
)
def test_silence_in_mid_answer(
    step: Callable[[Pipeline, str], object], words: str,
    running_day: RunningDay, reader: Reader, bad_s3: FaultyS3, never: threading.Event,
) -> None:  # fmt: skip
    for earlier in BEFORE[step]:
        earlier(running_day.pipeline, DAY)
    trouble = bad_s3.fall_silent(never, matching=lambda method, path: method == "GET" and words in path)
    message = running_day.fails(Retryable, lambda: step(running_day.at(bad_s3.endpoint), DAY))
    assert trouble.happened
    assert "Read timeout" in message
    running_day.ends_right()


def test_a_slow_answer_or_two_are_waited_out(
    running_day: RunningDay, reader: Reader, bad_s3: FaultyS3, never: threading.Event
) -> None:
    troubles = [bad_s3.hold_back(never, matching=REQUESTS[name][1], times=1) for name in WRITES_AND_READS]
    land_by_parts(running_day.at(bad_s3.endpoint), DAY)
    running_day.at(bad_s3.endpoint).run(DAY)
    assert [trouble.happened for trouble in troubles] == [1] * len(troubles)
    running_day.ends_right()


def test_an_upload_that_cannot_even_be_aborted_never_becomes_an_object(
    running_day: RunningDay, bad_s3: FaultyS3
) -> None:
    """Python closes a forgotten file, and closing an upload completes it."""
    archive, key = running_day.archive_at(bad_s3.endpoint), paths.RAW_TABLE.format(table="txs", day=DAY)
    schema = pa.schema([("bytes", pa.binary())])

    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict({"bytes": [os.urandom(upload.PART_BYTES)]}, schema)
        bad_s3.answer(503, "SlowDown", "Please reduce your request rate", matching=lambda method, _: method == "DELETE")
        raise Terminal("the source ended")

    running_day.pipeline.land(DAY)
    before = running_day.pipeline.archive.get(key)
    assert running_day.fails(Terminal, lambda: archive.write_parquet(key, schema, batches())) == "the source ended"
    bad_s3.mend()
    gc.collect()
    assert running_day.pipeline.archive.get(key) == before
    running_day.ends_right(unseen_uploads=[key])
