"""The data of a chart: one figure of a part, and the list of all that can be drawn."""

from collections.abc import Iterable
from typing import Any

from plugins.page import series
from plugins.page.bands import bands_of
from plugins.page.charts import BANDED, UNIX_SECONDS, Column, Part
from stacks_dataverse.dataset import PublicObject, Table

NUMERIC = ("bigint", "integer", "smallint", "double precision", "numeric(78)")
TIMED = ("date", "timestamptz")
# Rows of a day differ by columns of these types; counts are bigint.
GROUPING = ("text", "date", "smallint", "integer", "boolean")


def chart(part: Part, figure: str = "", headline: str = "") -> dict[str, Any]:
    """A figure of a part as `series.as_json` or as bands, with the names of all its figures, and of the `initial` one.

    Args:
        figure: its name; else the initial one.
        headline: the name of the initial figure; else it is the first.
    """
    initial = part.columns[part.position_of(headline)].name
    position = part.position_of(figure or initial)
    figures = [_named(part.columns[number]) for number in part.figures]
    drawn = _bands(part, position) if part.axis == BANDED else series.as_json(series.series_of(part, position))
    return {"figures": figures, "initial": initial, **drawn}


def comparable(datasets: Iterable[PublicObject | Table]) -> list[dict[str, Any]]:
    """The datasets with one row a day or moment, and their figures; one with the columns of one before is left out."""
    found, seen = [], set()
    for dataset in datasets:
        columns = _columns(dataset)
        if columns and dataset.columns not in seen:
            found.append({"name": dataset.name, "title": dataset.title, "figures": [*map(_named, columns)]})
            seen |= {dataset.columns} if _has_rows(dataset) else set()
    return found


def _columns(dataset: PublicObject | Table) -> list[Column]:
    """The columns of its series that can be drawn; none if it is no series."""
    return [column for column in _columns_of_series(dataset) if column.is_measure]


def _columns_of_series(dataset: PublicObject | Table) -> list[Column]:
    if not _has_rows(dataset):
        return [Column(_last_key(field), meaning) for field, meaning in dataset.fields.items()
                if field.startswith(f"<{UNIX_SECONDS}")]  # fmt: skip
    first, *others = dataset.columns
    if first.type not in TIMED or not _is_series(dataset):
        return []
    return [Column(column.name, column.description) for column in others if column.type in NUMERIC]


def _has_rows(dataset: PublicObject | Table) -> bool:
    """Whether it is rows of its columns as it is read."""
    return isinstance(dataset, Table) or dataset.is_enveloped


def _is_series(dataset: PublicObject | Table) -> bool:
    if isinstance(dataset, Table):
        return dataset.key == (dataset.columns[0].name,)
    return not dataset.is_dated and all(column.type not in GROUPING for column in dataset.columns[1:])


def _last_key(field: str) -> str:
    return field.partition(">.")[2] or "value"


def _named(column: Column) -> dict[str, str]:
    return {"name": column.name, "title": column.title, "meaning": column.meaning}


def _bands(part: Part, position: int) -> dict[str, Any]:
    column, bands = part.columns[position], bands_of(part, position)
    known = [band.count for band in bands if band.count is not None]
    return {
        "axis": BANDED,
        "label": part.columns[0].name.rpartition(", ")[2],
        "labels": [band.label for band in bands],
        "figure": column.name,
        "title": column.title,
        "meaning": column.meaning,
        "unit": column.title,
        "places": [0, 0],
        "null": column.null_rule,
        "x": list(range(len(bands))),
        "values": [band.count for band in bands],
        "no_logarithm": "" if any(known) else "No value is above zero.",
        "headline": [],
    }
