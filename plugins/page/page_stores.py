"""The stores that the page reads from; results that many requests need are cached for some seconds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import cachetools

from plugins.page import (
    catalogue_reader,
    checks_reader,
    checks_view,
    day_reader,
    glance,
    glance_reader,
    identifiers,
    overview_reader,
)
from plugins.page.day_reader import Row
from stacks_dataverse import catalog
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.network import MAINNET, TESTNET, Network
from stacks_dataverse.source import Source
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot

# A client of the object store takes a tenth of a second to make, and leaves garbage that takes more to collect.
CACHE_SECONDS, SIZES_CACHE_SECONDS, CLIENT_CACHE_SECONDS = 20, 300, 300


class Unavailable(Exception):
    """A store does not answer, or refuses; `store` is its name. The reason is for the log, not for the reader."""

    def __init__(self, store: str) -> None:
        super().__init__(store)
        self.store = store


@dataclass(frozen=True)
class Connections:
    """How to open each store; each may raise DataverseError."""

    warehouse: Callable[[], AbstractContextManager[Warehouse]]
    archive: Callable[[], ObjectStore]
    public: Callable[[], ObjectStore]
    public_url: Callable[[], str]
    source: Callable[[], Source]
    settle_hours: Callable[[], float]
    network: Callable[[], Network] = lambda: MAINNET


@dataclass(frozen=True)
class WarehouseState:
    """The warehouse's own records: days, failed checks, comparisons, reorgs and publishing; and what its source is."""

    days: list[Row]
    failed_checks: list[Row]
    comparisons: list[Row]
    reorgs: list[Row]
    published: dict[str, Row]
    last_snapshot_at: datetime | None
    missing_history: Mapping[str, str | None] | None
    source: Source
    settle_hours: float


class PageStores:
    """The stores behind the page. Every method raises Unavailable."""

    def __init__(self, connections: Connections, cache_seconds: float = CACHE_SECONDS) -> None:
        self._connections = connections
        self._archive = _cache(CLIENT_CACHE_SECONDS, connections.archive)
        self._public = _cache(CLIENT_CACHE_SECONDS, connections.public)
        self._public_url = _cache(CLIENT_CACHE_SECONDS, connections.public_url)
        self.chain = _cache(CLIENT_CACHE_SECONDS, self._read_chain)
        self.state = _cache(cache_seconds, self._read_state)
        self.landed_days = _cache(cache_seconds, self._read_landed_days)
        self.snapshot_manifest = _cache(cache_seconds, self._read_snapshot_manifest)
        self.glance = _cache(cache_seconds, self._read_glance)
        self.check_results = _cache(cache_seconds, self._read_check_results)
        self.check_days = _cache(SIZES_CACHE_SECONDS, self._read_check_days)
        self.table_sizes = _cache(SIZES_CACHE_SECONDS, self._read_table_sizes)
        self.object_sizes = _cache(SIZES_CACHE_SECONDS, self._read_object_sizes)

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The warehouse, read-only."""
        with _raise_unavailable("the warehouse"), self._connections.warehouse() as store:
            yield store

    @contextmanager
    def archive(self) -> Iterator[ObjectStore]:
        """The private bucket."""
        with _raise_unavailable("the object store"):
            yield self._archive()

    @contextmanager
    def public(self) -> Iterator[ObjectStore]:
        """The public bucket."""
        with _raise_unavailable("the object store"):
            yield self._public()

    def public_url(self, key: str) -> str | None:
        """The public address of a key; None when it is not known."""
        with suppress(Unavailable), _raise_unavailable("the object store"):
            return f"{self._public_url()}/{key}"
        return None

    def _read_chain(self) -> str:
        """The network by its name in explorers; mainnet where it is not known, or is one of our own."""
        with suppress(DataverseError):
            return identifiers.TESTNET if self._connections.network() == TESTNET else identifiers.MAINNET
        return identifiers.MAINNET

    def _read_state(self) -> WarehouseState:
        with _raise_unavailable("the configuration"):
            source, settle_hours = self._connections.source(), self._connections.settle_hours()
        with self.warehouse() as store:
            return WarehouseState(
                overview_reader.read_built_days(store),
                overview_reader.read_failed_checks(store),
                overview_reader.read_comparisons(store),
                day_reader.read_reorgs(store),
                catalogue_reader.read_published(store, source),
                overview_reader.read_last_snapshot_at(store),
                overview_reader.read_missing_history(store),
                source,
                settle_hours,
            )

    def _read_check_results(self) -> tuple[dict[str, Row], list[Row]]:
        with self.warehouse() as store:
            return checks_reader.read_failed_days(store), checks_reader.read_history(store, checks_view.HISTORY_DAYS)

    def _read_check_days(self) -> dict[str, int]:
        with self.warehouse() as store:
            return checks_reader.read_day_counts(store)

    def _read_landed_days(self) -> set[str]:
        with self.archive() as store:
            return overview_reader.read_landed_days(store)

    def _read_snapshot_manifest(self, taken_at: datetime) -> TipSnapshot | None:
        with self.archive() as store:
            return overview_reader.read_snapshot_manifest(store, taken_at)

    def _read_glance(self) -> tuple[dict[str, Row], dict[str, list[Row]]]:
        headlines = {glance.headline_of(dataset) for dataset in (*catalog.TABLES, *catalog.OBJECTS)} - {""}
        present = self.table_sizes()
        with self.warehouse() as store:
            coverage = glance_reader.read_coverage(store, catalog.TABLES, present)
            return coverage, glance_reader.read_headlines(store, sorted(headlines), present)

    def _read_table_sizes(self) -> dict[str, Row]:
        with self.warehouse() as store:
            return catalogue_reader.read_table_sizes(store)

    def _read_object_sizes(self) -> dict[str, int | None]:
        with self.public() as store:
            return catalogue_reader.read_object_sizes(store, [obj for obj in catalog.OBJECTS if not obj.private])


@contextmanager
def _raise_unavailable(store: str) -> Iterator[None]:
    try:
        yield
    except DataverseError as error:
        raise Unavailable(store) from error


def _cache(seconds: float, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose newest result is cached for some seconds, for the same arguments."""
    return cachetools.cached(cachetools.TTLCache(1, seconds), lock=Lock())(function)
