"""The catalogue as the page lists it: every table and public object, how fresh it is, and how large."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from plugins.page import words
from stacks_dataverse.dataset import PublicObject, Table

OBJECT = "public object"
VERSION, DAY_VERSION = "latest", "<YYYY-MM-DD>"


class Freshness(Enum):
    """How the age of an object's data stands to its limit: the word for it, and its sign."""

    FRESH = "fresh", "✓"
    STALE = "stale", "!"
    ENDED = "history", "∎"
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
    age: str = ""
    limit_hours: int | None = None
    schedule: str = ""
    keys: tuple[str, ...] = ()
    is_private: bool = False
    size: int | None = None
    rows: int | None = None

    @property
    def is_object(self) -> bool:
        """Whether it is a public object."""
        return self.kind == OBJECT

    @property
    def is_public(self) -> bool:
        """Whether readers find it in the public bucket."""
        return self.is_object and not self.is_private

    @property
    def text(self) -> str:
        """All that a search looks through, in lower case."""
        parts = (self.name, self.kind, self.method, self.schedule, *self.keys, *self.fields, *self.fields.values())
        return " ".join((*parts, *self.warnings)).lower()


def of_object(
    declared: PublicObject, published: Mapping[str, Mapping[str, Any]] | None, at: datetime, size: int | None = None
) -> Entry:
    """A public object at a moment; `published` is `reader.published`, None while the warehouse is away."""
    state, as_of = freshness(declared, published, at)
    versions = (VERSION, DAY_VERSION) if declared.dated else (VERSION,)
    return Entry(
        declared.name,
        OBJECT,
        declared.method,
        declared.fields,
        declared.warnings,
        declared.first_day,
        declared.last_day,
        state,
        as_of,
        words.span(at - as_of) if as_of else "",
        declared.freshness_hours,
        declared.schedule.value,
        tuple(declared.path.format(version=version) for version in versions),
        declared.private,
        size,
    )


def of_table(table: Table, sizes: Mapping[str, Mapping[str, Any]]) -> Entry:
    """A table of the warehouse; `sizes` is `reader.table_sizes`, empty while the warehouse is away."""
    entry = Entry(
        table.name,
        table.kind.value,
        table.method,
        table.fields,
        table.warnings,
        table.first_day,
        table.last_day,
        Freshness.NONE,
    )
    found = sizes.get(table.name)
    return replace(entry, size=found["bytes"], rows=found["rows"]) if found else entry


def freshness(
    declared: PublicObject, published: Mapping[str, Mapping[str, Any]] | None, at: datetime
) -> tuple[Freshness, datetime | None]:
    """How fresh an object is at a moment, and up to when its data go."""
    if published is None or declared.private:
        return Freshness.UNKNOWN, None
    row = published.get(declared.name)
    if row is None:
        return Freshness.NEVER, None
    if declared.is_stale(row["as_of"], at):
        return Freshness.STALE, row["as_of"]
    ended = declared.last_day is not None and row["as_of"].date() > declared.last_day
    return Freshness.ENDED if ended else Freshness.FRESH, row["as_of"]


def filtered(entries: Iterable[Entry], query: str = "", kind: str = "", state: str = "") -> list[Entry]:
    """The entries that have every word of a query, and are of a kind and of a freshness where these are given."""
    sought = query.lower().split()
    return [
        entry
        for entry in entries
        if all(word in entry.text for word in sought)
        and kind in ("", entry.kind)
        and state in ("", entry.freshness.word)
    ]
