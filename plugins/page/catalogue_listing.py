"""The catalogue as it is listed: every dataset with its days and its latest value, sorted, and by group."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from plugins.page import dataset_view, glance
from plugins.page.catalogue_view import Entry
from plugins.page.day_reader import Row
from plugins.page.page_stores import PageStores, Unavailable
from stacks_dataverse.catalog import sources
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.labels import Group

NEVER = date.min
# So many datasets of each group are listed at first; the list of a group has all.
FIRST = 3

# By what the list is sorted, each in the order that is wanted first, and what it is called.
SORTS: Mapping[str, Callable[[Entry], Any]] = {
    "title": lambda entry: entry.title.lower(),
    "change": lambda entry: -abs(entry.headline.change or 0) if entry.headline else 1,
    "through": lambda entry: entry.through or NEVER,
    "coverage": lambda entry: -entry.coverage.days if entry.coverage else 1,
    "size": lambda entry: -(entry.size or 0),
}


@dataclass(frozen=True)
class Section:
    """A part of the list: the title of its group, empty where it has none; entries, and how many there are in all."""

    title: str
    entries: Sequence[Entry]
    count: int


CHOICES = {
    "": "by group",
    "title": "title",
    "change": "largest change",
    "through": "oldest data",
    "coverage": "most days",
    "size": "largest",
}


def sort_choices(sort: str) -> list[tuple[str, str]]:
    """The values and labels of a menu of sorts; with the present one, where it is backwards."""
    name = sort.removeprefix("-")
    backwards = [(sort, f"{CHOICES[name]}, reversed")] if sort.startswith("-") and name in SORTS else []
    return [*CHOICES.items(), *backwards]


def list_entries(stores: PageStores, at: datetime) -> tuple[list[Entry], list[str]]:
    """All public objects and tables at a moment, and a note for each store that does not answer."""
    entries, notes = dataset_view.list_entries(stores, at)
    return _at_a_glance(stores, entries), notes


def get_entry(stores: PageStores, name: str, at: datetime) -> tuple[Entry, list[str]]:
    """The same of one dataset. Raises NotFound."""
    entry, notes = dataset_view.get_entry(stores, name, at)
    [entry] = _at_a_glance(stores, [entry])
    return entry, notes


def sections(entries: Sequence[Entry], sort: str, most: int | None = None) -> list[Section]:
    """The entries under a heading for each group; or in one list, sorted by a name of SORTS, backwards with a minus.

    Args:
        most: entries of a group, those with a daily figure that goes on first; None for all.
    """
    if sort.removeprefix("-") in SORTS:
        ordered = sorted(entries, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
        return [Section("", ordered, len(ordered))]
    return list(_groups(entries, most))


def _groups(entries: Sequence[Entry], most: int | None) -> Iterator[Section]:
    for group in Group:
        if members := [entry for entry in entries if entry.group is group]:
            first = sorted(members, key=_rank)[:most] if most else members
            yield Section(group.value, first, len(members))


def _rank(entry: Entry) -> tuple[bool, bool]:
    return entry.headline is None or entry.last_day is not None, not entry.is_object


def _at_a_glance(stores: PageStores, entries: list[Entry]) -> list[Entry]:
    """Entries with their days and latest values; without them while the warehouse does not answer."""
    try:
        coverage, headlines = stores.glance()
    except Unavailable:
        return entries
    return [_with_glance(entry, coverage, headlines) for entry in entries]


def _with_glance(entry: Entry, coverage: Mapping[str, Row], headlines: Mapping[str, Sequence[Row]]) -> Entry:
    dataset = dataset_view.OBJECTS.get(entry.name) if entry.is_object else dataset_view.TABLES[entry.name]
    name = glance.headline_of(dataset)
    headline = glance.make_headline(name, headlines[name], dataset_view.TABLES) if name in headlines else None
    found = _days_of_object(dataset, entry.through, coverage) if entry.is_object else coverage.get(entry.name)
    return replace(entry, headline=headline, coverage=found and glance.Coverage(**found))


def _days_of_object(obj: PublicObject, last: date | None, coverage: Mapping[str, Row]) -> Row | None:
    """The days that an object shows, or keeps a version of: from the first on which all that it reads is here.

    None where it is not by day, but by block, or of a moment.
    """
    read = [coverage[name] for name in sources.names_read(obj) if name in coverage]
    if last is None or not read or not sources.is_by_day(obj):
        return None
    here = max(read, key=lambda row: row["first"])
    back = None if obj.is_dated else sources.days_back(obj)
    first = max(here["first"], last - timedelta(days=back - 1)) if back else here["first"]
    span = (last - first).days + 1
    return {"first": first, "last": last, "days": min(span, here["days"])} if span > 0 else None
