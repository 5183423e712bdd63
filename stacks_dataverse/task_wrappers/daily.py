"""The wrappers of `stacks_daily`: one UTC day of the chain."""

import logging
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.manifest import BlocksPart, TablesPart
from stacks_dataverse.runners import build, built_tables, check, figures, land, publish, raw_archive, row_counts
from stacks_dataverse.task_wrappers import outcome
from stacks_dataverse.task_wrappers.catalogue import catalogue_after
from stacks_dataverse.task_wrappers.shared import count_landed, window, wrapper

log = logging.getLogger(__name__)


@wrapper("Checked whether {days} is final")
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


@wrapper("Landed the blocks of {days}")
def land_blocks(**context: Any) -> dict[str, Any]:
    """Land the day's blocks."""
    with connections.warehouse() as store:
        loaded_height = land.read_loaded_height(store)
    with connections.stacks_db() as source:
        archive, margin = connections.archive(), connections.settle_hours()
        return _report_landed(archive.bucket, land.land_blocks(source, archive, window(context), margin, loaded_height))


@wrapper("Landed {of} of {days}")
def land_table(table: str, **context: Any) -> dict[str, Any]:
    """Land one large table."""
    with connections.stacks_db() as source:
        archive = connections.archive()
        return _report_landed(archive.bucket, land.land_tables(source, archive, window(context), table, [table]))


@wrapper("Landed the small tables of {days}")
def land_small_tables(**context: Any) -> dict[str, Any]:
    """Land every other table."""
    with connections.stacks_db() as source:
        archive = connections.archive()
        return _report_landed(archive.bucket, land.land_small_tables(source, archive, window(context)))


@wrapper("Wrote the manifest of {days}")
def write_manifest(**context: Any) -> dict[str, Any]:
    """Write the day's manifest, with which it is landed."""
    archive, day, now = connections.archive(), window(context), datetime.now(UTC)
    landed = count_landed(land.write_manifest(archive, day, now, catalog.LANDING_CHECKS))
    outcome.log_keys(archive.bucket, [raw_archive.manifest_key(day)])
    outcome.describe_assets(context, day, outcome.end_of(day), **landed)
    return landed


@wrapper("Built {days}")
def build_day(**context: Any) -> dict[str, int]:
    """Build the day's facts, ledgers and running state; return how many tables and rows they are."""
    with connections.warehouse() as store:
        tables, network = catalog.built_tables(), connections.network()
        rows = build.build_day(connections.archive(), store, window(context), tables, datetime.now(UTC), network)
    outcome.log_rows(rows)
    return {"tables": len(rows), "rows": sum(rows.values())}


@wrapper("Made the daily snapshots that were due")
def make_figures(**context: Any) -> dict[str, Any]:
    """Make the end-of-day figures that are due, of every day."""
    with connections.warehouse() as store:
        made = figures.make_due_figures(store, catalog.tables(Kind.FIGURE), connections.network())
    for day in made:
        log.info("Made the daily snapshots of %s.", day)
    return {"days": len(made), "first": str(made[0]) if made else None, "last": str(made[-1]) if made else None}


@wrapper("Checked {days}")
def check_day(**context: Any) -> dict[str, int]:
    """Check the built day; passing makes it loaded. Days that lack other tables now are checked again."""
    day, archive, checks = window(context), connections.archive(), catalog.CHECKS
    with connections.warehouse() as store:
        counts = check.check_day(archive, store, day, checks, datetime.now(UTC))
        for outdated in check.read_outdated_days(store):
            check.check_day(archive, store, outdated, checks, datetime.now(UTC))
        rows = row_counts.count_rows(store, catalog.TABLES, day, day)
    outcome.describe_assets(context, day, outcome.end_of(day), rows=rows, **counts)
    return counts


@wrapper("Published {days}")
def publish_days(**context: Any) -> dict[str, Any]:
    """Publish what changed."""
    day, public, objects = window(context), connections.public(), catalog.objects(Schedule.DAILY)
    with connections.warehouse() as store:
        with catalogue_after(store, public):
            keys = publish.publish_due_days(store, public, objects, day.day)
        rows = row_counts.count_rows(store, catalog.TABLES, day, day)
    outcome.log_keys(public.bucket, keys)
    outcome.describe_assets(context, day, outcome.end_of(day), rows=rows, changed=len(keys))
    return {"changed": len(keys)}


@wrapper("Every table of {days} is built")
def name_failed_tables(**context: Any) -> None:
    """Fail where tables of the day failed or wait, so that an alert is sent; all else is published."""
    day = window(context).day
    with connections.warehouse() as store:
        built_tables.raise_for_failed(store, day, day)


def _report_landed(bucket: str, part: BlocksPart | TablesPart) -> dict[str, int]:
    """Log the files of a part of a day's manifest, and return its rows and bytes."""
    outcome.log_files(bucket, part.tables)
    return count_landed(part)
