"""Requests under way at the same time: these meet at a barrier, which breaks if one of them has to wait for another."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event

import pytest

from stacks_dataverse.errors import Retryable
from stacks_dataverse.stores import parallel
from stacks_dataverse.stores.parallel import THREADS, at_once, sending

PATIENCE_SECONDS = 30


def test_requests_are_made_at_once_and_answered_in_order() -> None:
    meeting = Barrier(THREADS)

    def request(number: int) -> int:
        meeting.wait(PATIENCE_SECONDS)
        return number * 10

    assert at_once(request, range(THREADS)) == [number * 10 for number in range(THREADS)]
    assert at_once(request, []) == []


def test_what_a_request_raises_is_raised() -> None:
    def request(number: int) -> None:
        if number == 3:
            raise Retryable("S3 is away")

    with pytest.raises(Retryable, match="S3 is away"):
        at_once(request, range(5))


def test_after_a_failure_no_other_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """All others wait until at_once has given up."""
    given_up, begun = Event(), []

    class Watched(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            given_up.set()
            super().shutdown(wait=wait)

    def request(number: int) -> None:
        begun.append(number)
        if number == 3:
            raise Retryable("S3 is away")
        given_up.wait(PATIENCE_SECONDS)

    monkeypatch.setattr(parallel, "ThreadPoolExecutor", Watched)
    with pytest.raises(Retryable, match="S3 is away"):
        at_once(request, range(100))
    # As many as there are threads, and what the thread of the one that failed took next.
    assert len(begun) <= THREADS + 1


def test_one_may_go_on_after_failures() -> None:
    def refuse() -> None:
        raise Retryable("S3 is away")

    def send_on() -> None:
        with sending() as send:
            for _ in range(3 * THREADS):
                with suppress(Retryable):
                    send(refuse)

    with pytest.raises(Retryable, match="S3 is away"):
        send_on()


def test_all_that_is_sent_is_answered_at_the_end() -> None:
    meeting, answered = Barrier(THREADS), []

    def request() -> None:
        meeting.wait(PATIENCE_SECONDS)
        answered.append(1)

    with sending() as send:
        for _ in range(2 * THREADS):
            send(request)
    assert len(answered) == 2 * THREADS


def test_no_more_are_prepared_than_are_under_way() -> None:
    meeting, answered, ahead = Barrier(THREADS), [], []

    def request() -> None:
        meeting.wait(PATIENCE_SECONDS)
        answered.append(1)

    with sending() as send:
        for number in range(1, 3 * THREADS + 1):
            send(request)
            ahead.append(number - len(answered))
    assert max(ahead) <= THREADS


def test_a_failure_is_raised_with_the_next_that_is_sent() -> None:
    failed, sent = Event(), []

    def refuse() -> None:
        failed.set()
        raise Retryable("S3 is away")

    def send_on() -> None:
        with sending() as send:
            send(refuse)
            failed.wait(PATIENCE_SECONDS)
            for number in range(2 * THREADS):
                send(lambda: None)
                sent.append(number)

    with pytest.raises(Retryable, match="S3 is away"):
        send_on()
    assert len(sent) <= THREADS


def test_a_failure_of_the_last_is_raised_at_the_end() -> None:
    def refuse() -> None:
        raise Retryable("S3 is away")

    with pytest.raises(Retryable, match="S3 is away"), sending() as send:
        send(refuse)


def test_what_its_caller_raises_comes_first() -> None:
    def refuse() -> None:
        raise Retryable("S3 is away")

    def fail() -> None:
        with sending() as send:
            send(refuse)
            raise ValueError("the source")

    with pytest.raises(ValueError, match="the source"):
        fail()
