"""How the browser shows the columns of each public dataset: `charts.json`, one of the site's assets."""

from collections.abc import Iterable, Sequence
from typing import Any

from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.public.field_types import field_type
from stacks_dataverse.site.names import figure_name, is_ordinal
from stacks_dataverse.site.quantities import quantity_of

# How the data dictionary marks the bins of a histogram.
LOWER_EDGE = "lower edge"
TIMES = ("date", "timestamptz")
# Numbers that say which row it is, such as a cycle; what is counted is wider.
ORDINALS = ("smallint", "integer")
# By columns of these types a row is told from the others of its day.
GROUPING = ("text", "boolean", "date", *ORDINALS)
NUMERIC = ("bigint", "double precision", *ORDINALS)


def describe_all(objects: Iterable[PublicObject]) -> dict[str, Any]:
    """The descriptions of public datasets by their names, as `describe` has them."""
    return {obj.name: describe(obj) for obj in objects}


def describe(obj: PublicObject) -> dict[str, Any]:
    """Title, axis and columns of a dataset, and the figure that stands for it.

    `axis` is null where no chart can be drawn, else the column of the places and its kind: time, number or band. Of a
    column `unit`, `shift` (the power of ten to divide by), `least` and `most` (decimal places) say how a number is
    shown; `isFigure` whether it can be drawn, and `canSplit` whether rows of one day may differ by it.
    """
    axis = _axis(obj.columns)
    columns = [_column(column, is_axis=axis is not None and column.name == axis["name"]) for column in obj.columns]
    figures = [column["name"] for column in columns if column["isFigure"]]
    headline = obj.headline.partition(".")[2]
    shown = headline if headline in figures else next(iter(figures), "")
    return {"title": obj.title, "axis": axis if figures else None, "headline": shown, "columns": columns}


def _axis(columns: Sequence[Column]) -> dict[str, str] | None:
    """Of a series the first column, of bins the lower edge, and else a first number that says which row it is."""
    first = columns[0]
    if first.type in TIMES:
        return {"name": first.name, "kind": "time", "label": "Time (UTC)"}
    edges = [column for column in columns if LOWER_EDGE in column.meaning]
    if edges:
        return {"name": edges[0].name, "kind": "band", "label": quantity_of(edges[0].description).label}
    if first.type in ORDINALS:
        return {"name": first.name, "kind": "number", "label": figure_name(first.name, first.meaning)}
    return None


def _column(column: Column, *, is_axis: bool) -> dict[str, Any]:
    quantity = quantity_of(column.description)
    title = figure_name(column.name, column.meaning)
    return {
        "name": column.name,
        "title": "Value" if title == quantity.label else title,
        "type": field_type(column.type),
        "meaning": column.meaning,
        "null": column.null,
        "unit": quantity.label,
        "shift": quantity.shift,
        "least": quantity.least,
        "most": quantity.most,
        "isFigure": column.type.startswith(("numeric", *NUMERIC)) and not (is_axis or is_ordinal(column.name)),
        "canSplit": column.type in GROUPING and not is_axis,
    }
