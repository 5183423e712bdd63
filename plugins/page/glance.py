"""What the catalogue shows of a dataset at a glance: its days, its latest value, and a line of its last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.units import Unit

# Over how many days the latest value is compared, and the box of the line.
CHANGE_DAYS = 7
WIDTH, HEIGHT = 100, 24

# Units of the warehouse, and of what people read: how many of the one are one of the other.
READ_AS = {"µSTX": ("STX", 1e6), "sats": ("BTC", 1e8), "satoshis": ("BTC", 1e8), "STX": ("STX", 1), "BTC": ("BTC", 1)}
SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))


@dataclass(frozen=True)
class Coverage:
    """The days of a dataset that are here: the first, the last, and how many of those between."""

    first: date
    last: date
    days: int

    @property
    def missing(self) -> int:
        """How many days between the first and the last are not here."""
        return (self.last - self.first).days + 1 - self.days


@dataclass(frozen=True)
class Headline:
    """The daily figure that stands for a dataset: its values by day, in order, and their unit; null where not known."""

    meaning: str
    unit: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]

    @property
    def latest(self) -> float | None:
        """The last value that is known."""
        return next((value for value in reversed(self.values) if value is not None), None)

    @property
    def day(self) -> date | None:
        """The day of the last value that is known."""
        known = [day for day, value in zip(self.days, self.values, strict=True) if value is not None]
        return known[-1] if known else None

    @property
    def change(self) -> float | None:
        """Percent by which the latest value differs from that of a week before; None where one is not known or zero."""
        by_day = dict(zip(self.days, self.values, strict=True))
        before = self.day and by_day.get(date.fromordinal(self.day.toordinal() - CHANGE_DAYS))
        return 100 * (self.latest - before) / abs(before) if before else None

    @property
    def points(self) -> list[str]:
        """The points of a line for each run of days without a gap, in a box of WIDTH by HEIGHT."""
        known = [value for value in self.values if value is not None]
        if len(known) < 2:
            return []
        low, span = min(known), (max(known) - min(known)) or 1
        first, length = self.days[0].toordinal(), (self.days[-1] - self.days[0]).days or 1
        lines: list[list[str]] = [[]]
        for day, value in zip(self.days, self.values, strict=True):
            if value is None:
                lines.append([])
                continue
            x, y = WIDTH * (day.toordinal() - first) / length, HEIGHT - 2 - (HEIGHT - 4) * (value - low) / span
            lines[-1].append(f"{x:.0f},{y:.1f}")
        return [" ".join(line) for line in lines if len(line) > 1]


def compact(value: float | None) -> str:
    """A number in the fewest signs that tell its size."""
    if value is None:
        return "–"
    for scale, sign in SCALES:
        if abs(value) >= scale:
            shown = value / scale
            return f"{shown:,.0f} {sign}" if abs(shown) >= 1000 else f"{shown:,.4g} {sign}"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.4g}"


def headline_of(dataset: Table | PublicObject) -> str:
    """The name of the daily figure that stands for a dataset; empty where none does."""
    if isinstance(dataset, PublicObject) or not dataset.headline:
        return dataset.headline
    return f"{dataset.name}.{dataset.headline}"


def make_headline(name: str, rows: Sequence[Mapping[str, Any]], tables: Mapping[str, Table]) -> Headline:
    """A daily figure in the unit that people read it in."""
    table, column = name.split(".")
    declared = next(each for each in tables[table].columns if each.name == column)
    unit = declared.unit.name if isinstance(declared.unit, Unit) else declared.unit
    shown, scale = READ_AS.get(unit, (unit.split()[0].strip(",") if unit else "", 1))
    values = tuple(None if row["value"] is None else row["value"] / scale for row in rows)
    return Headline(declared.meaning, "" if shown == "indexes" else shown, tuple(row["day"] for row in rows), values)
