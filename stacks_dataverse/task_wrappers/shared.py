"""What the wrappers of several DAGs share: error handling, metrics, the day of a run, and two tasks."""

import functools
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from stacks_dataverse import catalog, connections, metrics
from stacks_dataverse.errors import Terminal
from stacks_dataverse.manifest import BlocksPart, TablesPart
from stacks_dataverse.runners import describe, publish
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.task_wrappers import outcome
from stacks_dataverse.tip_snapshot import TipSnapshot
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)


def wrapper(done: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Fail at once on Terminal errors and let Airflow retry all others; log and measure what was done.

    Args:
        done: what the log says of success, with `{days}` and, of a task with an argument, `{of}`.
    """

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **context: Any) -> Any:
            began = time.monotonic()
            try:
                result = function(*args, **context)
            except AirflowSkipException:
                raise
            except Exception as error:
                outcome.log_failure(context, time.monotonic() - began)
                if isinstance(error, Terminal):
                    raise AirflowFailException(str(error)) from error
                raise
            seconds = time.monotonic() - began
            metrics.emit_task_metrics(function.__name__, context, result, seconds)
            outcome.log_summary(done, args, context, result, seconds)
            return result

        return run

    return wrap


def window(context: dict[str, Any]) -> Window:
    """Return the day of a run: its Param `day`, else the start of its data interval.

    Raises:
        Terminal: a manual run without either, a text that is no day, or a day after today (UTC).
    """
    chosen, interval_start = context["params"].get("day"), context.get("data_interval_start")
    if not chosen and interval_start is None:
        raise Terminal("This run has no day; trigger it with the Param day as YYYY-MM-DD.")
    day = Window.parse(chosen) if chosen else Window(interval_start.astimezone(UTC).date())
    return day.refuse_after(datetime.now(UTC).date())


def count_landed(part: BlocksPart | TablesPart | TipSnapshot) -> dict[str, int]:
    """Rows and bytes of all tables of a manifest, or of a part of one."""
    tables = part.tables.values()
    return {"rows": sum(table.rows for table in tables), "bytes": sum(table.bytes for table in tables)}


def require(settings: Iterable[str]) -> None:
    """Read settings, by the names that functions of `connections` have; Terminal for one that cannot be used."""
    for setting in settings:
        getattr(connections, setting)()


@wrapper("Migrated the warehouse")
def migrate_warehouse(settings: Sequence[str] = (), **context: Any) -> None:
    """Bring the warehouse's tables and their comments to this version of the code, once all settings can be used.

    Args:
        settings: what later tasks of the run take from `connections`: before anything is done it is read, and refused
            where it cannot be.
    """
    require(settings)
    migrate(connections.dsn("warehouse_db"))
    with connections.warehouse() as store:
        describe.comment_tables(store, catalog.TABLES)


@wrapper("Invalidated the CDN")
def invalidate_cdn(**context: Any) -> dict[str, Any]:
    """Invalidate the CDN for the keys that changed; without a CDN, say so in the log."""
    cdn = connections.cdn()
    if cdn is None:
        log.info("The Airflow Variable cdn_distribution_id is not set: no CDN is invalidated.")
    with connections.warehouse() as store:
        keys = publish.invalidate(store, cdn)
    for key in keys if cdn else ():
        log.info("Invalidated %s.", key)
    return {"paths": len(keys) if cdn else 0}
