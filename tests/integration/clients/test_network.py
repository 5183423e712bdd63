"""What a client does, in Python and in JavaScript, when its server fails."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from tests.integration.clients.conftest import Reader
from tests.support.public_bucket import CATALOGUE, PublicBucket, rows_of
from tests.support.servers import free_port

BLOCKS = "v1/blocks.json.gz"
FETCH, ROWS = ("fetch", "blocks"), rows_of(139, 138, 140)


def cut_short(_: Request) -> Response:
    """An answer that ends before its length is reached."""
    response = Response(b"PAR1")
    response.headers["Content-Length"] = "1000"
    return response


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What a slow answer waits for: the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_that_breaks_off_is_asked_for_again(read: Reader, bucket: PublicBucket) -> None:
    bucket.faults[BLOCKS].append(cut_short)
    assert read.one(*FETCH, patience=1) == ROWS


def test_an_answer_that_always_breaks_off_is_an_error(read: Reader, bucket: PublicBucket) -> None:
    bucket.faults[CATALOGUE].append(cut_short)
    name, message = read.error(*FETCH)
    assert name == "NetworkError"
    assert CATALOGUE in message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again(read: Reader, bucket: PublicBucket, status: int) -> None:
    bucket.faults[CATALOGUE].append(lambda _: Response(status=status))
    assert read.one(*FETCH, patience=1) == ROWS


@pytest.mark.parametrize("status", [400, 304, 503])
def test_a_server_that_refuses_is_an_error(read: Reader, bucket: PublicBucket, status: int) -> None:
    bucket.faults[CATALOGUE].append(lambda _: Response(status=status))
    name, message = read.error(*FETCH)
    assert name == "NetworkError"
    assert f"HTTP {status}" in message


def test_a_server_that_is_slow_to_answer_is_an_error(
    read: Reader, bucket: PublicBucket, never: threading.Event
) -> None:
    def slow(_: Request) -> Response:
        never.wait()
        return Response()

    bucket.faults[CATALOGUE].append(slow)
    assert read.error(*FETCH, timeout=0.2)[0] == "NetworkError"


def test_an_answer_that_drips_is_an_error(read: Reader, bucket: PublicBucket, never: threading.Event) -> None:
    def drips() -> Iterator[bytes]:
        while not never.wait(0.02):
            yield b" " * 100_000

    bucket.faults[CATALOGUE].append(lambda _: Response(drips()))
    assert read.error(*FETCH, timeout=0.5)[0] == "NetworkError"


def test_a_server_that_is_not_there_is_an_error(read: Reader) -> None:
    name, message = Reader(read.run, f"http://127.0.0.1:{free_port()}").error(*FETCH)
    assert name == "NetworkError"
    assert "Check the address" in message
