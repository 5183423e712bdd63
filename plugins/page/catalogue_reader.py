"""Reads how fresh and how large the datasets of the catalogue are."""

from collections.abc import Sequence

from plugins.page.day_reader import Row
from stacks_dataverse import catalog
from stacks_dataverse.dataset import LATEST, PublicObject
from stacks_dataverse.source import Source, end_of_source
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.parallel import at_once
from stacks_dataverse.stores.warehouse import Warehouse


def read_published(warehouse: Warehouse, source: Source) -> dict[str, Row]:
    """The end of the data of each public object and when it was published, by its name.

    `source_end` is the end of the data of a source that stands still, else None.
    """
    rows = {row["name"]: row for row in warehouse.read(PUBLISHED_SQL).to_pylist()}
    end = end_of_source(source, catalog.OBJECTS, rows)
    return {name: row | {"source_end": end} for name, row in rows.items()}


def read_table_sizes(warehouse: Warehouse) -> dict[str, Row]:
    """Bytes of each table with its indexes and its estimated rows, by its name; null rows are not known."""
    return {row["name"]: row for row in warehouse.read(SIZES_SQL).to_pylist()}


def read_object_sizes(store: ObjectStore, objects: Sequence[PublicObject]) -> dict[str, int | None]:
    """Stored bytes of the newest version of each object, by name; None while there is none."""
    sizes = at_once(store.size, map(latest_key, objects))
    return {obj.name: size for obj, size in zip(objects, sizes, strict=True)}


def latest_key(obj: PublicObject) -> str:
    """The key of an object's newest version."""
    return obj.path.format(version=LATEST)


# Before the first run of this release the table has no `published_at`: of a row's JSON it is null then.
PUBLISHED_SQL = """
    SELECT name, as_of, (to_jsonb(held) ->> 'published_at')::timestamptz AS published_at, stale_since
    FROM published_objects AS held
"""

SIZES_SQL = """
    SELECT relname::text AS name, pg_total_relation_size(oid) AS bytes,
           CASE WHEN reltuples >= 0 THEN reltuples::bigint END AS rows
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
