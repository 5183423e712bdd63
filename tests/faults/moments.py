"""Moments of a run: a call of a function of the code's own, at which a test does something or kills the process."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

FORK = multiprocessing.get_context("fork")
PATIENCE_SECONDS = 120
POLL_SECONDS = 0.05

# Whether a session of this database waits for a lock of another.
WAITS = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND pg_blocking_pids(pid) <> '{}'
    ) AS waits
"""


class Moment(NamedTuple):
    """Before the `number`-th call of `owner.name` whose arguments `concern` the test; the first is 1."""

    owner: Any
    name: str
    number: int = 1
    concern: Callable[..., bool] = lambda *_arguments, **_options: True


def at(moment: Moment, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Do something at a moment, then go on; what is returned is no longer empty when it has come."""
    function, calls, come = getattr(moment.owner, moment.name), [], []

    def call(*arguments: Any, **options: Any) -> Any:
        if moment.concern(*arguments, **options):
            calls.append(moment.name)
            if len(calls) == moment.number:
                come.append(moment.name)
                act()
        return function(*arguments, **options)

    monkeypatch.setattr(moment.owner, moment.name, call)
    return come


class Doomed:
    """A process of its own that begins work when told to, and is killed at a moment.

    Make it before there are threads: a forked process inherits the locks that they hold.
    """

    def __init__(self, moment: Moment, work: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
        self._go, self._come = FORK.Event(), FORK.Event()
        with monkeypatch.context() as patched:
            at(moment, self._announce_and_hang, patched)
            self._process = FORK.Process(target=self._work, args=(work,))
            self._process.start()

    def kill(self) -> None:
        """Let it begin, wait for the moment, and kill -9 it."""
        self._go.set()
        assert self._come.wait(PATIENCE_SECONDS), "the moment did not come"
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join(PATIENCE_SECONDS)
        assert self._process.exitcode == -signal.SIGKILL

    def _work(self, work: Callable[[], Any]) -> None:
        self._go.wait()
        work()

    def _announce_and_hang(self) -> None:
        self._come.set()
        signal.pause()


def wait_until(condition: Callable[[], Any], what: str, patience: float = PATIENCE_SECONDS) -> None:
    """Return once a condition holds; fails, naming it, when it takes too long."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"after {patience:.0f} s still not so: {what}"
        time.sleep(POLL_SECONDS)
