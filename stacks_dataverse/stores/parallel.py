"""Requests to a bucket, several at a time: most of what a small one takes is the way to S3 and back."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Semaphore
from typing import Any, TypeVar

# Fewer than the connections that a client of botocore keeps.
THREADS = 8

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def at_once(request: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
    """Make a request of each item, in threads; return the answers in the order of the items.

    What one of them raises is raised; those that are not begun then are not made.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        made = [pool.submit(request, item) for item in items]
        wait(made, return_when=FIRST_EXCEPTION)
        pool.shutdown(wait=False, cancel_futures=True)
        _raise_failed(future for future in made if future.done() and not future.cancelled())
    return [future.result() for future in made]


@contextmanager
def sending() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Hand out what makes requests in threads, while its caller prepares the next; at the end all are answered.

    What one of them raises is raised with the next that is made, or at the end. No more wait than are under way.
    """
    room, made = Semaphore(THREADS), list[Future[Any]]()

    def send(request: Callable[[], None]) -> None:
        _raise_failed(future for future in made if future.done())
        room.acquire()
        made.append(pool.submit(request))
        made[-1].add_done_callback(lambda _future: room.release())

    with ThreadPoolExecutor(THREADS) as pool:
        yield send
    _raise_failed(made)


def _raise_failed(futures: Iterable[Future[Any]]) -> None:
    for future in futures:
        future.result()
