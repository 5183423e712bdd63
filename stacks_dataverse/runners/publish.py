"""Publish the public objects of days from the warehouse, and what vendors' prices say; then invalidate the CDN."""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from stacks_dataverse.dataset import LATEST, PublicObject
from stacks_dataverse.network import Network
from stacks_dataverse.queries.days import FAILED_DAYS, FIGURES_DUE, HELD_DAYS, NEWEST_LOADED
from stacks_dataverse.runners.built_tables import read_failed_tables
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.steps import run_all
from stacks_dataverse.runners.upload import upload_all
from stacks_dataverse.stores.cdn import MAX_PATHS, Cdn
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.versions import names_in

log = logging.getLogger(__name__)

CDN_LOCK = "hashtext('stacks_dataverse.cdn')"

# One run at a time publishes what vendors' prices say: an older state would replace a newer one.
LATEST_LOCK = "hashtext('stacks_dataverse.latest')"


def publish_due_days(
    warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], day: date
) -> list[str]:
    """Publish the objects of a day, and of every other loaded day that changed since it was published.

    Days after one that failed its checks wait for it, because they depend on it. So do days after one that was
    published before and was rebuilt but not checked yet, because series would lack it. `latest` is written with the
    newest loaded day only, which is never one past the chain's tip. The lock on the running state is held while a day
    is published: no build runs meanwhile, so that all objects show one state of the warehouse, and no other task
    publishes, so that an older version does not overwrite a newer one. Returns the keys that changed.

    Raises:
        Retryable, Terminal: as of `run_all`; a day of which objects failed is due again, those of the others are
            published.
    """
    days = warehouse.read(DUE_SQL, day=day)["day"].to_pylist()
    return run_all(warehouse, {str(due): partial(_publish_day_locked, warehouse, public, objects, due) for due in days})


def publish_with_prices(warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject]) -> list[str]:
    """Publish objects of the last loaded days again, once their prices are stored; return the keys that changed.

    Days that are due are left to `publish_due_days`. Nothing is published while a published day is rebuilt, for
    `latest` would go back to one before it, nor while another run holds the running state, which may be for hours: the
    next run publishes it.

    Raises:
        Retryable, Terminal: as of `run_all`.
    """
    with warehouse.transaction():
        is_free = warehouse.scalar(f"SELECT pg_try_advisory_xact_lock({STATE_LOCK})")
    if not is_free:
        log.warning("Another run changes the warehouse: %s wait for the next run.", [obj.name for obj in objects])
        return []
    with warehouse.hold_lock(STATE_LOCK):
        days = warehouse.read(PUBLISHED_DAYS_SQL)["day"].to_pylist()
        return run_all(warehouse, {str(day): partial(_upload_day, warehouse, public, objects, day) for day in days})


def publish_latest(
    warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], network: Network
) -> list[str]:
    """Publish `latest` of objects up to the newest loaded day and the newest prices; return the keys that changed."""
    with warehouse.hold_lock(LATEST_LOCK):
        day = warehouse.scalar(NEWEST_LOADED)
        steps = {
            obj.name: partial(read_publication, warehouse, obj, [LATEST], day=day, **network.values)
            for obj in with_all_rows(warehouse, objects, day)
        }
        return upload_all(warehouse, public, steps)


def invalidate(warehouse: Warehouse, cdn: Cdn | None) -> list[str]:
    """Invalidate the CDN for the keys that changed since the last call, up to its limit; return these keys.

    Without a CDN the record of changed keys is cleared all the same.
    """
    with warehouse.transaction(CDN_LOCK):
        changes = warehouse.read(CHANGES_SQL, most=MAX_PATHS).to_pylist()
        if cdn and changes:
            cdn.invalidate({change["key"]: change["changed_at"] for change in changes})
        warehouse.execute(INVALIDATED_SQL, changes=json.dumps(changes))
    return [change["key"] for change in changes]


def with_all_rows(warehouse: Warehouse, objects: Sequence[PublicObject], day: date | None) -> Iterator[PublicObject]:
    """The objects whose tables have their rows up to a day; the others keep their version: stale rather than wrong."""
    failed = read_failed_tables(warehouse, date.min, day) if day else {}
    for obj in objects:
        if waits_for := failed.keys() & names_in(obj.rows, obj.known):
            log.warning("%s of %s waits for %s.", obj.name, day, ", ".join(sorted(waits_for)))
        else:
            yield obj


def _publish_day_locked(
    warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], day: date
) -> list[str]:
    with warehouse.hold_lock(STATE_LOCK):
        return _publish_day(warehouse, public, objects, day)


def _publish_day(warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], day: date) -> list[str]:
    """Publish a day. The lock is held by now: a day that was rebuilt before it was taken is skipped."""
    changed: list[str] = []
    for still_due in warehouse.read(READY_SQL, day=day).to_pylist():
        changed += _upload_day(warehouse, public, objects, day)
        with warehouse.transaction():
            warehouse.execute(PUBLISHED_SQL, **still_due)
    return changed


def _upload_day(warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], day: date) -> list[str]:
    newest = warehouse.scalar(NEWEST_LOADED)
    steps = {
        obj.name: partial(read_publication, warehouse, obj, list(_versions(obj, day, day == newest)), day=day)
        for obj in with_all_rows(warehouse, objects, day)
    }
    return upload_all(warehouse, public, steps)


def _versions(obj: PublicObject, day: date, is_newest: bool) -> Iterator[str]:
    if obj.is_dated:
        yield str(day)
    if is_newest:
        yield LATEST


READY = f"""
    SELECT day, revision, published_revision FROM built_days JOIN loaded_days USING (day)
    WHERE NOT {FIGURES_DUE.format(day="built_days.day")}
      AND day < COALESCE((SELECT min(day) FROM ({FAILED_DAYS} UNION ALL {HELD_DAYS}) AS waited_for), 'infinity')
"""

DUE_SQL = f"""
    SELECT day FROM ({READY}) AS ready WHERE revision > published_revision OR day = {{day}} ORDER BY day
"""

# Where the close of a day is not stored, one of the two days before takes its place.
PUBLISHED_DAYS_SQL = f"""
    SELECT day FROM ({READY}) AS ready
    WHERE revision = published_revision AND day > ({NEWEST_LOADED}) - 3 AND NOT EXISTS ({HELD_DAYS}) ORDER BY day
"""

READY_SQL = f"SELECT day, revision FROM ({READY}) AS ready WHERE day = {{day}}"

PUBLISHED_SQL = "UPDATE built_days SET published_revision = {revision} WHERE day = {day}"

CHANGES_SQL = "SELECT key, changed_at::text AS changed_at FROM changed_keys ORDER BY changed_at, key LIMIT {most}"

# A key that changed again meanwhile is invalidated by the next run.
INVALIDATED_SQL = """
    DELETE FROM changed_keys AS held USING json_populate_recordset(NULL::changed_keys, {changes}) AS change
    WHERE held.key = change.key AND held.changed_at = change.changed_at
"""
