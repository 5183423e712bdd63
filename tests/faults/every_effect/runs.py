"""A task in a process of its own, through the doors; another run of it may overtake it there."""

import functools
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import psycopg2
import smart_open.s3

from stacks_dataverse.errors import Retryable
from stacks_dataverse.stores.object_store import ObjectStore
from tests.faults.conftest import behind
from tests.faults.every_effect import kept_rows
from tests.faults.every_effect.doors import KILLED, Doors, Fault
from tests.faults.every_effect.scenarios import NOW, Task
from tests.faults.moments import FORK, WAITS, wait_until
from tests.support import pipeline as clock
from tests.support.pipeline import Pipeline

PATIENCE_SECONDS = 600
LOOK_SECONDS = 3
HALTED, GO_ON = "halted", "go on"


@dataclass
class Run:
    """How a task ended: what it was able to say of itself, its effects until then, and from where it had each."""

    is_killed: bool = False
    error: str | None = None
    is_retried: bool = True
    labels: list[str] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether it ended well."""
        return not self.is_killed and self.error is None


@dataclass
class Running:
    """A task that runs in a process of its own, and the way to speak with it."""

    process: BaseProcess
    way: Connection

    def end(self, meanwhile: Callable[[], None] = lambda: None) -> Run:
        """Look on until it ends."""
        try:
            for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
                if self.way.poll(LOOK_SECONDS):
                    return self.way.recv()
                meanwhile()
            raise AssertionError(f"the task still runs after {PATIENCE_SECONDS} s")
        except EOFError:
            self.process.join(PATIENCE_SECONDS)
            assert self.process.exitcode == KILLED, f"the process ended with {self.process.exitcode}"
            return Run(is_killed=True)


def run(
    pipeline: Pipeline,
    task: Task,
    number: int = 0,
    fault: Fault | None = None,
    meanwhile: Callable[[], None] = lambda: None,
    after_each: Callable[[str], Any] = lambda _label: None,
) -> Run:
    """Run a task, whose `number`-th effect has a fault, and look on.

    Args:
        after_each: called after every effect, in the process of the task; what it returns that is new is `seen`.
    """
    with _started(pipeline, task, Doors(number, fault), after_each) as running:
        return running.end(meanwhile)


def overtake(pipeline: Pipeline, task: Task, number: int, meanwhile: Callable[[], None]) -> tuple[Run, Run]:
    """Run a task twice: the first halts before an effect until the second has ended, or waits for a lock of it."""
    with _started(pipeline, task, Doors(number, Fault.OVERTAKEN)) as first:
        assert first.way.recv() == HALTED
        with _started(pipeline, task, Doors()) as second, closing(psycopg2.connect(pipeline.warehouse_dsn)) as session:
            session.autocommit = True
            wait_until(lambda: second.way.poll() or _waits(session), "the second run ends, or waits")
            first.way.send(GO_ON)
            return first.end(meanwhile), second.end(meanwhile)


def _waits(session: psycopg2.extensions.connection) -> bool:
    """Whether a run waits for a lock: the other one holds it, for nobody else is there."""
    with session.cursor() as cursor:
        cursor.execute(WAITS)
        return cursor.fetchone()[0]


@contextmanager
def _started(
    pipeline: Pipeline, task: Task, doors: Doors, after_each: Callable[[str], Any] = lambda _label: None
) -> Iterator[Running]:
    own = replace(pipeline, archive=_own(pipeline.archive), public=_own(pipeline.public))
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=_run, args=(theirs, own, task, doors, after_each))
    process.start()
    theirs.close()
    try:
        yield Running(process, ours)
    finally:
        process.kill()
        process.join()
        ours.close()


@functools.cache
def _own(store: ObjectStore) -> ObjectStore:
    """A bucket by a client that connects in processes of runs only: to make one takes longer than many a task."""
    return behind(store._client.meta.endpoint_url, store)


def _run(way: Connection, pipeline: Pipeline, task: Task, doors: Doors, after_each: Callable[[str], Any]) -> None:
    ran = Run(labels=doors.labels, callers=doors.callers)

    def look(label: str) -> None:
        seen = after_each(label)
        if seen is not None and seen not in ran.seen:
            ran.seen.append(seen)

    def halt() -> None:
        way.send(HALTED)
        assert way.recv() == GO_ON

    clock.now, smart_open.s3.RETRY.sleep_seconds = lambda: NOW, 0.01
    doors.after_each, doors.halt = look, halt
    doors.install()
    kept_rows.install()
    try:
        task(pipeline)
    except Exception as error:
        ran.error = "".join(traceback.format_exception(error))
        ran.is_retried = isinstance(error, Retryable)
    doors.arrive()
    way.send(ran)
