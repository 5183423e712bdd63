"""The callables of the DAGs' tasks, and the only place that knows Airflow's shapes.

Each takes Airflow's context, makes a `Window`, opens the stores, calls one runner, and returns keys and counts.
"""

import functools
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from stacks_dataverse import catalog, connections
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import build, check, figures, land, publish
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)


def wrapper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let Airflow retry what is worth it, and fail at once what is not."""

    @functools.wraps(function)
    def run(*args: Any, **context: Any) -> Any:
        try:
            return function(*args, **context)
        except Terminal as error:
            raise AirflowFailException(str(error)) from error

    return run


def window(context: dict[str, Any]) -> Window:
    """Return the day of a run: its Param `day`, else the start of its data interval.

    Raises:
        Terminal: a manual run without either, a text that is no day, or a day after today (UTC).
    """
    chosen, interval_start = context["params"].get("day"), context.get("data_interval_start")
    if not chosen and interval_start is None:
        raise Terminal("this run has no day: trigger it with the Param day, as YYYY-MM-DD.")
    found = Window.parse(chosen) if chosen else Window(interval_start.astimezone(UTC).date())
    return found.refuse_after(datetime.now(UTC).date())


@wrapper
def day_is_settled(**context: Any) -> bool:
    """Whether the run may begin: the day is settled, or the Param `allow_unsettled` says not to wait."""
    day = window(context)
    if context["params"].get("allow_unsettled"):
        return True
    with connections.stacks_db() as source, connections.warehouse() as store:
        loaded_height = land.height_loaded(store)
        if land.is_behind(source, loaded_height):
            log.warning("The node is behind height %s, which is loaded: waiting until it has caught up.", loaded_height)
            return False
        return land.is_settled(source, day, connections.settle_hours())


@wrapper
def migrate_warehouse(**context: Any) -> None:
    """Bring the warehouse's tables to this version of the code."""
    migrate(connections.dsn("warehouse_db"))


@wrapper
def land_blocks(**context: Any) -> dict[str, Any]:
    """Land the day's blocks."""
    with connections.warehouse() as store:
        loaded_height = land.height_loaded(store)
    with connections.stacks_db() as source:
        archive, margin = connections.archive(), connections.settle_hours()
        return _landed(land.blocks(source, archive, window(context), margin, loaded_height))


@wrapper
def land_table(table: str, **context: Any) -> dict[str, Any]:
    """Land one large table."""
    with connections.stacks_db() as source:
        return _landed(land.tables(source, connections.archive(), window(context), table, [table]))


@wrapper
def land_small_tables(**context: Any) -> dict[str, Any]:
    """Land every other table."""
    with connections.stacks_db() as source:
        return _landed(land.small_tables(source, connections.archive(), window(context)))


@wrapper
def write_manifest(**context: Any) -> dict[str, Any]:
    """Write the day's manifest, with which it is landed."""
    return _landed(land.manifest(connections.archive(), window(context), datetime.now(UTC)))


@wrapper
def build_day(**context: Any) -> dict[str, int]:
    """Build the day's facts, ledgers and running state."""
    with connections.warehouse() as store:
        tables = catalog.tables(Kind.FACT)
        return build.day(connections.archive(), store, window(context), tables, datetime.now(UTC))


@wrapper
def make_figures(**context: Any) -> dict[str, Any]:
    """Make the end-of-day figures of every day that is due."""
    with connections.warehouse() as store:
        made = figures.due_days(store, catalog.tables(Kind.FIGURE), connections.pox())
    return {"days": len(made), "first": str(made[0]) if made else None, "last": str(made[-1]) if made else None}


@wrapper
def check_day(**context: Any) -> dict[str, int]:
    """Check the built day; passing makes it loaded."""
    with connections.warehouse() as store:
        return check.day(connections.archive(), store, window(context), datetime.now(UTC))


@wrapper
def publish_days(**context: Any) -> dict[str, Any]:
    """Publish what changed."""
    with connections.warehouse() as store:
        objects = catalog.objects(Schedule.DAILY)
        keys = publish.due_days(store, connections.public(), objects, window(context).day)
    return {"changed": len(keys)}


@wrapper
def invalidate_cdn(**context: Any) -> dict[str, Any]:
    """Tell the CDN what changed; without one, say so once."""
    cdn = connections.cdn()
    if cdn is None:
        log.info("The Airflow Variable cdn_distribution_id is not set: there is no CDN to tell.")
    with connections.warehouse() as store:
        keys = publish.invalidate(store, cdn)
    return {"paths": len(keys) if cdn else 0}


def _landed(part: dict[str, Any]) -> dict[str, Any]:
    tables = part["tables"].values()
    return {"rows": sum(table["rows"] for table in tables), "bytes": sum(table.get("bytes", 0) for table in tables)}
