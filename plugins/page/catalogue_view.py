"""The entries of the catalogue: each table and public object with its freshness and size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from plugins.page import formatting
from plugins.page.glance import Coverage, Headline
from stacks_dataverse.dataset import LATEST, PublicObject, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.public_files import files_of

OBJECT = "public object"
DAY_VERSION = "<YYYY-MM-DD>"


class Freshness(Enum):
    """The age of an object's data against its limit: a word and a sign.

    COMPLETE has all that a source has which stands still, and is older than the limit.
    """

    FRESH = "fresh", "✓"
    COMPLETE = "complete", "="
    STALE = "stale", "!"
    ENDED = "discontinued", "∎"
    NEVER = "never published", "–"
    UNKNOWN = "not known", "?"
    NONE = "not published", ""

    def __init__(self, word: str, sign: str) -> None:
        self.word = word
        self.sign = sign


@dataclass(frozen=True)
class Entry:
    """A table or a public object; a table has no key, no limit and no age of its own."""

    name: str
    kind: str
    method: str
    fields: Mapping[str, str]
    warnings: Sequence[str]
    first_day: date
    last_day: date | None
    freshness: Freshness
    as_of: datetime | None = None
    published_at: datetime | None = None
    age: str = ""
    limit_hours: int | None = None
    schedule: str = ""
    keys: tuple[str, ...] = ()
    is_private: bool = False
    size: int | None = None
    rows: int | None = None
    title: str = ""
    group: Group = Group.OPERATIONS
    coverage: Coverage | None = None
    headline: Headline | None = None
    sources: tuple[Table, ...] = ()

    @property
    def through(self) -> date | None:
        """The last day of its data; data that end at midnight are of the day before."""
        if self.as_of:
            return (self.as_of - timedelta.resolution).date()
        return self.coverage and self.coverage.last

    @property
    def is_object(self) -> bool:
        """Whether it is a public object."""
        return self.kind == OBJECT

    @property
    def is_public(self) -> bool:
        """Whether it is in the public bucket."""
        return self.is_object and not self.is_private

    @property
    def text(self) -> str:
        """The text that a search matches, in lower case."""
        parts = (self.name, self.title, self.group.value, self.kind, self.method, self.schedule)
        return " ".join((*parts, *self.keys, *self.fields, *self.fields.values(), *self.warnings)).lower()


def object_entry(
    obj: PublicObject, published: Mapping[str, Mapping[str, Any]] | None, at: datetime, size: int | None = None
) -> Entry:
    """The entry of a public object; `published` is of `catalogue_reader`, None while the warehouse does not answer."""
    state, as_of = freshness(obj, published, at)
    # First the file that the page shows.
    files = sorted(files_of(obj), key=lambda file: file.path != obj.path)
    versions = (LATEST, DAY_VERSION) if obj.is_dated else (LATEST,)
    return Entry(
        obj.name,
        OBJECT,
        obj.method,
        obj.fields,
        obj.warnings,
        obj.first_day,
        obj.last_day,
        state,
        as_of,
        (published or {}).get(obj.name, {}).get("published_at"),
        formatting.duration(at - as_of) if as_of else "",
        obj.freshness_hours,
        obj.schedule.value,
        tuple(file.key(version) for file in files for version in versions),
        obj.private,
        size,
        title=obj.title,
        group=obj.group,
    )


def table_entry(table: Table, sizes: Mapping[str, Mapping[str, Any]]) -> Entry:
    """The entry of a table; `sizes` is of `catalogue_reader`, empty while the warehouse does not answer."""
    entry = Entry(
        table.name,
        table.kind.value,
        table.method,
        table.fields,
        table.warnings,
        table.first_day,
        table.last_day,
        Freshness.NONE,
        title=table.title,
        group=table.group,
    )
    size = sizes.get(table.name)
    return replace(entry, size=size["bytes"], rows=size["rows"]) if size else entry


def freshness(
    obj: PublicObject, published: Mapping[str, Mapping[str, Any]] | None, at: datetime
) -> tuple[Freshness, datetime | None]:
    """The freshness of an object at a moment, and the end of its data."""
    if published is None or obj.private:
        return Freshness.UNKNOWN, None
    row = published.get(obj.name)
    if row is None:
        return Freshness.NEVER, None
    if obj.is_stale(row["as_of"], at, row["source_end"]):
        return Freshness.STALE, row["as_of"]
    if obj.is_stale(row["as_of"], at):
        return Freshness.COMPLETE, row["as_of"]
    ended = obj.last_day is not None and row["as_of"].date() > obj.last_day
    return Freshness.ENDED if ended else Freshness.FRESH, row["as_of"]


def filter_entries(
    entries: Iterable[Entry], query: str = "", kind: str = "", state: str = "", group: str = ""
) -> list[Entry]:
    """The entries that contain every word of a query, and match a kind, a freshness and a group if given."""
    terms = query.lower().split()
    return [
        entry
        for entry in entries
        if all(word in entry.text for word in terms)
        and kind in ("", entry.kind)
        and state in ("", entry.freshness.word)
        and group in ("", entry.group.value)
    ]
