"""The wrappers of `stacks_half_hourly`: a look at the tip, what is published of it, and whether the tip advances."""

from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections, measures
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.look import TipWindow
from stacks_dataverse.runners import live, look
from stacks_dataverse.task_wrappers.shared import landed, wrapper


@wrapper
def look_at_tip(**context: Any) -> dict[str, Any]:
    """Land a look at the tip; hands on when it was taken, by which it is found."""
    taken_at = datetime.now(UTC).replace(microsecond=0)
    with connections.stacks_db() as source, connections.warehouse() as store:
        snapshot = look.landed(
            source, connections.archive(), store, taken_at, catalog.live_tables(), catalog.LOOK_CHECKS
        )
    _tell_of_tip(snapshot)
    return {"at": snapshot.at, "tip": snapshot.tip_height, **landed(snapshot)}


@wrapper
def publish_live(**context: Any) -> dict[str, Any]:
    """Take the snapshots of this run's look, and publish the half-hourly objects."""
    at = context["ti"].xcom_pull(task_ids="look")["at"]
    tables, objects = catalog.live_tables(), catalog.objects(Schedule.HALF_HOURLY)
    archive, public = connections.archive(), connections.public()
    with connections.warehouse() as store:
        keys = live.published(archive, store, public, at, tables, objects, connections.network())
    return {"changed": len(keys)}


@wrapper
def sanity_check(**context: Any) -> dict[str, int]:
    """Whether the tip has advanced since this was last asked."""
    with connections.stacks_db() as source:
        return live.advanced(source, connections.archive())


def _tell_of_tip(taken: TipWindow) -> None:
    tip = datetime.fromtimestamp(taken.tip_time, UTC)
    measures.stands_at("tip_age", (taken.taken_at - tip).total_seconds())
    if taken.last_day:
        measures.stands_at("days_behind_tip", (tip.date() - taken.last_day).days)
