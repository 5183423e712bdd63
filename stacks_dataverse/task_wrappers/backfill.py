"""The wrappers of `stacks_backfill`: any range of days, a month a task."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.errors import Terminal
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.runners import backfill, built_tables, check, figures, land, lineage, publish, row_counts
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.task_wrappers import outcome, shared
from stacks_dataverse.task_wrappers.backfill_request import BUILD, LAND, PUBLISH, BackfillRequest
from stacks_dataverse.task_wrappers.catalogue import catalogue_after
from stacks_dataverse.task_wrappers.progress import Progress, follow_progress
from stacks_dataverse.task_wrappers.shared import wrapper
from stacks_dataverse.window import Window

log = logging.getLogger(__name__)

# What each verb takes from `connections`.
SETTINGS = {LAND: ("settle_hours", "archive"), BUILD: ("network", "archive"), PUBLISH: ("public",)}

# The tables that can be built by name.
TABLES = sorted(table.name for table in (*catalog.tables(Kind.FACT), *catalog.tables(Kind.FIGURE)))


@wrapper("Planned {days}")
def plan(**context: Any) -> list[str]:
    """Refuse settings that cannot be used, unknown tables and days that cannot be landed or built, before anything is
    done.

    Brings the warehouse's tables to this version of the code. Returns the months to land.
    """
    request = BackfillRequest.of(context)
    if unknown := request.tables - set(TABLES):
        raise Terminal(f"The Param tables has {', '.join(sorted(unknown))}; choose some of {', '.join(TABLES)}.")
    shared.require(setting for verb in request.what for setting in SETTINGS[verb])
    log.info(
        "%s to %s, %d months: %s.", request.first, request.last, len(request.months), ", ".join(sorted(request.what))
    )
    if BUILD in request.what and LAND not in request.what:
        backfill.refuse_unlanded(connections.archive(), request.first, request.last)
    if request.what != {LAND}:
        migrate(connections.dsn("warehouse_db"))
    if LAND not in request.what:
        return []
    with connections.stacks_db() as source:
        backfill.refuse_outside(source, request.first, request.last, _loaded_height(request))
    return request.months


@wrapper("Landed {of}")
def land_month(month: str, **context: Any) -> dict[str, int]:
    """Land the days of a month that are not landed as the chain has them."""
    request, rows = BackfillRequest.of(context), Counter[str]()
    with connections.stacks_db() as source:
        landings = backfill.land_days(
            source, connections.archive(), request.month(month), connections.settle_hours(), catalog.LANDING_CHECKS,
            _now, loaded_height=_loaded_height(request), redo_before=request.redo_before,
        )  # fmt: skip
        counts = follow_progress(_counting_rows(landings, rows), len(request.month(month)), context)
    _describe_assets(context, request.month(month), **counts | rows)
    return counts | rows


@wrapper("Planned the build of {days}")
def plan_building(**context: Any) -> list[str]:
    """Return the months to build."""
    request = BackfillRequest.of(context)
    return request.months if BUILD in request.what else []


@wrapper("Built {of}")
def build_month(month: str, **context: Any) -> dict[str, int]:
    """Build what is due of the days of a month."""
    request = BackfillRequest.of(context)
    with connections.warehouse() as store:
        days = request.month(month)
        outcomes = backfill.build_days(
            connections.archive(), store, days, catalog.built_tables(), _now, connections.network(),
            redo_before=request.redo_before, only=request.tables or None,
        )  # fmt: skip
        return follow_progress(outcomes, len(days), context)


@wrapper("Checked {of}")
def check_month(month: str, **context: Any) -> dict[str, int]:
    """Check the days of a month that have not passed since they were built, or that lack other tables now.

    The last month checks such days outside of the range as well: what they waited for may be built by this run.
    """
    request = BackfillRequest.of(context)
    days = request.month(month)
    with connections.warehouse() as store:
        if month == request.months[-1]:
            days += [day for day in check.read_outdated_days(store) if not request.first <= day <= request.last]
        outcomes = backfill.check_days(connections.archive(), store, days, catalog.CHECKS, _now)
        counts = follow_progress(outcomes, len(days), context)
        month_days = request.month(month)
        rows = row_counts.count_rows(store, catalog.TABLES, month_days[0], month_days[-1])
    _describe_assets(context, month_days, rows=rows, **counts)
    return counts


@wrapper("Made the daily snapshots that were due")
def make_figures(**context: Any) -> dict[str, int]:
    """Make the end-of-day figures that are due, once for all months; of named tables, and what reads these."""
    request = BackfillRequest.of(context)
    request.skip_without(BUILD)
    tables, progress = catalog.tables(Kind.FIGURE), Progress(context)
    only = lineage.readers_of_facts(request.tables, catalog.TABLES) if request.tables else None
    with connections.warehouse() as store:
        made = figures.make_due_figures(store, tables, connections.network(), progress.report, only)
    return {"days": len(made)}


@wrapper("Published {days}")
def publish_days(**context: Any) -> dict[str, int]:
    """Publish what changed, once for all days."""
    request = BackfillRequest.of(context)
    request.skip_without(PUBLISH)
    public, objects = connections.public(), catalog.objects(Schedule.DAILY)
    with connections.warehouse() as store:
        with catalogue_after(store, public):
            keys = publish.publish_due_days(store, public, objects, request.last.day)
        # Of the newest day: to count all of history takes minutes.
        rows = row_counts.count_rows(store, catalog.TABLES, request.last, request.last)
    outcome.log_keys(public.bucket, keys)
    _describe_assets(context, [request.first, request.last], rows=rows, changed=len(keys))
    return {"changed": len(keys)}


@wrapper("Every table of {days} is built")
def name_failed_tables(**context: Any) -> None:
    """Fail where tables of the days failed or wait, so that an alert is sent; all else is published."""
    request = BackfillRequest.of(context)
    if request.what != {LAND}:
        with connections.warehouse() as store:
            built_tables.raise_for_failed(store, request.first.day, request.last.day)


@wrapper("Invalidated the CDN")
def invalidate_cdn(**context: Any) -> dict[str, Any]:
    """Invalidate the CDN for the keys that changed, if this run published."""
    BackfillRequest.of(context).skip_without(PUBLISH)
    return shared.invalidate_cdn.__wrapped__(**context)


def _describe_assets(context: dict[str, Any], days: Sequence[Window], /, **counts: int) -> None:
    """Set the extra of the assets' events: the first and the last day, and counts."""
    outcome.describe_assets(context, days[-1], outcome.end_of(days[-1]), from_day=str(days[0]), **counts)


def _counting_rows(
    landings: Iterable[tuple[Window, Manifest | None]], rows: Counter[str]
) -> Iterator[tuple[Window, str]]:
    """Yield the outcome of each day, and count the rows and bytes of those that were landed."""
    for window, manifest in landings:
        if manifest:
            rows.update(shared.count_landed(manifest))
        yield window, backfill.DONE if manifest else backfill.UNCHANGED


def _loaded_height(request: BackfillRequest) -> int | None:
    """The highest height loaded; a run that only lands has nothing to do with the warehouse."""
    if request.what == {LAND}:
        return None
    with connections.warehouse() as store:
        return land.read_loaded_height(store)


def _now() -> datetime:
    return datetime.now(UTC)
