"""The wrapper of `freshness_hourly`: it watches over what was published."""

import logging
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog, connections, measures
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import freshness
from stacks_dataverse.stores.warehouse import migrate
from stacks_dataverse.task_wrappers.shared import wrapper

log = logging.getLogger(__name__)


@wrapper
def check_freshness(**context: Any) -> dict[str, int]:
    """Fail when public objects grew older than they may since they were last looked at; what was told is not again."""
    migrate(connections.dsn("warehouse_db"))
    objects = [declared for schedule in catalog.Schedule for declared in catalog.objects(schedule)]
    with connections.warehouse() as store:
        seen = freshness.check_freshness(store, connections.public(), objects, datetime.now(UTC))
    measures.stands_at("stale_objects", len(seen.stale))
    measures.stands_at("oldest_object", seen.oldest_hours)
    if seen.stale:
        log.warning("%d of %d public objects are stale. %s", len(seen.stale), seen.objects, seen.words(seen.stale))
    if seen.news:
        raise Terminal(f"Public objects became stale. {seen.words(seen.news)}")
    return {"objects": seen.objects, "stale": len(seen.stale)}
