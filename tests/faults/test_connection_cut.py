"""A connection cut in mid-stream: a clear Retryable, nothing half-done, and the next run ends right."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg2.extensions import make_dsn, parse_dsn

from stacks_dataverse.errors import Retryable
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.conftest import DAY, RunningDay
from tests.faults.reader import Reader
from tests.faults.s3 import FaultyS3
from tests.faults.tcp import Proxy, Side, proxied
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

# As /proc/net/tcp has them, in hexadecimal digits and hundredths of seconds.
ESTABLISHED, KEEPALIVE, KERNEL_TICKS = "01", "02", 100


@pytest.fixture
def proxy(running_day: RunningDay) -> Iterator[Proxy]:
    """A proxy before the PostgreSQL of both databases."""
    with proxied(int(parse_dsn(running_day.pipeline.stacks_dsn)["port"])) as proxy:
        yield proxy


def keepalive_seconds(port: int) -> list[float]:
    """In how many seconds the kernel asks each server on a port whether it is still there; never is left out."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    timers = [row[5].split(":") for row in rows if int(row[2].split(":")[1], 16) == port and row[3] == ESTABLISHED]
    return [int(when, 16) / KERNEL_TICKS for kind, when in timers if kind == KEEPALIVE]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its sockets' timers in /proc")
def test_a_server_that_vanishes_without_a_word_is_asked_for(running_day: RunningDay, proxy: Proxy) -> None:
    with Warehouse.open(make_dsn(running_day.pipeline.warehouse_dsn, port=proxy.port)):
        (seconds,) = keepalive_seconds(proxy.port)
    assert 0 < seconds <= 60


@pytest.mark.parametrize(
    ("words", "side", "after_bytes"),
    [
        pytest.param(b"faulty_chain", Side.SERVER, 0, id="while connecting"),
        pytest.param(b"SET statement_timeout", Side.CLIENT, 0, id="while setting up the session"),
        pytest.param(b'."blocks" WHERE', Side.SERVER, 1_000, id="in the stream of blocks"),
        pytest.param(b'."txs" WHERE', Side.SERVER, 0, id="before the first transaction"),
        pytest.param(b'."txs" WHERE', Side.SERVER, 50_000, id="in the stream of transactions"),
        pytest.param(b'."pox4_events" WHERE', Side.SERVER, 1_000, id="in the stream of a small table"),
    ],
)
def test_the_source_is_cut_off(
    words: bytes, side: Side, after_bytes: int, running_day: RunningDay, reader: Reader, proxy: Proxy
) -> None:
    cut = proxy.cut(words, side, after_bytes)
    pipeline = running_day.through(stacks_dsn=make_dsn(running_day.pipeline.stacks_dsn, port=proxy.port))
    message = running_day.fails(Retryable, lambda: pipeline.run(DAY))
    assert cut.done.is_set()
    assert f"stacks_db at 127.0.0.1:{proxy.port}/faulty_chain" in message
    assert "check that the server is running" in message
    assert running_day.has_not_changed()
    running_day.ends_right()


WAREHOUSE_CUTS = [
    pytest.param(Pipeline.build, b"SET lock_timeout", Side.CLIENT, 0, id="while setting up the session"),
    pytest.param(Pipeline.build, b"stx_balance_changes", Side.CLIENT, 5_000, id="in the stream of a ledger's rows"),
    pytest.param(Pipeline.build, b"INTO stx_balances", Side.SERVER, 0, id="while running state is brought along"),
    pytest.param(Pipeline.build, b"COMMIT", Side.CLIENT, 0, id="before the commit of a build"),
    pytest.param(Pipeline.build, b"COMMIT", Side.SERVER, 0, id="after the commit of a build, before its answer"),
    pytest.param(Pipeline.finish, b"daily_stacking", Side.CLIENT, 0, id="while figures are written"),
    pytest.param(Pipeline.finish, b"COMMIT", Side.SERVER, 0, id="after the commit of figures, before its answer"),
    pytest.param(Pipeline.finish, b"quality_checks", Side.CLIENT, 0, id="while checks are written"),
    pytest.param(Pipeline.finish, b"INTO loaded_days", Side.SERVER, 0, id="while the day is entered as loaded"),
    pytest.param(Pipeline.finish, b"changed_keys", Side.SERVER, 0, id="before the first object is published"),
    pytest.param(Pipeline.finish, b"SET published_revision", Side.CLIENT, 0, id="after all objects are published"),
]


@pytest.mark.parametrize(("step", "words", "side", "after_bytes"), WAREHOUSE_CUTS)
def test_the_warehouse_is_cut_off(
    step: Callable[[Pipeline, str], object], words: bytes, side: Side, after_bytes: int,
    running_day: RunningDay, reader: Reader, proxy: Proxy,
) -> None:  # fmt: skip
    pipeline = running_day.through(warehouse_dsn=make_dsn(running_day.pipeline.warehouse_dsn, port=proxy.port))
    pipeline.land(DAY)
    if step is Pipeline.finish:
        running_day.pipeline.build(DAY)
    cut = proxy.cut(words, side, after_bytes)
    message = running_day.fails(Retryable, lambda: step(pipeline, DAY))
    assert cut.done.is_set()
    assert f"warehouse_db at 127.0.0.1:{proxy.port}/" in message
    assert "check that the server is running" in message
    running_day.ends_right()


def test_a_raw_file_is_cut_off_while_it_is_read(running_day: RunningDay, reader: Reader, bad_s3: FaultyS3) -> None:
    running_day.pipeline.land(DAY)
    pipeline = running_day.through(archive=running_day.archive_at(bad_s3.endpoint))
    trouble = bad_s3.break_off(matching=lambda method, path: method == "GET" and "/txs/" in path, times=1)
    message = running_day.fails(Retryable, lambda: pipeline.build(DAY))
    assert trouble.happened == 1
    assert f"reading s3://{pipeline.archive.bucket}/raw/stacks/txs/day={DAY}/" in message
    assert running_day.has_not_changed()
    pipeline.build(DAY)
    running_day.ends_right()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        pytest.param(Pipeline.land, "/txs/", id="a raw file"),
        pytest.param(Pipeline.land, "/txs.json", id="a part of the manifest"),
        pytest.param(Pipeline.land, f"{DAY}.json", id="the manifest"),
        pytest.param(Pipeline.finish, "latest", id="a public object"),
    ],
)
def test_a_write_that_is_cut_off_once_is_made_again(
    step: Callable[[Pipeline, str], object], words: str,
    running_day: RunningDay, reader: Reader, bad_s3: FaultyS3,
) -> None:  # fmt: skip
    if step is Pipeline.finish:
        running_day.pipeline.land(DAY)
        running_day.pipeline.build(DAY)
    pipeline = running_day.at(bad_s3.endpoint)
    trouble = bad_s3.break_off(matching=lambda method, path: method == "PUT" and words in path, times=1)
    step(pipeline, DAY)
    assert trouble.happened == 1
    running_day.ends_right()
