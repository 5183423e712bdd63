"""Remove a day, as if it had never been built."""

from collections.abc import Iterator, Sequence

from stacks_dataverse import paths
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.public_files import files_of
from stacks_dataverse.queries.days import NEWEST_LOADED
from stacks_dataverse.runners import build, raw_archive, upload
from stacks_dataverse.stores import running_state
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import DAY_LOCK, STATE_LOCK, Warehouse
from stacks_dataverse.window import Window


def remove_day(warehouse: Warehouse, window: Window, tables: Sequence[Table]) -> int:
    """Remove a day's rows from every table and from the load logs; return how many rows of tables there were.

    Running state is corrected for what the day had changed. Figures of later days become due, and the newest day left
    is published again, because its objects are now the newest. A day that is not built is no error.
    """
    with warehouse.transaction(DAY_LOCK.format(day=window)):
        warehouse.lock(STATE_LOCK)
        removed = sum(_remove_rows(warehouse, table, window) for table in tables)
        for ledger in ("loaded_days", "built_days", "built_tables", "quality_checks"):
            warehouse.execute(f"DELETE FROM {ledger} WHERE day = {{day}}", day=window)
        # The catalogue names no version of the day any more, before the version is gone.
        warehouse.execute(NO_VERSION_SQL)
        warehouse.execute(FEWER_VERSIONS_SQL, day=window)
        figures = [table for table in tables if table.kind is Kind.FIGURE]
        build.mark_later_due(warehouse, window.day, figures)
        warehouse.execute(NEWEST_DUE_SQL)
    return removed


def remove_dated_objects(
    warehouse: Warehouse, public: ObjectStore, window: Window, objects: Sequence[PublicObject]
) -> list[str]:
    """Remove the day's own versions of public objects; return their keys. Each is on record for the CDN before."""
    dated = [file for obj in objects for file in files_of(obj) if file.is_dated]
    removed = [key for file in dated if public.has(key := file.key(window))]
    upload.record_changed(warehouse, removed)
    public.delete(*removed)
    return removed


def remove_raw_files(archive: ObjectStore, window: Window) -> list[str]:
    """Remove the day's raw files, the manifest first, so that no build uses the others; return their keys."""
    keys = [paths.RAW_MANIFEST.format(day=window), *_list_raw_keys(archive, window)]
    removed = [key for key in keys if archive.has(key)]
    for key in removed:
        archive.delete(key)
    return removed


def _remove_rows(warehouse: Warehouse, table: Table, window: Window) -> int:
    key = window.key(table.day_key)
    rows = warehouse.scalar(f"SELECT count(*) FROM {table.name} WHERE {table.day_key} = {{key}}", key=key)
    none = warehouse.read(f"SELECT * FROM {table.name} LIMIT 0").drop_columns([table.day_key])
    if table.states:
        warehouse.replace_ledger_day(table.name, window.day, none, running_state.state_updater(table.states))
    else:
        warehouse.replace_day(table.name, window.day, none, table.day_key)
    return rows


def _list_raw_keys(archive: ObjectStore, window: Window) -> Iterator[str]:
    manifest = raw_archive.read_manifest(archive, window)
    yield from (table.key for table in manifest.tables.values() if table.key) if manifest else ()
    yield from archive.list_keys(paths.RAW_PART.format(day=window, part="").removesuffix(".json"))


# Of the days that are left.
NO_VERSION_SQL = """
    DELETE FROM published_versions
    WHERE NOT EXISTS (SELECT FROM built_days WHERE day BETWEEN first_day AND last_day)
"""
FEWER_VERSIONS_SQL = """
    UPDATE published_versions SET first_day = (SELECT min(day) FROM built_days WHERE day >= first_day),
                                  last_day = (SELECT max(day) FROM built_days WHERE day <= last_day)
    WHERE {day} IN (first_day, last_day)
"""

NEWEST_DUE_SQL = f"UPDATE built_days SET revision = nextval('revisions') WHERE day = ({NEWEST_LOADED})"
