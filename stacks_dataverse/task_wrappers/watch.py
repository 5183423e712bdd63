"""The wrapper of `freshness_hourly`: it monitors the age of the public objects."""

import logging
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections, metrics
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import freshness, publish_catalog
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.task_wrappers.shared import wrapper

log = logging.getLogger(__name__)


@wrapper("Compared the age of every public object with its limit")
def check_freshness(**context: Any) -> dict[str, int]:
    """Fail when public objects became stale since the last run, or their catalogue is missing or behind.

    Those that were stale before only go to the log.
    """
    migrate(connections.dsn("warehouse_db"))
    objects = [obj for schedule in catalog.Schedule for obj in catalog.objects(schedule)]
    public = connections.public()
    with connections.warehouse() as store:
        result = freshness.check_freshness(store, public, objects, datetime.now(UTC), connections.stacks_source())
        fault = publish_catalog.describe_fault(store, public)
    metrics.set_gauge("stale_objects", len(result.stale))
    metrics.set_gauge("oldest_object", result.oldest_hours)
    if result.stale:
        log.warning(
            "%d of %d public objects are stale. %s", len(result.stale), result.objects, result.describe(result.stale)
        )
    news = f"Public objects became stale. {result.describe(result.news)}" if result.news else ""
    if problems := " ".join(filter(None, (news, fault))):
        raise Terminal(problems)
    return {"objects": result.objects, "stale": len(result.stale)}
