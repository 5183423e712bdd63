"""Make a loaded day again in memory, and compare: tables with its raw files, public files with the tables.

Nothing is written but the outcome: a task that is killed leaves nothing behind.
"""

import io
import json
import random
import textwrap
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from stacks_dataverse.data_check import Check
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.errors import Terminal
from stacks_dataverse.files import unzip
from stacks_dataverse.manifest import Manifest
from stacks_dataverse.network import Network
from stacks_dataverse.public_files import Format, Role
from stacks_dataverse.raw_tables import merge
from stacks_dataverse.runners import build, due, figures
from stacks_dataverse.runners.compare import NONE
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.outcomes import record
from stacks_dataverse.runners.publish import with_all_rows
from stacks_dataverse.runners.upload import Draft, Upload
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.window import Window

# Of the differences, of the rows that differ, and of the characters of a row, so many are named.
SHOWN_DIFFERENCES, SHOWN_ROWS, SHOWN_CHARACTERS = 20, 3, 300


@dataclass(frozen=True)
class Audit:
    """The tables and objects that an audit of a day compared, by name, and how what it found differs, as text."""

    tables: Sequence[str]
    objects: Sequence[str]
    differences: Sequence[str]

    @property
    def text(self) -> str:
        """The first differences; `none` without any."""
        return "; ".join(self.differences[:SHOWN_DIFFERENCES]) or NONE


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
        objects: those with a version of each day, which shows no more than the day and those before it.
    Raises:
        Terminal: the day is not loaded.
    """
    with warehouse.hold_lock(STATE_LOCK):
        _require_loaded(warehouse, window)
        manifest = build.read_manifest(archive, window)
        names = _current(warehouse, window, manifest, tables, network)
        current = [table for table in tables if table.name in names]
        made = _make(archive, warehouse, window, manifest, current, network)
        with duckdb.connect(config={"memory_limit": "2GB"}) as memory:
            found = [text for one in current for text in _compare(warehouse, memory, window, one, made[one.name])]
        dated = dict(_compare_files(warehouse, public, objects, window.day))
    return Audit([table.name for table in current], list(dated), [*found, *chain.from_iterable(dated.values())])


def _require_loaded(warehouse: Warehouse, window: Window) -> None:
    if not warehouse.scalar("SELECT day FROM loaded_days WHERE day = {day}", day=window):
        raise Terminal(f"{window} is not loaded, so there is nothing to audit. Choose a day of the table loaded_days.")


def store_audit(warehouse: Warehouse, window: Window, audit: Audit, check: Check, checked_at: datetime) -> None:
    """Record what an audit of a day came to, as the outcome of its check."""
    outcome = {
        "name": check.name,
        "kind": check.kind.value,
        "passed": not audit.differences,
        "expected": NONE,
        "actual": audit.text,
    }
    with warehouse.transaction():
        record(warehouse, window.day, [outcome], checked_at)


def _current(
    warehouse: Warehouse, window: Window, manifest: Manifest, tables: Sequence[Table], network: Network
) -> set[str]:
    """The tables whose rows of a day are of this code and of the raw files that are landed."""
    facts = {table.name for table in tables if table.kind is Kind.FACT}
    due_facts = due.find_due_facts(warehouse, window, manifest, tables, network)
    versions = {table.name: due.figure_version(table, network) for table in tables if table.kind is Kind.FIGURE}
    held = {row["table_name"]: row["version"] for row in warehouse.read(GOOD_FIGURES_SQL, day=window).to_pylist()}
    return (facts - due_facts) | {name for name, version in versions.items() if held.get(name) == version}


def _make(
    archive: ObjectStore,
    warehouse: Warehouse,
    window: Window,
    manifest: Manifest,
    tables: Sequence[Table],
    network: Network,
) -> dict[str, pa.Table]:
    """The rows of the day that the code makes now, by table."""
    facts = [table for table in tables if table.kind is Kind.FACT]
    with build.open_raw(archive, manifest, merge(table.reads for table in facts), network) as raw:
        made = {table.name: build.make_rows(raw, table) for table in facts}
    for error in (rows for rows in made.values() if isinstance(rows, Exception)):
        raise error
    return made | figures.compute(warehouse, [each for each in tables if each.kind is Kind.FIGURE], window.day, network)


def _compare(
    warehouse: Warehouse, memory: duckdb.DuckDBPyConnection, window: Window, table: Table, made: pa.Table
) -> Iterator[str]:
    """How the rows that a table has of a day differ from those that are made, as text."""
    names = ", ".join(f'"{name}"' for name in made.column_names)
    value = window.key(table.day_key)
    held = warehouse.read(f"SELECT {names} FROM {table.name} WHERE {table.day_key} = {{value}}", value=value)
    memory.register("made", made.cast(held.schema))
    memory.register("held", held)
    for one, other, what in (("made", "held", "lacks"), ("held", "made", "has, and should not,")):
        rows = memory.sql(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other} ORDER BY ALL").to_arrow_table()
        if rows.num_rows:
            yield f"{table.name} {what} {rows.num_rows} rows: {_shown(rows)}"


def _shown(rows: pa.Table) -> str:
    """The first rows as text, each as far as it goes."""
    texts = [", ".join(f"{name} {value}" for name, value in row.items()) for row in rows[:SHOWN_ROWS].to_pylist()]
    shown = "; ".join(textwrap.shorten(text, SHOWN_CHARACTERS, placeholder=" …") for text in texts)
    return shown + "; …" * (rows.num_rows > SHOWN_ROWS)


def _compare_files(
    warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], day: date
) -> Iterator[tuple[str, list[str]]]:
    """The objects that have files of the day, each with how these differ from the warehouse.

    None of a day that is not published as it is, nor of an object that waits for a failed table; and no file of a
    format that was added after the day was published.
    """
    is_published = warehouse.scalar(PUBLISHED_SQL, day=day)
    paths = set(warehouse.read(VERSIONS_SQL, day=day)["path"].to_pylist())
    for obj in with_all_rows(warehouse, objects, day) if is_published else ():
        drafts = list(read_publication(warehouse, obj, [str(day)], day=day))
        yield obj.name, [text for draft in drafts for text in _compare_draft(public, obj, draft, paths)]


def _compare_draft(public: ObjectStore, obj: PublicObject, draft: Draft, paths: Collection[str]) -> list[str]:
    try:
        uploads = [each for each in draft() if each.version and each.version[0] in paths]
    # It reads no store: what it raises is about the rows.
    except Exception as error:
        return [f"{obj.name} cannot be made of the warehouse: {error}"]
    return [f"the file {each.key} is not what the warehouse says" for each in uploads if not _holds(public, each)]


def _holds(public: ObjectStore, upload: Upload) -> bool:
    """Whether a file in the bucket has the values of an upload; texts about them may be of an older version."""
    body = public.get(upload.key)
    try:
        return body is not None and _values(upload, unzip(body)) == _values(upload, upload.content)
    except (OSError, EOFError, ValueError, zlib.error):
        return False


def _values(upload: Upload, content: bytes) -> Any:
    if upload.format == Format.PARQUET.value:
        return pq.read_table(io.BytesIO(content)).to_pylist()
    if upload.role == Role.V1.value:
        return {name: value for name, value in json.loads(content).items() if name in ("as_of", "data")}
    return content


GOOD_FIGURES_SQL = "SELECT table_name, version FROM built_tables WHERE day = {day} AND failure IS NULL AND NOT due"

# The templates of files that have a version of the day.
VERSIONS_SQL = "SELECT path FROM published_versions WHERE {day} BETWEEN first_day AND last_day"

PUBLISHED_SQL = "SELECT day FROM built_days WHERE day = {day} AND revision = published_revision"
