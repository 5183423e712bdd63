"""The wrappers of `stacks_daily`: one UTC day of the chain."""

import logging
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.runners import build, built_tables, check, figures, land, publish
from stacks_dataverse.task_wrappers.shared import count_landed, window, wrapper

log = logging.getLogger(__name__)


@wrapper
def day_is_settled(**context: Any) -> bool:
    """Whether the run may begin: the day is settled, or the Param `allow_unsettled` says not to wait."""
    day = window(context)
    if context["params"].get("allow_unsettled"):
        return True
    with connections.stacks_db() as source, connections.warehouse() as store:
        loaded_height = land.read_loaded_height(store)
        if land.is_behind(source, loaded_height):
            log.warning(
                "The node is behind height %s, which is already loaded; waiting until it has caught up.", loaded_height
            )
            return False
        return land.is_settled(source, day, connections.settle_hours())


@wrapper
def land_blocks(**context: Any) -> dict[str, Any]:
    """Land the day's blocks."""
    with connections.warehouse() as store:
        loaded_height = land.read_loaded_height(store)
    with connections.stacks_db() as source:
        archive, margin = connections.archive(), connections.settle_hours()
        return count_landed(land.land_blocks(source, archive, window(context), margin, loaded_height))


@wrapper
def land_table(table: str, **context: Any) -> dict[str, Any]:
    """Land one large table."""
    with connections.stacks_db() as source:
        return count_landed(land.land_tables(source, connections.archive(), window(context), table, [table]))


@wrapper
def land_small_tables(**context: Any) -> dict[str, Any]:
    """Land every other table."""
    with connections.stacks_db() as source:
        return count_landed(land.land_small_tables(source, connections.archive(), window(context)))


@wrapper
def write_manifest(**context: Any) -> dict[str, Any]:
    """Write the day's manifest, with which it is landed."""
    day, now = window(context), datetime.now(UTC)
    return count_landed(land.write_manifest(connections.archive(), day, now, catalog.LANDING_CHECKS))


@wrapper
def build_day(**context: Any) -> dict[str, int]:
    """Build the day's facts, ledgers and running state; return how many tables and rows they are."""
    with connections.warehouse() as store:
        tables, network = catalog.built_tables(), connections.network()
        rows = build.build_day(connections.archive(), store, window(context), tables, datetime.now(UTC), network)
    return {"tables": len(rows), "rows": sum(rows.values())}


@wrapper
def make_figures(**context: Any) -> dict[str, Any]:
    """Make the end-of-day figures that are due, of every day."""
    with connections.warehouse() as store:
        made = figures.make_due_figures(store, catalog.tables(Kind.FIGURE), connections.network())
    return {"days": len(made), "first": str(made[0]) if made else None, "last": str(made[-1]) if made else None}


@wrapper
def check_day(**context: Any) -> dict[str, int]:
    """Check the built day; passing makes it loaded. Days that lack other tables now are checked again."""
    with connections.warehouse() as store:
        archive, checks = connections.archive(), catalog.CHECKS
        counts = check.check_day(archive, store, window(context), checks, datetime.now(UTC))
        for day in check.read_outdated_days(store):
            check.check_day(archive, store, day, checks, datetime.now(UTC))
    return counts


@wrapper
def publish_days(**context: Any) -> dict[str, Any]:
    """Publish what changed."""
    with connections.warehouse() as store:
        objects = catalog.objects(Schedule.DAILY)
        keys = publish.publish_due_days(store, connections.public(), objects, window(context).day)
    return {"changed": len(keys)}


@wrapper
def name_failed_tables(**context: Any) -> None:
    """Fail where tables of the day failed or wait, so that an alert is sent; all else is published."""
    day = window(context).day
    with connections.warehouse() as store:
        built_tables.raise_for_failed(store, day, day)
