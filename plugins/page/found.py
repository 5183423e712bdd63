"""What the page's views stand on, read from the stores; what many ask for is kept for some seconds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached

from plugins.page import reader
from stacks_dataverse import catalog
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.runners import history, land
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.tip_snapshot import TipSnapshot

# A client of the object store takes a tenth of a second to make, and leaves garbage that takes more to collect.
KEPT_SECONDS, SIZES_KEPT_SECONDS, CLIENTS_KEPT_SECONDS = 20, 300, 300


class Away(Exception):
    """A store does not answer, or refuses; `store` is what it is called. The log says why, and no reader is told."""

    def __init__(self, store: str) -> None:
        super().__init__(store)
        self.store = store


@dataclass(frozen=True)
class Stores:
    """How to come by the stores; each may raise DataverseError."""

    warehouse: Callable[[], AbstractContextManager[Warehouse]]
    archive: Callable[[], ObjectStore]
    public: Callable[[], ObjectStore]
    public_url: Callable[[], str]


@dataclass(frozen=True)
class State:
    """What the warehouse says of itself, as `reader` has it."""

    days: list[reader.Row]
    failures: list[reader.Row]
    comparisons: list[reader.Row]
    changes: list[reader.Row]
    published: dict[str, reader.Row]
    looked_at: Any
    missing: Mapping[str, str | None] | None


class Found:
    """The stores behind the page. Every method raises Away."""

    def __init__(self, stores: Stores, kept_seconds: float = KEPT_SECONDS) -> None:
        self._stores = stores
        self._archive = _kept(CLIENTS_KEPT_SECONDS, stores.archive)
        self._public = _kept(CLIENTS_KEPT_SECONDS, stores.public)
        self._public_url = _kept(CLIENTS_KEPT_SECONDS, stores.public_url)
        self.state = _kept(kept_seconds, self._state)
        self.landed = _kept(kept_seconds, self._landed)
        self.look = _kept(kept_seconds, self._look)
        self.table_sizes = _kept(SIZES_KEPT_SECONDS, self._table_sizes)
        self.object_sizes = _kept(SIZES_KEPT_SECONDS, self._object_sizes)

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The warehouse, to look at."""
        with _away("the warehouse"), self._stores.warehouse() as store:
            yield store

    @contextmanager
    def archive(self) -> Iterator[ObjectStore]:
        """The private bucket."""
        with _away("the object store"):
            yield self._archive()

    @contextmanager
    def public(self) -> Iterator[ObjectStore]:
        """The public bucket."""
        with _away("the object store"):
            yield self._public()

    def public_url(self, key: str) -> str | None:
        """Where readers find what has a key; None when that cannot be said."""
        with suppress(Away), _away("the object store"):
            return f"{self._public_url()}/{key}"
        return None

    def _state(self) -> State:
        with self.warehouse() as store:
            return State(
                reader.days(store),
                reader.failures(store),
                reader.comparisons(store),
                reader.changes(store),
                reader.published(store),
                reader.looked_at(store),
                history.missing(store),
            )

    def _landed(self) -> set[str]:
        with self.archive() as store:
            return land.landed_days(store)

    def _look(self, taken_at: Any) -> TipSnapshot | None:
        with self.archive() as store:
            return reader.look(store, taken_at)

    def _table_sizes(self) -> dict[str, reader.Row]:
        with self.warehouse() as store:
            return reader.table_sizes(store)

    def _object_sizes(self) -> dict[str, int | None]:
        objects = [declared for declared in catalog.OBJECTS if not declared.private]
        with self.public() as store:
            return reader.object_sizes(store, objects)


@contextmanager
def _away(store: str) -> Iterator[None]:
    try:
        yield
    except DataverseError as error:
        raise Away(store) from error


def _kept(seconds: float, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose newest answer is kept so long, for the same arguments."""
    return cached(TTLCache(1, seconds), lock=Lock())(function)
