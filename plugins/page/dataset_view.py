"""One dataset: its entry in the catalogue, its content as chart and table, and its downloads."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from plugins.page import catalogue_view, chart_view, charts, dataset_reader, table_view, tables
from plugins.page.catalogue_view import Entry
from plugins.page.envelopes import parts_of_envelope
from plugins.page.page_stores import PageStores, Unavailable
from plugins.page.series import Headline, headline, series_of
from plugins.page.tables import ShownTable
from stacks_dataverse import catalog
from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.stores.object_store import ObjectStore

OBJECTS = {obj.name: obj for obj in catalog.OBJECTS}
TABLES = {table.name: table for table in catalog.TABLES}


@dataclass(frozen=True)
class ShownPart:
    """A part as a reader sees it: a table, and of a series the figure whose headline is shown."""

    number: int
    part: charts.Part
    table: ShownTable
    figure: str
    headline: Sequence[Headline]


class NotFound(Exception):
    """The requested thing does not exist; the message names it."""


class NotPublished(NotFound):
    """The dataset has no content yet; the message says why."""


def list_entries(stores: PageStores, at: datetime) -> tuple[list[Entry], list[str]]:
    """All public objects and tables at a moment, and a note for each store that does not answer."""
    unknown = "freshness and table sizes are not known"
    (published, rows), notes = _read_or_note(
        lambda: (stores.state().published, stores.table_sizes()), unknown, (None, {})
    )
    sizes, more_notes = _read_or_note(stores.object_sizes, "sizes of public objects are not known", {})
    objects = [catalogue_view.object_entry(obj, published, at, sizes.get(obj.name)) for obj in catalog.OBJECTS]
    return [*objects, *(catalogue_view.table_entry(table, rows) for table in catalog.TABLES)], notes + more_notes


def get_entry(stores: PageStores, name: str, at: datetime) -> tuple[Entry, list[str]]:
    """The entry of one dataset at a moment, and a note for each store that does not answer. Raises NotFound."""
    dataset = find(name)
    if isinstance(dataset, Table):
        rows, notes = _read_or_note(stores.table_sizes, "its size is not known", {})
        return catalogue_view.table_entry(dataset, rows), notes
    published, notes = _read_or_note(lambda: stores.state().published, "its freshness is not known", None)
    sizes, more_notes = _read_or_note(stores.object_sizes, "its size is not known", {})
    entry = catalogue_view.object_entry(dataset, published, at, sizes.get(name))
    return replace(entry, sources=tuple(catalog.tables_of(dataset))), notes + more_notes


def read_parts(stores: PageStores, name: str) -> list[charts.Part]:
    """The content of a public object, or of a table that has one row a day or moment. Raises NotFound."""
    dataset = find(name)
    if isinstance(dataset, PublicObject):
        parts = _object_parts(dataset, read_text(stores, dataset))
        if not parts:
            raise NotPublished(f"{name} is published as null: its value is not known. Its warnings explain when.")
        return parts
    return [table_view.read_series(stores, dataset)]


def chart(stores: PageStores, name: str, number: int, figure: str = "") -> dict[str, Any]:
    """The chart of a figure of one part of a dataset, else of its headline. Raises NotFound if that part has none."""
    parts = read_parts(stores, name)
    if number >= len(parts) or not parts[number].is_series:
        raise NotFound(f"Part {number} of {name} has no chart.")
    return chart_view.chart(parts[number], figure, headline_figure(find(name)))


def headline_figure(dataset: PublicObject | Table) -> str:
    """The name of the figure that stands for a dataset, and that its chart shows at first; empty where none does."""
    return dataset.headline.rpartition(".")[2]


def comparable() -> list[dict[str, Any]]:
    """What can be compared over time: public objects and tables with their figures."""
    return chart_view.comparable([*OBJECTS.values(), *TABLES.values()])


def _object_parts(obj: PublicObject, text: bytes) -> list[charts.Part]:
    return parts_of_envelope(obj, text) if obj.is_enveloped else charts.parts_of_object(obj.path, obj.fields, text)


def _read_or_note(read: Callable[[], Any], unknown: str, default: Any) -> tuple[Any, list[str]]:
    """The result of a read; if the store does not answer, a default and a note of what is not known."""
    try:
        return read(), []
    except Unavailable as error:
        return default, [f"{error.store} does not answer: {unknown}."]


def find(name: str) -> PublicObject | Table:
    """The dataset of a name. Raises NotFound."""
    dataset = OBJECTS.get(name) or TABLES.get(name)
    if dataset is None:
        raise NotFound(f"There is no dataset {name}. The catalogue lists all datasets.")
    return dataset


def read_text(stores: PageStores, obj: PublicObject) -> bytes:
    """The newest version of a public object, unzipped. Raises NotPublished."""
    with _bucket_of(stores, obj) as store:
        text = dataset_reader.read_object_text(store, obj)
    if text is None:
        raise NotPublished(f"{obj.name} is not published yet. Its schedule is: {obj.schedule.value}.")
    return text


@contextmanager
def _bucket_of(stores: PageStores, obj: PublicObject) -> Iterator[ObjectStore]:
    with stores.archive() if obj.private else stores.public() as store:
        yield store


def shown_parts(
    parts: Sequence[charts.Part], figure: str, most: int, chain: str, page: charts.Part | None = None
) -> list[ShownPart]:
    """The parts of a dataset as a reader sees them.

    Args:
        figure: whose headline is shown, by its name; else that of the first.
        most: rows of a table.
        chain: the network whose transactions are linked.
        page: of a warehouse table the chosen rows, in place of those of the one part.
    """
    return [
        _shown_part(number, part, figure, tables.shown_rows(page, len(page.rows), chain) if page else
                    tables.shown_table(part, most, chain))
        for number, part in enumerate(parts)
    ]  # fmt: skip


def _shown_part(number: int, part: charts.Part, figure: str, table: ShownTable) -> ShownPart:
    position = part.position_of(figure) if part.is_series else None
    numbers = [] if position is None or part.axis == charts.BANDED else headline(series_of(part, position))
    name = "" if position is None else part.columns[position].title
    return ShownPart(number, part, table, name, numbers)
