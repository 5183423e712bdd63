"""Write the public objects from the warehouse: dated keys first, `latest` after."""

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import date

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.transformers import transformer

HEADERS = {"ContentType": "application/json", "ContentEncoding": "gzip"}
CACHE_DATED = "public, max-age=3600"
CACHE_LATEST = "public, max-age=300"
LATEST = "latest"


def due_days(warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], day: date) -> list[str]:
    """Publish the objects of a day, and of every other loaded day that changed since it was published.

    `latest` is written with the newest loaded day only. Returns the keys written.
    """
    newest = warehouse.scalar("SELECT max(day) FROM loaded_days")
    keys: list[str] = []
    for due in warehouse.read(DUE_SQL, day=day).to_pylist():
        for declared in objects:
            keys += declared.runner(warehouse, public, declared, due["day"], due["day"] == newest)
        with warehouse.transaction():
            warehouse.execute(PUBLISHED_SQL, **due)
    return keys


def written(warehouse: Warehouse, public: ObjectStore, declared: PublicObject, day: date, is_newest: bool) -> list[str]:
    """Write one object as of the evening of a day, dated and as `latest` where each applies; return its keys."""
    versions = list(_versions(declared, day, is_newest))
    if versions:
        rows = warehouse.read(declared.rows, day=day)
        body = json_bytes(transformer("objects", declared.shape)(rows))
    for version in versions:
        cache = CACHE_LATEST if version == LATEST else CACHE_DATED
        public.put(declared.path.format(version=version), body, HEADERS | {"CacheControl": cache})
    return [declared.path.format(version=version) for version in versions]


def json_bytes(value: object) -> bytes:
    """Gzipped JSON; the same value gives the same bytes."""
    return gzip.compress(json.dumps(value, separators=(",", ":"), allow_nan=False).encode(), mtime=0)


def _versions(declared: PublicObject, day: date, is_newest: bool) -> Iterator[str]:
    if declared.dated:
        yield str(day)
    if is_newest:
        yield LATEST


DUE_SQL = """
    SELECT day, revision FROM built_days JOIN loaded_days USING (day)
    WHERE NOT figures_due AND (revision > published_revision OR day = {day})
    ORDER BY day
"""

PUBLISHED_SQL = "UPDATE built_days SET published_revision = {revision} WHERE day = {day}"
