"""Check which public objects are older than they may be.

An object is written only when its bytes change, so when it was written says little: a ranking may stay the same for
days. Its age is that of its data, which publishing keeps in `published_objects`, whether or not the bytes changed.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public_files import files_of
from stacks_dataverse.source import Source, end_of_source
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import describe_end

log = logging.getLogger(__name__)

# A message names at most so many objects of one age, and the number of the others.
NAMES_SHOWN = 5


@dataclass(frozen=True)
class Stale:
    """An object that is stale: its data go up to `as_of`; or it was published and `is_gone`."""

    obj: PublicObject
    as_of: datetime
    is_gone: bool
    is_news: bool


@dataclass(frozen=True)
class Freshness:
    """The result of a check `at` a moment: every stale object, and the number of objects in all."""

    at: datetime
    objects: int
    stale: list[Stale]

    @property
    def news(self) -> list[Stale]:
        """The objects that were not stale at the last check."""
        return [item for item in self.stale if item.is_news]

    @property
    def oldest_hours(self) -> float:
        """Hours by which the data of the oldest stale object are behind; 0 when all are fresh."""
        return max((_hours(self.at, item.as_of) for item in self.stale), default=0.0)

    def describe(self, stale: Sequence[Stale]) -> str:
        """Stale objects in a sentence for each age, schedule and limit."""
        alike = groupby(sorted(stale, key=_group_key), _group_key)
        return " ".join(self._sentence(*facts, list(same)) for facts, same in alike)

    def _sentence(self, schedule: str, limit: int, is_gone: bool, as_of: datetime, same: Sequence[Stale]) -> str:
        age = f"data through {describe_end(as_of)}, {_hours(self.at, as_of):.0f} hours old"
        what = "published, but missing in the bucket" if is_gone else f"{age}, limit {limit} h"
        return f"{len(same)} published {schedule}: {what}: {_format_names(same)}."


def check_freshness(
    warehouse: Warehouse, public: ObjectStore, objects: Sequence[PublicObject], at: datetime, source: Source
) -> Freshness:
    """Compare the age of every published object with its limit; store which are stale, and since when.

    Over a source that stands still an object is stale when its data end earlier than the source's.
    """
    kept = {row["name"]: row for row in warehouse.read(KEPT_SQL).to_pylist()}
    end = end_of_source(source, objects, kept)
    published = [(obj, kept[obj.name]) for obj in objects if obj.name in kept]
    written = {row["key"] for row in warehouse.read("SELECT key FROM published_files").to_pylist()}
    stale = [item for obj, row in published if (item := _judge(public, written, obj, row, at, end))]
    _store_stale(warehouse, kept, [item.obj.name for item in stale], at)
    return Freshness(at, len(published), stale)


def _judge(
    public: ObjectStore,
    written: Collection[str],
    obj: PublicObject,
    row: dict[str, Any],
    at: datetime,
    source_end: datetime | None,
) -> Stale | None:
    expected = [file for file in files_of(obj) if file.path == obj.path or file.key() in written]
    is_gone = not all(public.has(file.key()) for file in expected)
    is_old = obj.is_stale(row["as_of"], at, source_end)
    return Stale(obj, row["as_of"], is_gone, row["stale_since"] is None) if is_gone or is_old else None


def _store_stale(warehouse: Warehouse, kept: dict[str, Any], stale: Sequence[str], at: datetime) -> None:
    with warehouse.transaction():
        for name, since in _changes(kept, stale, at):
            warehouse.execute(STALE_SQL, name=name, since=since)
            if since is None:
                log.info("%s is fresh again.", name)


def _changes(kept: dict[str, Any], stale: Sequence[str], at: datetime) -> Iterator[tuple[str, datetime | None]]:
    for name, row in kept.items():
        if (row["stale_since"] is not None) != (name in stale):
            yield name, at if name in stale else None


def _group_key(item: Stale) -> tuple[str, int, bool, datetime]:
    return item.obj.schedule.value, item.obj.freshness_hours, item.is_gone, item.as_of


def _hours(at: datetime, as_of: datetime) -> float:
    return (at - as_of) / timedelta(hours=1)


def _format_names(stale: Sequence[Stale]) -> str:
    names = [item.obj.name for item in stale]
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more


KEPT_SQL = "SELECT name, as_of, stale_since FROM published_objects ORDER BY name"

STALE_SQL = "UPDATE published_objects SET stale_since = {since} WHERE name = {name}"
