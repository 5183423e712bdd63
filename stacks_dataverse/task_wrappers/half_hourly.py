"""The wrappers of `stacks_half_hourly`: land a tip snapshot, publish from it, and check that the tip advances."""

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from stacks_dataverse import catalog, connections, metrics
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.runners.tip import land, publish
from stacks_dataverse.task_wrappers import outcome
from stacks_dataverse.task_wrappers.catalogue import catalogue_after
from stacks_dataverse.task_wrappers.shared import count_landed, wrapper
from stacks_dataverse.tip_snapshot import TipWindow

log = logging.getLogger(__name__)


@wrapper("Landed a tip snapshot")
def land_tip(**context: Any) -> dict[str, Any]:
    """Land a tip snapshot; return the time at which it was taken, which is its key."""
    taken_at = datetime.now(UTC).replace(microsecond=0)
    with connections.stacks_db() as source, connections.warehouse() as store:
        archive = connections.archive()
        snapshot = land.land_snapshot(source, archive, store, taken_at, catalog.tip_tables(), catalog.TIP_CHECKS)
    _set_tip_gauges(snapshot)
    outcome.log_files(archive.bucket, snapshot.tables)
    landed = {"at": snapshot.at, "tip": snapshot.tip_height, "tip_time": snapshot.tip_time, **count_landed(snapshot)}
    _describe_assets(context, landed, rows=landed["rows"], bytes=landed["bytes"])
    return landed


@wrapper("Published the half-hourly objects")
def publish_tip(**context: Any) -> dict[str, Any]:
    """Fill the snapshot tables from this run's tip snapshot, and publish the half-hourly objects."""
    landed = context["ti"].xcom_pull(task_ids="land_tip")
    tables, objects = catalog.tip_tables(), catalog.objects(Schedule.HALF_HOURLY)
    archive, public = connections.archive(), connections.public()
    with connections.warehouse() as store, catalogue_after(store, public):
        keys = publish.publish_tip(archive, store, public, landed["at"], tables, objects, connections.network())
    outcome.log_keys(public.bucket, keys)
    _describe_assets(context, landed, rows=landed["rows"], changed=len(keys))
    return {"changed": len(keys)}


@wrapper("The tip has advanced")
def sanity_check(**context: Any) -> dict[str, int]:
    """Raise Retryable when the tip has not advanced since the last run; a source that stands still is not checked."""
    declared = connections.stacks_source()
    if declared.stands_still:
        log.info("The source is a %s, which stands still: its tip is not expected to advance.", declared.text)
        return {}
    with connections.stacks_db() as source:
        return publish.check_tip_advances(source, connections.archive(), quote(context["run_id"]))


def _describe_assets(context: dict[str, Any], landed: dict[str, Any], **counts: int) -> None:
    """Set the extra of the assets' events: the day, the time and the height of the tip."""
    tip = datetime.fromtimestamp(landed["tip_time"], UTC)
    outcome.describe_assets(context, tip.date(), tip, tip_height=landed["tip"], **counts)


def _set_tip_gauges(taken: TipWindow) -> None:
    tip = datetime.fromtimestamp(taken.tip_time, UTC)
    metrics.set_gauge("tip_age", (taken.taken_at - tip).total_seconds())
    if taken.last_day:
        metrics.set_gauge("days_behind_tip", (tip.date() - taken.last_day).days)
