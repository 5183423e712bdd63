"""The overview: open issues with their remedies, and how far the loaded days are behind the tip."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from plugins.page import formatting
from plugins.page.calendar import DayState, days_in
from plugins.page.catalogue_view import Entry, Freshness
from stacks_dataverse.data_check import remedy_of
from stacks_dataverse.dataset import Schedule
from stacks_dataverse.tip_snapshot import TipSnapshot

# Rows of the runbook with the remedy.
STALE_ROW, COMPARISON_ROW, HISTORY_ROW, SOURCE_ROW = "check_freshness", "raise_alarm", "missing_history", "sanity_check"

# Which DAG publishes the objects of a schedule.
DAGS = {
    Schedule.DAILY.value: "stacks_daily",
    Schedule.MARKET.value: "market_daily",
    Schedule.HALF_HOURLY.value: "stacks_half_hourly",
}

# A task that was killed has none.
NO_REASON = "no reason is recorded; see the end of its log."

# A finding of a comparison is open while its days are in this state; unlinked blocks have no such state.
OPEN_STATES = {"missing_days": DayState.MISSING, "changed_days": DayState.REORGED}


# What an issue does, or is, by its kind.
LABELS = {
    "error": "blocks publishing",
    "run": "failed run",
    "source": "source",
    "stale": "stale",
    "warning": "warns",
}


@dataclass(frozen=True)
class Issue:
    """An open issue; `row` is the runbook's row with the remedy, `days` and `datasets` are those affected.

    `check` is the failed check. `logs` are pages of the web UI, by the text of a link.
    """

    kind: str
    title: str
    detail: str
    row: str
    remedy: str
    days: tuple[date, ...] = ()
    datasets: tuple[str, ...] = ()
    check: str = ""
    logs: tuple[tuple[str, str], ...] = ()

    @property
    def steps(self) -> list[str]:
        """The remedy, step by step."""
        steps = [step for step in self.remedy.split("; then ") if step]
        return [f"{step[:1].upper()}{step[1:].rstrip('.')}." for step in steps]

    @property
    def label(self) -> str:
        """The words of its badge."""
        return LABELS[self.kind]

    @property
    def is_error(self) -> bool:
        """Whether it blocks publishing, or readers see it."""
        return self.kind != "warning"


class FailedTask(Protocol):
    """A failed task, as `run_details.Task`."""

    task_id: str
    name: str
    path: str
    reason: str


class FailedRun(Protocol):
    """A failed run, as `runs.Run`."""

    dag_id: str
    path: str
    days: tuple[str, str] | None
    tasks: Sequence[FailedTask]


@dataclass(frozen=True)
class Lag:
    """The last loaded day, and the chain's tip in the last snapshot; None for what is not known."""

    last_day: date | None
    last_height: int | None
    tip_height: int | None
    tip_time: datetime | None
    polled_at: datetime | None

    @property
    def blocks(self) -> int | None:
        """Blocks between the last loaded day and the tip."""
        known = self.tip_height is not None and self.last_height is not None
        return max(self.tip_height - self.last_height, 0) if known else None

    @property
    def days(self) -> int | None:
        """Whole days before the tip's that are not loaded yet."""
        known = self.tip_time is not None and self.last_day is not None
        return max((self.tip_time.date() - self.last_day).days - 1, 0) if known else None


def lag(days: Sequence[Mapping[str, Any]], snapshot: TipSnapshot | None, polled_at: datetime | None = None) -> Lag:
    """How far the loaded days are behind the tip of the last snapshot.

    A day without blocks that is not settled is left out: it may lie past the tip.

    Args:
        snapshot: None also for one that cannot be read.
        polled_at: when the last one was taken, as the warehouse has it.
    """
    loaded = [row for row in days if row["is_loaded"] and (row["settled"] or row["block_count"])]
    newest = max(loaded, key=lambda row: row["day"], default=None)
    heights = [row["last_block_height"] for row in loaded if row["last_block_height"] is not None]
    return Lag(
        newest and newest["day"],
        max(heights, default=None),
        snapshot and snapshot.tip_height,
        snapshot and datetime.fromtimestamp(snapshot.tip_time, UTC),
        snapshot.taken_at if snapshot else polled_at,
    )


def open_issues(
    failed_checks: Sequence[Mapping[str, Any]],
    comparisons: Sequence[Mapping[str, Any]],
    entries: Sequence[Entry],
    states: Mapping[date, DayState],
    remedies: Mapping[str, str],
    missing_history: Mapping[str, str | None] | None = None,
    failed_runs: Sequence[FailedRun] = (),
    stalled: Lag | None = None,
) -> list[Issue]:
    """All open issues, errors first.

    Args:
        failed_checks: rows of `overview_reader.failed_checks`.
        comparisons: rows of `overview_reader.comparisons`.
        entries: public objects.
        remedies: what to do, by check and by row of the runbook.
        missing_history: the row of `overview_reader.missing_history`.
        failed_runs: latest runs of DAGs, with their failed tasks.
        stalled: the tip of a live source that does not advance.
    """
    issues = [
        *([stalled_source(stalled, remedies)] if stalled else ()),
        *(failed_run(run, remedies) for run in failed_runs),
        *([_missing_history(missing_history)] if missing_history else ()),
        *(_failed_check(row, remedies) for row in failed_checks),
        *_stale_objects(entries, remedies),
        *_comparisons(comparisons, states, remedies),
    ]
    return sorted(issues, key=lambda issue: not issue.is_error)


def _failed_check(row: Mapping[str, Any], remedies: Mapping[str, str]) -> Issue:
    detail = f"Expected {row['expected']}; actual {row['actual']}."
    title = f"{row['name']} failed on {row['day']}"
    remedy = remedy_of(row, remedies)
    return Issue(row["kind"], title, detail, row["name"], remedy, (row["day"],), (), row["name"])


def _missing_history(missing: Mapping[str, str | None]) -> Issue:
    detail = (
        f"Missing: {missing['stretches']}. Figures that need the whole history are null until these days are built."
    )
    remedy = f"Load it: {missing['command']}" if missing["command"] else "The Stacks database does not have these days."
    return Issue("warning", "History is missing", detail, HISTORY_ROW, remedy, check=HISTORY_ROW)


def failed_run(run: FailedRun, remedies: Mapping[str, str]) -> Issue:
    """The issue of a DAG whose latest run failed: each failed task with the last line of its log."""
    reasons = dict.fromkeys(task.reason or NO_REASON for task in run.tasks)
    causes = [
        f"{', '.join(task.name for task in run.tasks if (task.reason or NO_REASON) == reason)}: {reason}"
        for reason in reasons
    ]
    row = run.tasks[0].task_id if run.tasks else run.dag_id
    days = f" for {run.days[0]}" + (f" to {run.days[1]}" if run.days[0] != run.days[1] else "") if run.days else ""
    logs = [(f"Log of {task.name}", task.path) for task in run.tasks]
    return Issue(
        "run",
        f"The latest run of {run.dag_id}{days} failed",
        " ".join(causes) or "None of its tasks failed: the run itself took too long, or was marked as failed.",
        row,
        remedies.get(row, ""),
        logs=(*logs, ("Run", run.path)),
    )


def stalled_source(lag: Lag, remedies: Mapping[str, str]) -> Issue:
    """The issue of a live source whose tip does not advance."""
    detail = (
        f"Its newest block is {formatting.number(lag.tip_height)} of {formatting.moment(lag.tip_time)}; it was polled "
        f"at {formatting.moment(lag.polled_at)}. Nothing newer can be loaded."
    )
    return Issue("source", "The source stands still", detail, SOURCE_ROW, remedies.get(SOURCE_ROW, ""))


def _stale_objects(entries: Sequence[Entry], remedies: Mapping[str, str]) -> Iterator[Issue]:
    """One issue for all stale objects, with a sentence for each schedule, whose objects become stale together."""
    stale = [entry for entry in entries if entry.freshness is Freshness.STALE]
    schedules = dict.fromkeys(entry.schedule for entry in stale)
    detail = " ".join(_sentence([entry for entry in stale if entry.schedule == schedule]) for schedule in schedules)
    title = f"{len(stale)} public objects are stale" if len(stale) > 1 else "A public object is stale"
    if stale:
        names = tuple(entry.name for entry in stale)
        links = tuple((dag_id, f"dags/{dag_id}") for dag_id in (DAGS[schedule] for schedule in schedules))
        yield Issue("stale", title, detail, STALE_ROW, remedies.get(STALE_ROW, ""), datasets=names, logs=links)


def _sentence(same: Sequence[Entry]) -> str:
    oldest = min(same, key=lambda entry: entry.as_of)
    age = f"data through {formatting.end_of_data(oldest.as_of)}, {oldest.age} old, limit {oldest.limit_hours} h"
    return f"{len(same)} published {oldest.schedule}: {age}."


def _comparisons(
    comparisons: Sequence[Mapping[str, Any]], states: Mapping[date, DayState], remedies: Mapping[str, str]
) -> Iterator[Issue]:
    for row in comparisons:
        open_state = OPEN_STATES.get(row["name"])
        days = tuple(sorted({day for day in days_in(row["actual"]) if open_state in (None, states.get(day))}))
        if not row["passed"] and days:
            title = f"{row['name']}: the warehouse differs from the chain"
            remedy = remedies.get(COMPARISON_ROW, "")
            detail = f"Affected: {row['actual']}."
            yield Issue(row["kind"], title, detail, COMPARISON_ROW, remedy, days, (), row["name"])
