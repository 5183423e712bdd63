"""Progress of tasks that take many days, in the log and in the web UI."""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from stacks_dataverse.runners import backfill
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)


class Progress:
    """How far a task is, in its log and, under the key `progress`, in its state as the web UI shows it."""

    def __init__(self, context: dict[str, Any]) -> None:
        self._store = context.get("task_state_store")
        self._began = time.monotonic()

    def report(self, done: int, of: int, details: str = "") -> None:
        """Report how many days are done, at which rate, and how long the others will take."""
        rate = (time.monotonic() - self._began) / done
        text = f"{done} of {of} days{details}, {rate:.2f} s a day, about {rate * (of - done):.0f} s to go"
        log.info("%s.", text)
        if self._store:
            self._store.set("progress", text)


def follow_progress(outcomes: Iterable[tuple[Window, str]], days: int, context: dict[str, Any]) -> dict[str, int]:
    """Run a generator of outcomes to its end, report its progress, and count the days by outcome."""
    progress, counts = Progress(context), Counter[str]()
    for window, outcome in outcomes:
        counts[outcome] += 1
        if outcome != backfill.UNCHANGED or counts.total() == days:
            progress.report(counts.total(), days, f", last {window}, {counts[backfill.UNCHANGED]} unchanged")
    if not counts.keys() - {backfill.UNCHANGED}:
        log.info("Nothing to do: all %d days are complete and unchanged.", days)
    return {"days": days, **counts}
