"""The wrappers of `stacks_half_hourly`: land a tip snapshot, publish from it, and check that the tip advances."""

import logging
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections, metrics
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.runners.tip import land, publish
from stacks_dataverse.task_wrappers.shared import count_landed, wrapper
from stacks_dataverse.tip_snapshot import TipWindow

log = logging.getLogger(__name__)


@wrapper
def look_at_tip(**context: Any) -> dict[str, Any]:
    """Land a tip snapshot; return the time at which it was taken, which is its key."""
    taken_at = datetime.now(UTC).replace(microsecond=0)
    with connections.stacks_db() as source, connections.warehouse() as store:
        snapshot = land.land_snapshot(
            source, connections.archive(), store, taken_at, catalog.tip_tables(), catalog.TIP_CHECKS
        )
    _set_tip_gauges(snapshot)
    return {"at": snapshot.at, "tip": snapshot.tip_height, **count_landed(snapshot)}


@wrapper
def publish_live(**context: Any) -> dict[str, Any]:
    """Fill the snapshot tables from this run's tip snapshot, and publish the half-hourly objects."""
    at = context["ti"].xcom_pull(task_ids="look")["at"]
    tables, objects = catalog.tip_tables(), catalog.objects(Schedule.HALF_HOURLY)
    archive, public = connections.archive(), connections.public()
    with connections.warehouse() as store:
        keys = publish.publish_tip(archive, store, public, at, tables, objects, connections.network())
    return {"changed": len(keys)}


@wrapper
def sanity_check(**context: Any) -> dict[str, int]:
    """Raise Retryable when the tip has not advanced since the last check; a source that stands still is not checked."""
    declared = connections.stacks_source()
    if declared.stands_still:
        log.info("The source is a %s, which stands still: its tip is not expected to advance.", declared.text)
        return {}
    with connections.stacks_db() as source:
        return publish.check_tip_advances(source, connections.archive())


def _set_tip_gauges(taken: TipWindow) -> None:
    tip = datetime.fromtimestamp(taken.tip_time, UTC)
    metrics.set_gauge("tip_age", (taken.taken_at - tip).total_seconds())
    if taken.last_day:
        metrics.set_gauge("days_behind_tip", (tip.date() - taken.last_day).days)
