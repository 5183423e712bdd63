"""The callables of the tasks that go over many days; like `task_wrappers`, they know Airflow's shapes."""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from stacks_dataverse import catalog, connections, task_wrappers
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import backfill, compare, figures, land, publish
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.task_wrappers import window, wrapper
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

LAND, BUILD, PUBLISH = "land", "build", "publish"
ALL = [LAND, BUILD, PUBLISH]


@dataclass(frozen=True)
class Asked:
    """What a run of `stacks_backfill` is to do: a range of days, the verbs, and before when all counts as undone."""

    first: Window
    last: Window
    what: frozenset[str]
    redo_before: datetime | None

    @classmethod
    def of(cls, context: dict[str, Any]) -> "Asked":
        """Read a run's Params; Terminal for days that cannot be, and for verbs that are none."""
        params = context["params"]
        if not params.get("from_day") or not params.get("to_day"):
            raise Terminal("this run has no days: trigger it with the Params from_day and to_day, as YYYY-MM-DD.")
        first, last, what = Window.parse(params["from_day"]), Window.parse(params["to_day"]), frozenset(params["what"])
        if first > last:
            raise Terminal(f"from_day {first} is after to_day {last}: turn them round.")
        if not what or what - set(ALL):
            raise Terminal(f"what is {sorted(what)}: give it some of {', '.join(ALL)}.")
        last.refuse_after(_now().date())
        return cls(first, last, what, context["dag_run"].run_after if params.get("force") else None)

    def month(self, name: str) -> list[Window]:
        """The days of the range that lie in a month."""
        return self.first.months_until(self.last)[name]

    @property
    def months(self) -> list[str]:
        """The months of the range, as `2024-10`."""
        return list(self.first.months_until(self.last))

    def skip_without(self, verb: str) -> None:
        """Skip the task where its verb is not asked for."""
        if verb not in self.what:
            raise AirflowSkipException(f"`{verb}` is not among what to do: {', '.join(sorted(self.what))}.")


@wrapper
def plan(**context: Any) -> list[str]:
    """Bring the warehouse's tables to this version of the code, and refuse days that cannot be landed.

    Returns the months to land.
    """
    asked = Asked.of(context)
    log.info("%s to %s, %d months: %s.", asked.first, asked.last, len(asked.months), ", ".join(sorted(asked.what)))
    if asked.what != {LAND}:
        migrate(connections.dsn("warehouse_db"))
    if LAND not in asked.what:
        return []
    with connections.stacks_db() as source:
        backfill.refuse_outside(source, asked.first, asked.last, _loaded_height(asked))
    return asked.months


@wrapper
def land_month(month: str, **context: Any) -> dict[str, int]:
    """Land the days of a month that are not landed as the chain has them."""
    asked, archive, rows = Asked.of(context), connections.archive(), Counter[str]()
    with connections.stacks_db() as source:
        outcomes = backfill.land_days(
            source, archive, asked.month(month), connections.settle_hours(), _now,
            loaded_height=_loaded_height(asked), redo_before=asked.redo_before,
        )  # fmt: skip
        counts = _followed(_counting_rows(outcomes, archive, rows), len(asked.month(month)), context)
    return counts | rows


@wrapper
def plan_building(**context: Any) -> list[str]:
    """Return the months to build."""
    asked = Asked.of(context)
    return asked.months if BUILD in asked.what else []


@wrapper
def build_month(month: str, **context: Any) -> dict[str, int]:
    """Build the days of a month that are not built of what is landed."""
    asked = Asked.of(context)
    with connections.warehouse() as store:
        tables, days = catalog.tables(Kind.FACT), asked.month(month)
        outcomes = backfill.build_days(connections.archive(), store, days, tables, _now, redo_before=asked.redo_before)
        return _followed(outcomes, len(days), context)


@wrapper
def check_month(month: str, **context: Any) -> dict[str, int]:
    """Check the days of a month that have not passed since they were built."""
    days = Asked.of(context).month(month)
    with connections.warehouse() as store:
        outcomes = backfill.check_days(connections.archive(), store, days, catalog.CHECKS, _now)
        return _followed(outcomes, len(days), context)


@wrapper
def make_figures(**context: Any) -> dict[str, int]:
    """Make the end-of-day figures of every day that is due, once for all months."""
    Asked.of(context).skip_without(BUILD)
    progress = Progress(context)
    with connections.warehouse() as store:
        made = figures.due_days(store, catalog.tables(Kind.FIGURE), connections.pox(), progress.tell)
    return {"days": len(made)}


@wrapper
def publish_days(**context: Any) -> dict[str, int]:
    """Publish what changed, once for all days."""
    asked = Asked.of(context)
    asked.skip_without(PUBLISH)
    with connections.warehouse() as store:
        keys = publish.due_days(store, connections.public(), catalog.objects(Schedule.DAILY), asked.last.day)
    return {"changed": len(keys)}


@wrapper
def invalidate_cdn(**context: Any) -> dict[str, Any]:
    """Tell the CDN what changed, if it was published."""
    Asked.of(context).skip_without(PUBLISH)
    return task_wrappers.invalidate_cdn.__wrapped__(**context)


@wrapper
def find_changed_days(**context: Any) -> dict[str, Any] | None:
    """Compare the trailing days with the chain; return those to be landed and built again."""
    last = window(context)
    first = last.before(connections.trailing_days() - 1)
    with connections.stacks_db() as source, connections.warehouse() as store:
        return _to_redo(compare.days(source, store, first, last, connections.settle_hours(), _now()))


@wrapper
def compare_all_days(**context: Any) -> dict[str, Any] | None:
    """Compare every loaded day with the chain; return those to be landed and built again."""
    migrate(connections.dsn("warehouse_db"))
    with connections.stacks_db() as source, connections.warehouse() as store:
        loaded = compare.loaded_range(store)
        found = compare.days(source, store, *loaded, connections.settle_hours(), _now()) if loaded else None
        return _to_redo(found) if found else None


@wrapper
def raise_alarm(**context: Any) -> None:
    """Fail, so that somebody hears of what was found; the repair is under way already."""
    found = context["ti"].xcom_pull(task_ids="compare_all_days")
    raise Terminal(
        f"{found['days']} days, and {found['loose']} joints between days, are not what the chain says; stacks_backfill"
        f" was asked for {found['from_day']} to {found['to_day']}. The log of compare_all_days and the table"
        " quality_checks name them."
    )


class Progress:
    """How far a task is, in its log and, under the key `progress`, in its state as the web UI shows it."""

    def __init__(self, context: dict[str, Any]) -> None:
        self._store = context.get("task_state_store")
        self._began = time.monotonic()

    def tell(self, done: int, of: int, words: str = "") -> None:
        """Say how many of how many days are done, at which rate, and how long the others will take."""
        rate = (time.monotonic() - self._began) / done
        told = f"{done} of {of} days{words}, {rate:.2f} s a day, about {rate * (of - done):.0f} s to go"
        log.info("%s.", told)
        if self._store:
            self._store.set("progress", told)


def _followed(outcomes: Iterable[tuple[Window, str]], days: int, context: dict[str, Any]) -> dict[str, int]:
    """Follow work to its end, tell of its progress, and count what became of the days."""
    progress, counts = Progress(context), Counter[str]()
    for window_, outcome in outcomes:
        counts[outcome] += 1
        if outcome != backfill.UNCHANGED or counts.total() == days:
            progress.tell(counts.total(), days, f", last {window_}, {counts[backfill.UNCHANGED]} unchanged")
    if not counts.keys() - {backfill.UNCHANGED}:
        log.info("Nothing to do: all %d days are complete and unchanged.", days)
    return {"days": days, **counts}


def _counting_rows(
    outcomes: Iterable[tuple[Window, str]], archive: Any, rows: Counter[str]
) -> Iterator[tuple[Window, str]]:
    """Pass on what became of the days, and count the rows and bytes of those that were landed."""
    for window_, outcome in outcomes:
        if outcome == backfill.DONE:
            rows.update(task_wrappers.landed(land.read_manifest(archive, window_) or {"tables": {}}))
        yield window_, outcome


def _to_redo(found: compare.Findings) -> dict[str, Any] | None:
    for name, actual in found.checks().items():
        log.log(logging.INFO if actual == compare.NONE else logging.WARNING, "%s: %s.", name, actual)
    if not found.days:
        return None
    first, last = found.days
    redo = len({*found.missing, *found.changed})
    return {"from_day": str(first), "to_day": str(last), "days": redo, "loose": len(found.loose)}


def _loaded_height(asked: Asked) -> int | None:
    """The highest height loaded; a run that only lands has nothing to do with the warehouse."""
    if asked.what == {LAND}:
        return None
    with connections.warehouse() as store:
        return land.height_loaded(store)


def _now() -> datetime:
    return datetime.now(UTC)
