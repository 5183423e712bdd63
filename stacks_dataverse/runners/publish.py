"""Write the public objects from the warehouse: dated keys first, `latest` after; then invalidate the CDN."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

from stacks_dataverse import envelope, files, units
from stacks_dataverse.dataset import LATEST, PublicObject, Schedule
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.network import Network
from stacks_dataverse.queries.days import FAILED_DAYS, FIGURES_DUE, HELD_DAYS, NEWEST_LOADED
from stacks_dataverse.runners.built_tables import read_failed_tables
from stacks_dataverse.stores.cdn import MAX_PATHS, Cdn
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.versions import names_in

log = logging.getLogger(__name__)

# At most so many failures are named in one message; the log and the load logs have them all.
MAX_NAMED = 20

# A dated object changes only when its day is built again; the others with every run of their schedule.
CACHE_DATED_SECONDS = 86_400
CACHE_SECONDS = {Schedule.DAILY: 3600, Schedule.MARKET: 3600, Schedule.HALF_HOURLY: 300}

CDN_LOCK = "hashtext('stacks_dataverse.cdn')"


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


def publish_object(
    warehouse: Warehouse, public: ObjectStore, obj: PublicObject, versions: Sequence[str], **values: Any
) -> list[str]:
    """Write the versions of one object; `values` are those of its query. Return the keys that changed.

    An object with `keep_if_empty` keeps its previous version when its query returns no rows.
    """
    if not versions:
        return []
    rows = warehouse.read(obj.rows, **values)
    if obj.keep_if_empty and not rows.num_rows:
        return []
    return _put_all(warehouse, public, obj, versions, rows, values)


def publish_latest(
    warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], network: Network
) -> list[str]:
    """Publish `latest` of objects up to the newest loaded day and the newest prices; return the keys that changed."""
    day = warehouse.scalar(NEWEST_LOADED)
    steps = {
        obj.name: partial(publish_object, warehouse, public, obj, [LATEST], day=day, **network.values)
        for obj in _with_all_rows(warehouse, objects, day)
    }
    return run_all(warehouse, steps)


def run_all(warehouse: Warehouse, steps: Mapping[str, Callable[[], Iterable[str]]]) -> list[str]:
    """Run every step, also after one has failed; return all that they return.

    Args:
        steps: by the name of what each publishes or writes.
    Raises:
        Retryable: steps failed, one of them so that it may succeed later.
        Terminal: steps failed, all of them for good. The message names them and says why.
    """
    done: list[str] = []
    failed: dict[str, Exception] = {}
    for name, step in steps.items():
        try:
            done += step()
        except Exception as error:
            warehouse.roll_back()
            failed[name] = error
    if failed:
        raise _combine_errors(failed, len(steps)) from ExceptionGroup("what failed", list(failed.values()))
    return done


def invalidate(warehouse: Warehouse, cdn: Cdn | None) -> list[str]:
    """Invalidate the CDN for the keys that changed since the last call, up to its limit; return these keys.

    Without a CDN the record of changed keys is cleared all the same.
    """
    with warehouse.transaction(CDN_LOCK):
        changes = warehouse.read(CHANGES_SQL, most=MAX_PATHS).to_pylist()
        if cdn and changes:
            cdn.invalidate({change["key"]: change["changed_at"] for change in changes})
        for change in changes:
            warehouse.execute(INVALIDATED_SQL, **change)
    return [change["key"] for change in changes]


def _combine_errors(failed: Mapping[str, Exception], of: int) -> Exception:
    kind = Retryable if any(isinstance(error, Retryable) for error in failed.values()) else Terminal
    shown = list(failed.items())[:MAX_NAMED]
    reasons = "; ".join(f"{name}: {str(error) or type(error).__name__}" for name, error in shown)
    return kind(f"{len(failed)} of {of} failed; the others are published. {reasons}")


def _put_all(
    warehouse: Warehouse,
    public: ObjectStore,
    obj: PublicObject,
    versions: Sequence[str],
    rows: pa.Table,
    values: Mapping[str, Any],
) -> list[str]:
    known = rows if not obj.known or warehouse.scalar(obj.known, **values) else None
    if obj.is_enveloped:
        content = envelope.wrap(obj, known, warehouse.scalar(AS_OF_TEXT.format(moment=_as_of(obj)), **values))
    else:
        content = units.round_value(None if known is None else obj.shape(known), obj.fields)
    body = files.encode(obj.path, content)
    changed = [key for version in versions if (key := _put(warehouse, public, obj, version, body))]
    if LATEST in versions:
        _record_as_of(warehouse, obj, values)
    return changed


def _with_all_rows(warehouse: Warehouse, objects: Sequence[PublicObject], day: date | None) -> Iterator[PublicObject]:
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
    newest = warehouse.scalar(NEWEST_LOADED)
    changed: list[str] = []
    for still_due in warehouse.read(READY_SQL, day=day).to_pylist():
        steps = {
            obj.name: partial(publish_object, warehouse, public, obj, list(_versions(obj, day, day == newest)), day=day)
            for obj in _with_all_rows(warehouse, objects, day)
        }
        changed += run_all(warehouse, steps)
        with warehouse.transaction():
            warehouse.execute(PUBLISHED_SQL, **still_due)
    return changed


def _put(warehouse: Warehouse, public: ObjectStore, obj: PublicObject, version: str, body: bytes) -> str | None:
    """Write one key unless its content is the same; the change is recorded for the CDN before it is written."""
    key = obj.path.format(version=version)
    seconds = CACHE_SECONDS[obj.schedule] if version == LATEST else CACHE_DATED_SECONDS
    headers = files.headers(obj.path) | {"CacheControl": f"public, max-age={seconds}"}
    if public.holds(key, body, headers):
        return None
    record_changed(warehouse, key)
    public.put(key, body, headers)
    return key


def record_changed(warehouse: Warehouse, key: str) -> None:
    """Record that a key is about to change, until the CDN is invalidated for it."""
    with warehouse.transaction():
        warehouse.execute(CHANGED_SQL, key=key)


def _record_as_of(warehouse: Warehouse, obj: PublicObject, values: Mapping[str, Any]) -> None:
    """Record up to when the data of an object's newest version go, and that it is published now."""
    with warehouse.transaction():
        warehouse.execute(AS_OF_SQL.format(moment=_as_of(obj), name="{name}"), name=obj.name, **values)


def _as_of(obj: PublicObject) -> str:
    """A query of the moment up to which the data of an object go."""
    return obj.as_of or AS_OF[obj.schedule]


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

READY_SQL = f"SELECT day, revision FROM ({READY}) AS ready WHERE day = {{day}}"

PUBLISHED_SQL = "UPDATE built_days SET published_revision = {revision} WHERE day = {day}"

CHANGED_SQL = """
    INSERT INTO changed_keys VALUES ({key}, clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET changed_at = excluded.changed_at
"""

# The age of an object's data: the end of its day, or the time of the chain's tip.
AS_OF = {
    Schedule.DAILY: "SELECT {day}::date + 1",
    Schedule.MARKET: "SELECT {day}::date + 1",
    Schedule.HALF_HOURLY: "SELECT to_timestamp({tip_at})",
}

AS_OF_SQL = """
    INSERT INTO published_objects (name, as_of, published_at)
    SELECT {name}, moment::timestamptz, clock_timestamp() FROM ({moment}) AS dated (moment) WHERE moment IS NOT NULL
    ON CONFLICT (name) DO UPDATE SET as_of = excluded.as_of, published_at = excluded.published_at
"""

AS_OF_TEXT = """
    SELECT to_char(at::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM ({moment}) AS dated (at)
"""

CHANGES_SQL = "SELECT key, changed_at::text AS changed_at FROM changed_keys ORDER BY changed_at, key LIMIT {most}"

# A key that changed again meanwhile is invalidated by the next run.
INVALIDATED_SQL = "DELETE FROM changed_keys WHERE key = {key} AND changed_at = {changed_at}::timestamptz"
