"""The download of one dataset: which rows, from which store, in which form."""

from collections.abc import Iterator, Mapping
from threading import BoundedSemaphore

from plugins.page import charts, dataset_reader, dataset_view, downloads, table_query
from plugins.page.page_stores import PageStores
from stacks_dataverse.dataset import PublicObject, Table

# Each holds a connection of the warehouse and some of the API server's memory.
MAX_AT_ONCE = 4
SLOTS = BoundedSemaphore(MAX_AT_ONCE)

PUBLISHED, PART = "published", "part"


class Busy(Exception):
    """As many downloads as are possible at once are under way."""


def stream(stores: PageStores, name: str, form: str, parameters: Mapping[str, str]) -> Iterator[bytes]:
    """The chunks of a file of all rows of a dataset that an address asks for.

    Raises:
        NotFound, InvalidQuery, Busy, Unavailable: before the first chunk; Unavailable also later.
    """
    dataset = dataset_view.find(name)
    if form not in downloads.CONTENT_TYPES:
        raise dataset_view.NotFound(f"No download as {form}: use {', '.join(downloads.CONTENT_TYPES)}.")
    if not SLOTS.acquire(blocking=False):
        raise Busy
    try:
        if isinstance(dataset, Table):
            yield from _stream_table(stores, dataset, form, parameters)
        else:
            yield from _encode_object(stores, dataset, form, parameters)
    finally:
        SLOTS.release()


def published(stores: PageStores, name: str) -> tuple[str, bytes]:
    """The form and the content of a public object as it is published, unzipped. Raises NotFound."""
    dataset = dataset_view.find(name)
    if isinstance(dataset, Table):
        raise dataset_view.NotFound(f"{name} is a table: it has no published file.")
    return dataset.path.removesuffix(".gz").rpartition(".")[2], dataset_view.read_text(stores, dataset)


def _stream_table(stores: PageStores, table: Table, form: str, parameters: Mapping[str, str]) -> Iterator[bytes]:
    with stores.warehouse() as store:
        storage = dataset_reader.read_storage(store, table)
        query = table_query.parse(table, storage, parameters, strict=True)
        with dataset_reader.stream_rows(store, query) as batches:
            yield from downloads.encode(form, batches.schema, batches)


def _encode_object(stores: PageStores, obj: PublicObject, form: str, parameters: Mapping[str, str]) -> Iterator[bytes]:
    rows = downloads.table_of_part(obj.name, _part(stores, obj, parameters.get(PART, "0")))
    yield from downloads.encode(form, rows.schema, iter(rows.to_batches()))


def _part(stores: PageStores, obj: PublicObject, number: str) -> charts.Part:
    parts = dataset_view.read_parts(stores, obj.name)
    if number not in map(str, range(len(parts))):
        raise dataset_view.NotFound(f"{obj.name} has no part of this number; it has {len(parts)}.")
    return parts[int(number)]
