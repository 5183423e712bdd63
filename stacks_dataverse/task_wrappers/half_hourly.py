"""The wrappers of `stacks_half_hourly`: a tip snapshot, what is published of it, and whether the tip advances."""

from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections, measures
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.runners.tip import land, publish
from stacks_dataverse.task_wrappers.shared import landed, wrapper
from stacks_dataverse.tip_snapshot import TipWindow


@wrapper
def look_at_tip(**context: Any) -> dict[str, Any]:
    """Land a tip snapshot; hands on when it was taken, by which it is found."""
    taken_at = datetime.now(UTC).replace(microsecond=0)
    with connections.stacks_db() as source, connections.warehouse() as store:
        snapshot = land.land_snapshot(
            source, connections.archive(), store, taken_at, catalog.tip_tables(), catalog.TIP_CHECKS
        )
    _tell_of_tip(snapshot)
    return {"at": snapshot.at, "tip": snapshot.tip_height, **landed(snapshot)}


@wrapper
def publish_live(**context: Any) -> dict[str, Any]:
    """Take the snapshots of this run's look, and publish the half-hourly objects."""
    at = context["ti"].xcom_pull(task_ids="look")["at"]
    tables, objects = catalog.tip_tables(), catalog.objects(Schedule.HALF_HOURLY)
    archive, public = connections.archive(), connections.public()
    with connections.warehouse() as store:
        keys = publish.publish_tip(archive, store, public, at, tables, objects, connections.network())
    return {"changed": len(keys)}


@wrapper
def sanity_check(**context: Any) -> dict[str, int]:
    """Whether the tip has advanced since this was last asked."""
    with connections.stacks_db() as source:
        return publish.check_tip_advances(source, connections.archive())


def _tell_of_tip(taken: TipWindow) -> None:
    tip = datetime.fromtimestamp(taken.tip_time, UTC)
    measures.stands_at("tip_age", (taken.taken_at - tip).total_seconds())
    if taken.last_day:
        measures.stands_at("days_behind_tip", (tip.date() - taken.last_day).days)
