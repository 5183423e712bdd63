"""Publish `catalog.json` after what it names, and the files that describe the bucket before it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public import catalogue, datapackage
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.json_schema import encode
from stacks_dataverse.public.static_file import StaticFile
from stacks_dataverse.runners.publish import record_changed
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse

CATALOGUE_LOCK = "hashtext('stacks_dataverse.catalogue')"

# Readers begin here: what they see may be a minute old.
CACHE_SECONDS = 60

Published = Mapping[str, Mapping[str, Any]]


def publish(
    warehouse: Warehouse,
    public: ObjectStore,
    objects: Sequence[PublicObject],
    static: Sequence[StaticFile],
    log: Changelog,
    issue: Issue,
) -> list[str]:
    """Write the files that changed with the release, and last `catalog.json`; return the keys that changed.

    It is made from the record of what is published, which is written after the files: it never names a file that is
    not there, or is older than it says. One run at a time does it, so that no older catalogue replaces a newer one.

    Args:
        static: of the release; written if they are not as they were recorded, or if the bucket has no catalogue.
    """
    with warehouse.hold_lock(CATALOGUE_LOCK):
        published = {row["key"]: row for row in warehouse.read(PUBLISHED_SQL).to_pylist()}
        known = published if public.has(catalogue.KEY) else {}
        package = datapackage.datapackage(objects, published.keys(), log.version, issue.licence)
        changed = _put_changed(warehouse, public, [*static, StaticFile(datapackage.KEY, encode(package))], known, issue)
        value = catalogue.catalogue(objects, published, log, issue, _read_tip(warehouse))
        last = StaticFile(catalogue.KEY, encode(value), cache_seconds=CACHE_SECONDS)
        return [*changed, *_put_changed(warehouse, public, [last], {}, issue)]


def _put_changed(
    warehouse: Warehouse, public: ObjectStore, files: Sequence[StaticFile], known: Published, issue: Issue
) -> list[str]:
    """Write files that are not as they were recorded, and record them; return their keys."""
    changed = [file for file in files if known.get(file.key, {}).get("sha256") != file.sha256]
    for file in changed:
        record_changed(warehouse, file.key)
        public.put(file.key, file.stored, file.headers)
        _record(warehouse, file, issue.generated_at)
    return [file.key for file in changed]


def _record(warehouse: Warehouse, file: StaticFile, at: datetime) -> None:
    with warehouse.transaction():
        form = file.key.rpartition(".")[2]
        row = {"key": file.key, "format": form, "bytes": len(file.body), "sha256": file.sha256, "at": at}
        warehouse.execute(RECORD_SQL, **row)


def _read_tip(warehouse: Warehouse) -> Mapping[str, Any] | None:
    """The height of the newest known block, and the moment up to which the chain is known."""
    rows = warehouse.read(TIP_SQL).to_pylist()
    return rows[0] if rows else None


PUBLISHED_SQL = """
    SELECT published.*, days.first_day AS first_version, days.last_day AS last_version
    FROM published_files AS published
    CROSS JOIN (SELECT min(day) AS first_day, max(day) AS last_day FROM built_days WHERE published_revision > 0) AS days
"""

RECORD_SQL = """
    INSERT INTO published_files (key, name, role, format, bytes, sha256, as_of, published_at)
    VALUES ({key}, {key}, 'release', {format}, {bytes}, {sha256}, {at}, {at})
    ON CONFLICT (key) DO UPDATE SET (bytes, sha256, as_of, published_at)
        = ROW (excluded.bytes, excluded.sha256, excluded.as_of, excluded.published_at)
"""

# Of the last tip snapshot, or of the last loaded day where that is newer: up to its end.
TIP_SQL = """
    SELECT height, at FROM (
        (SELECT spot.current_stx_block_height::bigint AS height, published.as_of AS at
         FROM spot_snapshots AS spot, published_objects AS published
         WHERE published.name = 'spot_stats' ORDER BY spot.taken_at DESC LIMIT 1)
        UNION ALL
        (SELECT last_block_height, (day + 1)::timestamp AT TIME ZONE 'UTC' FROM loaded_days
         WHERE last_block_height IS NOT NULL ORDER BY day DESC LIMIT 1)
    ) AS known ORDER BY height DESC LIMIT 1
"""
