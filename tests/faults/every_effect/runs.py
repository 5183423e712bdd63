"""A task in a process of its own, through the doors."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any

import smart_open.s3

from stacks_dataverse.errors import Retryable
from tests.faults.conftest import behind
from tests.faults.every_effect.doors import KILLED, Doors, Fault
from tests.faults.every_effect.scenarios import NOW, Task
from tests.faults.moments import FORK
from tests.support import pipeline as clock
from tests.support.pipeline import Pipeline

PATIENCE_SECONDS = 600
LOOK_SECONDS = 1


@dataclass
class Run:
    """How a task ended: what it was able to say of itself, and its effects until then."""

    is_killed: bool = False
    error: str | None = None
    is_retried: bool = True
    labels: list[str] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether it ended well."""
        return not self.is_killed and self.error is None


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
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=_run, args=(theirs, pipeline, task, Doors(number, fault), after_each))
    process.start()
    theirs.close()
    try:
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            if ours.poll(LOOK_SECONDS):
                return ours.recv()
            meanwhile()
        raise AssertionError(f"the task still runs after {PATIENCE_SECONDS} s")
    except EOFError:
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == KILLED, f"the process ended with {process.exitcode}"
        return Run(is_killed=True)
    finally:
        process.kill()
        process.join()


def _run(answer: Connection, pipeline: Pipeline, task: Task, doors: Doors, after_each: Callable[[str], Any]) -> None:
    ran = Run(labels=doors.labels)

    def look(label: str) -> None:
        seen = after_each(label)
        if seen is not None and seen not in ran.seen:
            ran.seen.append(seen)

    endpoint = pipeline.archive._client.meta.endpoint_url
    archive, public = (behind(endpoint, store) for store in (pipeline.archive, pipeline.public))
    clock.now, smart_open.s3.RETRY.sleep_seconds = lambda: NOW, 0.01
    doors.after_each = look
    doors.install()
    try:
        task(replace(pipeline, archive=archive, public=public))
    except Exception as error:
        ran.error = "".join(traceback.format_exception(error))
        ran.is_retried = isinstance(error, Retryable)
    doors.arrive()
    answer.send(ran)
