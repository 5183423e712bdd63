"""Make a loaded day anew, beside the warehouse, and compare: tables from its raw files, public files from the tables.

Nothing is written: a task that is killed leaves nothing behind.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.network import Network
from stacks_dataverse.raw_tables import merge
from stacks_dataverse.runners import build, due, figures
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.upload import find_changed
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.window import Window

# Of the rows that differ so many are named.
SHOWN_ROWS = 3


@dataclass(frozen=True)
class Audit:
    """What an audit of a day compared, by name, and how what it found differs, as text."""

    compared: Sequence[str]
    differences: Sequence[str]


def choose_day(warehouse: Warehouse, seed: str) -> date | None:
    """Return one of the loaded days, the same for the same seed and days; None while there is none."""
    days = warehouse.read("SELECT day FROM loaded_days ORDER BY day")["day"].to_pylist()
    return random.Random(seed).choice(days) if days else None


def audit_day(
    archive: ObjectStore,
    warehouse: Warehouse,
    public: ObjectStore,
    window: Window,
    tables: Sequence[Table],
    objects: Sequence[PublicObject],
    network: Network,
) -> Audit:
    """Compare a loaded day with what the code makes of its raw files, and its public files with its tables.

    Left out are tables that are due on the day, of an older version, or failed; and the files of a day that is not
    published as it is. No build, and no publishing, runs meanwhile.

    Args:
        tables: all facts and end-of-day figures.
        objects: all that are published once a day.
    """
    with warehouse.hold_lock(STATE_LOCK):
        current = [table for table in tables if table.name in _current(archive, warehouse, window, tables, network)]
        made = _make(archive, warehouse, window, current, network)
        found = [text for table in current for text in _differences(warehouse, window.day, table, made[table.name])]
        dated = _published(warehouse, window.day, objects)
        stale = [key for obj in dated for key in _stale_files(warehouse, public, obj, window.day)]
    files = [f"The file {key} is not what the warehouse says" for key in stale]
    return Audit([*(table.name for table in current), *(obj.name for obj in dated)], [*found, *files])


def _current(
    archive: ObjectStore, warehouse: Warehouse, window: Window, tables: Sequence[Table], network: Network
) -> set[str]:
    """The tables whose rows of a day are of this code and of the raw files that are landed."""
    facts = {table.name for table in tables if table.kind is Kind.FACT}
    due_facts = due.find_due_facts(warehouse, window, build.read_manifest(archive, window), tables, network)
    versions = {table.name: due.figure_version(table, network) for table in tables if table.kind is Kind.FIGURE}
    held = {row["table_name"]: row["version"] for row in warehouse.read(GOOD_FIGURES_SQL, day=window).to_pylist()}
    return (facts - due_facts) | {name for name, version in versions.items() if held.get(name) == version}


def _make(
    archive: ObjectStore, warehouse: Warehouse, window: Window, tables: Sequence[Table], network: Network
) -> dict[str, pa.Table]:
    """The rows of the day that the code makes now, by table."""
    facts = [table for table in tables if table.kind is Kind.FACT]
    manifest = build.read_manifest(archive, window)
    with build.open_raw(archive, manifest, merge(table.reads for table in facts), network) as raw:
        made = {table.name: build.make_rows(raw, table) for table in facts}
    for error in (rows for rows in made.values() if isinstance(rows, Exception)):
        raise error
    return made | figures.compute(warehouse, [each for each in tables if each.kind is Kind.FIGURE], window.day, network)


def _differences(warehouse: Warehouse, day: date, table: Table, made: pa.Table) -> Iterator[str]:
    """How the rows that a table has of a day differ from those that are made, as text."""
    names = ", ".join(f'"{name}"' for name in made.column_names)
    value = day if table.day_key == "day" else Window(day).start
    held = warehouse.read(f"SELECT {names} FROM {table.name} WHERE {table.day_key} = {{value}}", value=value)
    with duckdb.connect() as database:
        database.register("made", made.cast(held.schema))
        database.register("held", held)
        for one, other, what in (("made", "held", "lacks"), ("held", "made", "has, and should not,")):
            rows = database.sql(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other}").to_arrow_table().to_pylist()
            if rows:
                yield f"{table.name} {what} {len(rows)} rows: {_shown(rows)}"


def _shown(rows: Sequence[dict[str, Any]]) -> str:
    shown = "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in rows[:SHOWN_ROWS])
    return shown + "; …" * (len(rows) > SHOWN_ROWS)


def _published(warehouse: Warehouse, day: date, objects: Sequence[PublicObject]) -> list[PublicObject]:
    """The objects of which the day has files that show its rows as they are."""
    is_published = warehouse.scalar(PUBLISHED_SQL, day=day)
    return [obj for obj in objects if obj.is_dated] if is_published else []


def _stale_files(warehouse: Warehouse, public: ObjectStore, obj: PublicObject, day: date) -> list[str]:
    drafts = read_publication(warehouse, obj, [str(day)], day=day)
    return [key for draft in drafts for key in find_changed(public, draft)]


GOOD_FIGURES_SQL = "SELECT table_name, version FROM built_tables WHERE day = {day} AND failure IS NULL AND NOT due"

PUBLISHED_SQL = "SELECT day FROM built_days WHERE day = {day} AND revision = published_revision"
