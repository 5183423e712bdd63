"""The wrapper of `stacks_forget_day`: it removes a day."""

from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.runners import forget
from stacks_dataverse.task_wrappers import catalogue, outcome
from stacks_dataverse.task_wrappers.shared import window, wrapper


@wrapper("Removed {days}")
def forget_day(**context: Any) -> dict[str, int]:
    """Remove a day's rows and public objects, and its raw files where the Param `raw` says so."""
    day, archive, public = window(context), connections.archive(), connections.public()
    with connections.warehouse() as store:
        rows = forget.remove_day(store, day, [*catalog.tables(Kind.FACT), *catalog.tables(Kind.FIGURE)])
        # Without the day, before its objects are gone.
        catalogue.publish(store, public, datetime.now(UTC))
        objects = forget.remove_dated_objects(store, public, day, catalog.objects(Schedule.DAILY))
    raw = forget.remove_raw_files(archive, day) if context["params"].get("raw") else []
    outcome.describe_assets(context, day, outcome.end_of(day), rows=rows, is_removed=True)
    return {"rows": rows, "changed": len(objects), "raw": len(raw)}
