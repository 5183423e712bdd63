"""The wrappers of `stacks_backfill`: any range of days, a month a task."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.runners import backfill, built_tables, check, figures, land, lineage, publish
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.task_wrappers import shared
from stacks_dataverse.task_wrappers.asked import BUILD, LAND, PUBLISH, Asked
from stacks_dataverse.task_wrappers.progress import Progress, followed
from stacks_dataverse.task_wrappers.shared import wrapper
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

# What each verb takes from `connections`.
SETTINGS = {LAND: ("settle_hours", "archive"), BUILD: ("network", "archive"), PUBLISH: ("public",)}

# The tables that can be built by name.
TABLES = sorted(table.name for table in (*catalog.tables(Kind.FACT), *catalog.tables(Kind.FIGURE)))


@wrapper
def plan(**context: Any) -> list[str]:
    """Refuse settings that cannot be used, unknown tables and days that cannot be landed or built, before anything is
    done.

    Brings the warehouse's tables to this version of the code. Returns the months to land.
    """
    asked = Asked.of(context)
    if unknown := asked.tables - set(TABLES):
        raise Terminal(f"The Param tables has {', '.join(sorted(unknown))}; choose some of {', '.join(TABLES)}.")
    shared.require(setting for verb in asked.what for setting in SETTINGS[verb])
    log.info("%s to %s, %d months: %s.", asked.first, asked.last, len(asked.months), ", ".join(sorted(asked.what)))
    if BUILD in asked.what and LAND not in asked.what:
        backfill.refuse_unlanded(connections.archive(), asked.first, asked.last)
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
    asked, rows = Asked.of(context), Counter[str]()
    with connections.stacks_db() as source:
        landings = backfill.land_days(
            source, connections.archive(), asked.month(month), connections.settle_hours(), catalog.LANDING_CHECKS, _now,
            loaded_height=_loaded_height(asked), redo_before=asked.redo_before,
        )  # fmt: skip
        counts = followed(_counting_rows(landings, rows), len(asked.month(month)), context)
    return counts | rows


@wrapper
def plan_building(**context: Any) -> list[str]:
    """Return the months to build."""
    asked = Asked.of(context)
    return asked.months if BUILD in asked.what else []


@wrapper
def build_month(month: str, **context: Any) -> dict[str, int]:
    """Build what is due of the days of a month."""
    asked = Asked.of(context)
    with connections.warehouse() as store:
        days = asked.month(month)
        outcomes = backfill.build_days(
            connections.archive(), store, days, catalog.built_tables(), _now, connections.network(),
            redo_before=asked.redo_before, only=asked.tables or None,
        )  # fmt: skip
        return followed(outcomes, len(days), context)


@wrapper
def check_month(month: str, **context: Any) -> dict[str, int]:
    """Check the days of a month that have not passed since they were built, or that lack other tables now.

    The last month checks such days outside of the range as well: what they waited for may be built by this run.
    """
    asked = Asked.of(context)
    days = asked.month(month)
    with connections.warehouse() as store:
        if month == asked.months[-1]:
            days += [day for day in check.outdated_days(store) if not asked.first <= day <= asked.last]
        outcomes = backfill.check_days(connections.archive(), store, days, catalog.CHECKS, _now)
        return followed(outcomes, len(days), context)


@wrapper
def make_figures(**context: Any) -> dict[str, int]:
    """Make the end-of-day figures that are due, once for all months; of named tables, and what reads these."""
    asked = Asked.of(context)
    asked.skip_without(BUILD)
    tables, progress = catalog.tables(Kind.FIGURE), Progress(context)
    only = lineage.readers_of_facts(asked.tables, catalog.TABLES) if asked.tables else None
    with connections.warehouse() as store:
        made = figures.make_due_figures(store, tables, connections.network(), progress.tell, only)
    return {"days": len(made)}


@wrapper
def publish_days(**context: Any) -> dict[str, int]:
    """Publish what changed, once for all days."""
    asked = Asked.of(context)
    asked.skip_without(PUBLISH)
    with connections.warehouse() as store:
        keys = publish.publish_due_days(store, connections.public(), catalog.objects(Schedule.DAILY), asked.last.day)
    return {"changed": len(keys)}


@wrapper
def name_failed_tables(**context: Any) -> None:
    """Fail where tables of the days failed or wait, so that somebody hears of it; all else is published."""
    asked = Asked.of(context)
    if asked.what != {LAND}:
        with connections.warehouse() as store:
            built_tables.refuse_failed(store, asked.first.day, asked.last.day)


@wrapper
def invalidate_cdn(**context: Any) -> dict[str, Any]:
    """Tell the CDN what changed, if it was published."""
    Asked.of(context).skip_without(PUBLISH)
    return shared.invalidate_cdn.__wrapped__(**context)


def _counting_rows(
    landings: Iterable[tuple[Window, Manifest | None]], rows: Counter[str]
) -> Iterator[tuple[Window, str]]:
    """Say what became of each day, and count the rows and bytes of those that were landed."""
    for window, manifest in landings:
        if manifest:
            rows.update(shared.landed(manifest))
        yield window, backfill.DONE if manifest else backfill.UNCHANGED


def _loaded_height(asked: Asked) -> int | None:
    """The highest height loaded; a run that only lands has nothing to do with the warehouse."""
    if asked.what == {LAND}:
        return None
    with connections.warehouse() as store:
        return land.height_loaded(store)


def _now() -> datetime:
    return datetime.now(UTC)
