"""Where the rows of a dataset come from and what is made of them, from the declarations of the catalogue."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from stacks_dataverse import catalog, vendors
from stacks_dataverse.catalog import Check
from stacks_dataverse.catalog.sources import READ
from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.raw_tables import RAW_LABELS
from stacks_dataverse.window import MarketWindow

Dataset = Table | PublicObject
DATASETS: Mapping[str, Dataset] = {each.name: each for each in (*catalog.TABLES, *catalog.OBJECTS)}
TABLES = {table.name: table for table in catalog.TABLES}
# A raw table that a query reads of the tip snapshot.
OF_TIP = re.compile(r"\btip_(\w+)")
ALL_CHECKS = (*catalog.CHECKS, *catalog.MARKET_CHECKS)
ANY_WINDOW = MarketWindow.trailing(0, 0)


@dataclass(frozen=True)
class Lineage:
    """What a dataset reads and what reads it, directly and in turn; sources are raw tables, and vendors' feeds."""

    sources: tuple[str, ...]
    reads: tuple[Dataset, ...]
    first_sources: tuple[str, ...]
    read_by: tuple[Dataset, ...]
    in_turn: tuple[Dataset, ...]
    checks: tuple[Check, ...]
    neighbours: tuple[Dataset, ...]


@cache
def lineage_of(name: str) -> Lineage:
    """The lineage of a dataset."""
    dataset, read_by = DATASETS[name], _readers(name)
    before, after = _in_turn(name, reads_of), _in_turn(name, _readers)
    sources = sources_of(name)
    first = dict.fromkeys(source for each in before for source in sources_of(each) if source not in sources)
    return Lineage(
        sources=sources,
        reads=_datasets(reads_of(name)),
        first_sources=tuple(first),
        read_by=_datasets(read_by),
        in_turn=_datasets(each for each in after if each not in read_by),
        checks=tuple(check for check in ALL_CHECKS if _touches(check, dataset)),
        neighbours=tuple(
            each
            for each in DATASETS.values()
            if each.group is dataset.group and each is not dataset and each.name not in (*before, *after)
        ),
    )


@cache
def reads_of(name: str) -> tuple[str, ...]:
    """The names of the tables that a dataset reads itself."""
    dataset = DATASETS[name]
    if isinstance(dataset, PublicObject):
        named = READ.findall(" ".join((dataset.rows, dataset.known, dataset.as_of)))
    elif dataset.running_state:
        named = [dataset.running_state.ledger]
    else:
        states = [sql for state in dataset.end_of_day_states for sql in (state.opening_state, state.daily_changes)]
        queries = " ".join((dataset.rows, *dataset.inputs.values(), *states))
        named = [*READ.findall(queries), *dataset.made_of]
    return tuple(each for each in dict.fromkeys(named) if each in TABLES and each != name)


@cache
def sources_of(name: str) -> tuple[str, ...]:
    """What a dataset reads from outside the warehouse: raw tables, and feeds of vendors as `vendor: feed`."""
    dataset = DATASETS[name]
    of_tip = (each for each in OF_TIP.findall(dataset.rows) if each in RAW_LABELS and each not in TABLES)
    if isinstance(dataset, PublicObject):
        return tuple(dict.fromkeys(of_tip))
    feeds = (f"{vendor}: {feed}" for vendor, feed in feeds_of(name))
    return tuple(dict.fromkeys([*dataset.reads, *of_tip, *feeds]))


@cache
def feeds_of(table: str) -> tuple[tuple[str, str], ...]:
    """The vendors and their feeds that fill a table."""
    return tuple(
        (vendor.title, feed)
        for vendor in vendors.VENDORS.values()
        for feed, requests in vendor.feeds.items()
        if any(request.table == table for request in requests(ANY_WINDOW))
    )


def title_of_source(source: str) -> str:
    """What people call a raw table; empty for a feed."""
    return RAW_LABELS[source].title if source in RAW_LABELS else ""


def _readers(name: str) -> tuple[str, ...]:
    return tuple(each for each in DATASETS if name in reads_of(each))


def _in_turn(name: str, step: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """What follows from a dataset by steps of one kind, the nearest first."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        following = [each for each in step(waiting.pop(0)) if each not in found]
        found |= dict.fromkeys(following)
        waiting += following
    return tuple(found)


def _datasets(names: Iterable[str]) -> tuple[Dataset, ...]:
    return tuple(DATASETS[name] for name in names)


def _touches(check: Check, dataset: Dataset) -> bool:
    """Whether a check compares a dataset's rows, or the raw tables that they are made of."""
    of = {dataset.name} if isinstance(dataset, Table) else set(reads_of(dataset.name))
    raw = set(dataset.reads) if isinstance(dataset, Table) else set()
    return bool(of & set(READ.findall(check.query)) or raw & set(check.reads))
