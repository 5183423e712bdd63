"""Series for charts, and their headline: the latest value, its change, and the average of a week."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from plugins.page import formatting
from plugins.page.charts import TIME, Column, Part, place
from stacks_dataverse.site import quantities
from stacks_dataverse.site.quantities import PERCENT, SHARE, Quantity, fit, format_number

DAY, WEEK_DAYS = 86_400, 7
# Of a change a day before: how far the earlier value may lie from it.
TOLERANCE = 0.5


@dataclass(frozen=True)
class Series:
    """The values of one figure over an axis, ascending; null where not known. `label` names the axis."""

    axis: str
    label: str
    column: Column
    x: tuple[int, ...]
    values: tuple[Any, ...]

    @property
    def is_daily(self) -> bool:
        """Whether every value is of a whole day."""
        return self.axis == TIME and all(at % DAY == 0 for at in self.x)

    @property
    def quantity(self) -> Quantity:
        """How its values are shown."""
        return fit(self.column.quantity, self.values)


@dataclass(frozen=True)
class Headline:
    """One number at the head of a chart, with what it is, and the value behind it."""

    label: str
    text: str
    raw: str


def series_of(part: Part, position: int) -> Series:
    """The series of a figure of a part."""
    rows = sorted((place(row[0]), row[position]) for row in part.rows) if part.rows else []
    x, values = zip(*rows, strict=True) if rows else ((), ())
    return Series(part.axis, part.key, part.columns[position], x, values)


def as_json(series: Series) -> dict[str, Any]:
    """The data of a chart: places on the axis, values in the unit of the label with gaps as nulls, and how to write."""
    gaps = _gaps(series.x) if series.axis == TIME else []
    values = [*map(_plain, map(series.column.quantity.scale_if_known, series.values)), *(None for _ in gaps)]
    places = [*series.x, *gaps]
    order = sorted(range(len(places)), key=places.__getitem__)
    quantity = series.quantity
    return {
        "axis": series.axis,
        "label": series.label,
        "figure": series.column.name,
        "title": series.column.title,
        "meaning": quantities.without_unit(series.column.meaning),
        "unit": quantity.label or series.column.title,
        "places": [quantity.least, quantity.most],
        "null": series.column.null_rule,
        "x": [places[index] for index in order],
        "values": [values[index] for index in order],
        "no_logarithm": _no_logarithm(values),
        "headline": [vars(number) for number in headline(series)],
    }


def headline(series: Series) -> list[Headline]:
    """The latest value, the change from a day before, and the average of a week; empty without a value."""
    known = [(at, series.column.quantity.scale(value)) for at, value in zip(series.x, series.values, strict=True)
             if value is not None]  # fmt: skip
    if not known or series.axis != TIME:
        return []
    at, latest = known[-1]
    quantity = series.quantity
    numbers = [Headline(f"Latest, {_moment(series, at)}", _text(latest, quantity), str(series.values[-1]))]
    before = _a_day_before(known)
    if before is not None:
        numbers.append(_change(series, latest, *before))
    return [*numbers, *_average(series, known)]


def _change(series: Series, latest: Any, at: int, before: Any) -> Headline:
    """Of a percentage or a share the difference, of all else the relative change."""
    raw = f"{_text(before, series.quantity)}, {_moment(series, at)}"
    label = "Change, day on day"
    if series.column.quantity in (PERCENT, SHARE):
        points = (latest - before) * (1 if series.column.quantity is PERCENT else 100)
        return Headline(label, f"{points:+.2f} points", raw)
    if not before:
        return Headline(label, "–", raw)
    return Headline(label, f"{100 * (float(latest) - float(before)) / abs(float(before)):+.1f} %", raw)


def _average(series: Series, known: Sequence[tuple[int, Any]]) -> list[Headline]:
    last = known[-1][0]
    week = [float(value) for at, value in known if at > last - WEEK_DAYS * DAY]
    if not (series.is_daily or series.x[0] <= last - WEEK_DAYS * DAY) or len(week) < 2:
        return []
    average = fmean(week)
    is_whole = not series.is_daily or len(week) == WEEK_DAYS
    label = "7-day average" if is_whole else f"Average of {len(week)} days"
    finer = replace(series.quantity, most=max(series.quantity.most, 1), shift=0)
    return [Headline(label, _text(average, fit(finer, [average])), str(average))]


def _a_day_before(known: Sequence[tuple[int, Any]]) -> tuple[int, Any] | None:
    """The value a day before the last, or the nearest one earlier than that by less than half a day."""
    sought = known[-1][0] - DAY
    index = bisect_right([at for at, _ in known], sought) - 1
    return known[index] if index >= 0 and sought - known[index][0] < TOLERANCE * DAY else None


def _text(value: Any, quantity: Quantity) -> str:
    number = format_number(value, replace(quantity, shift=0))
    return number if quantity.label in ("", "index") else f"{number} {quantity.label}"


def _moment(series: Series, at: int) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%d}" if series.is_daily else formatting.moment(moment)


def _gaps(x: Sequence[int]) -> list[int]:
    """A point in each interval that is longer than usual, so that the chart shows a gap."""
    steps = [later - earlier for earlier, later in pairwise(x)]
    usual = median(steps) if steps else 0
    return [earlier + int(usual) for earlier, step in zip(x, steps, strict=False) if step > 1.5 * usual]


def _no_logarithm(values: Sequence[Any]) -> str:
    """Why a logarithmic scale is of no use; empty if it is."""
    known = [value for value in values if value is not None]
    if any(value < 0 for value in known):
        return "Some values are below zero."
    return "" if any(known) else "No value is above zero."


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
