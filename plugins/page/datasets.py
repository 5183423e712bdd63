"""A dataset by its name: what the catalogue and the stores say of it, and its figures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from plugins.page import entries, figures, reader
from plugins.page.found import Away, Found
from stacks_dataverse import catalog
from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.stores.object_store import ObjectStore

OBJECTS = {declared.name: declared for declared in catalog.OBJECTS}
TABLES = {table.name: table for table in catalog.TABLES}
JSON, CSV = "json", "csv"
CONTENT_TYPES = {JSON: "application/json", CSV: "text/csv; charset=utf-8"}


class Missing(Exception):
    """There is no such thing; the message says what was asked for."""


class Unpublished(Missing):
    """There is nothing of a dataset yet; the message says what to do."""


def listed(found: Found, at: datetime) -> tuple[list[entries.Entry], list[str]]:
    """Every public object and table at a moment; and what the page must say of stores that are away."""
    unknown = "freshness and the sizes of tables are not known"
    (published, rows), notes = _asked(lambda: (found.state().published, found.table_sizes()), unknown, (None, {}))
    sizes, more_notes = _asked(found.object_sizes, "the sizes of public objects are not known", {})
    objects = [entries.of_object(declared, published, at, sizes.get(declared.name)) for declared in catalog.OBJECTS]
    return [*objects, *(entries.of_table(table, rows) for table in catalog.TABLES)], notes + more_notes


def described(found: Found, name: str, at: datetime) -> tuple[entries.Entry, list[str]]:
    """What is known of a dataset at a moment; and what the page must say of stores that are away."""
    declared = _declared(name)
    if isinstance(declared, Table):
        rows, notes = _asked(found.table_sizes, "its size is not known", {})
        return entries.of_table(declared, rows), notes
    published, notes = _asked(lambda: found.state().published, "its freshness is not known", None)
    sizes, more_notes = _asked(found.object_sizes, "its size is not known", {})
    return entries.of_object(declared, published, at, sizes.get(name)), notes + more_notes


def parts(found: Found, name: str) -> list[figures.Part]:
    """The figures of a dataset: of a public object all, of a table the newest rows."""
    declared = _declared(name)
    if isinstance(declared, PublicObject):
        known = figures.of_object(declared.path, declared.fields, _text(found, declared))
        if not known:
            raise Unpublished(f"{declared.name} is published as null: it is not known. Its warnings say when.")
        return known
    with found.warehouse() as store:
        rows = reader.values(reader.newest_rows(store, declared))
    return [figures.of_rows(declared.fields, rows)]


def chart(found: Found, name: str, number: int) -> dict[str, Any]:
    """What a chart of one part draws. Raises Missing where there is nothing to draw."""
    known = parts(found, name)
    if number >= len(known) or not known[number].is_series:
        raise Missing(f"{name} has nothing to draw there.")
    return figures.chart(known[number])


def download(found: Found, name: str, form: str) -> tuple[str, str | bytes]:
    """The content type and the bytes of a dataset in a form; where it is published so, the very same."""
    declared = _declared(name)
    if form not in CONTENT_TYPES:
        raise Missing(f"There is no {form} of a dataset: take {JSON} or {CSV}.")
    if isinstance(declared, PublicObject) and declared.path.endswith(f".{form}.gz"):
        return CONTENT_TYPES[form], _text(found, declared)
    known = parts(found, name)
    return CONTENT_TYPES[form], figures.as_csv(known) if form == CSV else figures.as_json(known)


def _asked(ask: Callable[[], Any], unknown: str, otherwise: Any) -> tuple[Any, list[str]]:
    """What a store answers; while it is away something else, and a note of what is not known."""
    try:
        return ask(), []
    except Away as away:
        return otherwise, [f"{away.store} does not answer: {unknown}."]


def _declared(name: str) -> PublicObject | Table:
    declared = OBJECTS.get(name) or TABLES.get(name)
    if declared is None:
        raise Missing(f"No dataset is called {name}: the catalogue lists them all.")
    return declared


def _text(found: Found, declared: PublicObject) -> bytes:
    with _store_of(found, declared) as store:
        text = reader.object_text(store, declared)
    if text is None:
        raise Unpublished(f"{declared.name} is not published yet. It is published {declared.schedule.value}.")
    return text


@contextmanager
def _store_of(found: Found, declared: PublicObject) -> Iterator[ObjectStore]:
    with found.archive() if declared.private else found.public() as store:
        yield store
