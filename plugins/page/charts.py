"""The content of a public object or a table as tables and charts; values stay as published."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from itertools import pairwise
from statistics import median
from typing import Any

SEGMENT = re.compile(r"<[^>]*>|[^.<>]+")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
INTEGER = re.compile(r"-?\d+")

# How the data dictionary marks a time.
UNIX_SECONDS = "unix seconds"

TIME, NUMBERED, NAMED, PLAIN = "time", "number", "name", "plain"


@dataclass(frozen=True)
class Column:
    """A column with its meaning in the data dictionary."""

    name: str
    meaning: str

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return self.meaning.partition(";")[0]

    @property
    def is_time(self) -> bool:
        """Whether its values are times in unix seconds."""
        return UNIX_SECONDS in self.meaning


# The columns of an object's scalar fields, a row for each field.
FIELD_BY_FIELD = (Column("field", "field"), Column("value", "value"), Column("meaning", "meaning"))


@dataclass(frozen=True)
class Part:
    """A table of an object: its columns, of which the first is the key, and its rows.

    `axis` says what the key is: TIME in unix seconds or days, a number such as a height, a name, or PLAIN, which is no
    axis of a chart.
    """

    axis: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def figures(self) -> list[int]:
        """The positions of the columns that can be drawn."""
        positions = range(1, len(self.columns)) if self.axis != PLAIN else ()
        return [n for n in positions if not self.columns[n].is_time and _is_figure([row[n] for row in self.rows])]

    @property
    def key(self) -> str:
        """The heading of its key column."""
        return "UTC" if self.axis == TIME else self.columns[0].name

    @property
    def is_series(self) -> bool:
        """Whether a chart can be drawn over its key."""
        return self.axis in (TIME, NUMBERED) and bool(self.figures)

    @property
    def is_newest_last(self) -> bool:
        """Whether its rows are in ascending order of time."""
        return self.axis == TIME and len(self.rows) > 1 and _place(self.rows[0][0]) < _place(self.rows[-1][0])

    @property
    def shares(self) -> list[float] | None:
        """Of a ranking, the length of each row's bar in percent of the longest; else None."""
        if self.axis != NAMED or not self.figures:
            return None
        amounts = [abs(row[self.figures[0]] or 0) for row in self.rows]
        most = max(amounts, default=0) or 1
        return [round(100 * amount / most, 1) for amount in amounts]


def parts_of_object(path: str, fields: Mapping[str, str], text: bytes) -> list[Part]:
    """Return the parts of an object: scalar fields first, then one part for each kind of key; none for null.

    Args:
        path: its key, which ends with the format, JSON or CSV.
        fields: as the catalogue declares them.
        text: its bytes, unzipped.
    """
    if path.endswith(".csv.gz"):
        return [_of_csv(fields, text.decode())]
    value = json.loads(text)
    if value is None:
        return []
    split = {field: SEGMENT.findall(field) for field in fields}
    plain = [field for field, names in split.items() if names == [field] and not field.startswith("<")]
    alone = [(field, value.get(field), fields[field]) for field in plain]
    labels = dict.fromkeys(name for names in split.values() for name in names if name.startswith("<"))
    keyed = [_part_of_keyed(label, {f: n for f, n in split.items() if label in n}, fields, value) for label in labels]
    return [*([Part(PLAIN, FIELD_BY_FIELD, tuple(alone))] if alone else []), *keyed]


def part_of_rows(fields: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Part:
    """Return the rows of a table as a part, over time if each row has its own day or time."""
    columns = tuple(Column(name, meaning) for name, meaning in fields.items())
    cells = tuple(tuple(row[column.name] for column in columns) for row in rows)
    keys = [row[0] for row in cells]
    is_timed = bool(keys) and len(set(keys)) == len(keys) and all(isinstance(key, date) for key in keys)
    return Part(TIME if is_timed else PLAIN, columns, cells)


def chart(part: Part) -> dict[str, Any]:
    """Return the data of a chart: `x` ascending, and the values of each figure, null where not known."""
    rows = sorted(part.rows, key=lambda row: _place(row[0]))
    x = [_place(row[0]) for row in rows]
    gaps = _gaps(x) if part.axis == TIME else []
    places = [*x, *gaps]
    order = sorted(range(len(places)), key=places.__getitem__)
    figures = [_figure(part.columns[position], [row[position] for row in rows]) for position in part.figures]
    for figure in figures:
        padded = [*figure["values"], *(None for _ in gaps)]
        figure["values"] = [padded[index] for index in order]
    return {"axis": part.axis, "label": part.columns[0].name, "x": sorted(places), "figures": figures}


def format_key(part: Part, key: Any) -> str:
    """A key for readers: unix seconds as a date and time."""
    if part.axis != TIME or isinstance(key, date):
        return str(key)
    at = datetime.fromtimestamp(int(key), UTC) if INTEGER.fullmatch(str(key)) else datetime.fromisoformat(str(key))
    return f"{at:%Y-%m-%d}" if at.time() == datetime.min.time() else f"{at:%Y-%m-%d %H:%M}"


def time_of_cell(part: Part, row: Sequence[Any], position: int) -> datetime | None:
    """The time in a cell of unix seconds; None for any other cell."""
    is_time = UNIX_SECONDS in row[2] if part.columns == FIELD_BY_FIELD else part.columns[position].is_time
    return datetime.fromtimestamp(row[position], UTC) if is_time and isinstance(row[position], int) else None


def _of_csv(fields: Mapping[str, str], text: str) -> Part:
    lines = list(csv.reader(StringIO(text)))
    columns = tuple(Column(name, fields.get(name, name)) for name in lines[0])
    rows = tuple(tuple(map(_parse, line)) for line in lines[1:])
    return Part(TIME if columns[0].name == "day" else PLAIN, columns, rows)


def _part_of_keyed(label: str, fields: Mapping[str, list[str]], meanings: Mapping[str, str], value: Any) -> Part:
    """Join the fields of one kind of key into a table: by that key, a column for each field."""
    name = label.strip("<>")
    columns = [Column(name, name)]
    cells: dict[str, dict[int, Any]] = {}
    for position, (field, names) in enumerate(fields.items(), start=1):
        columns.append(Column(".".join(part for part in names if part != label) or "value", meanings[field]))
        for key, cell in _items(names, label, value):
            cells.setdefault(key, {})[position] = cell
    rows = tuple((key, *(found.get(n) for n in range(1, len(columns)))) for key, found in cells.items())
    return Part(_axis(name, cells), tuple(columns), rows)


def _items(names: Sequence[str], label: str, value: Any) -> Iterator[tuple[str, Any]]:
    place = names.index(label)
    for name in names[:place]:
        value = value[name]
    pairs = ((str(n), cell) for n, cell in enumerate(value, 1)) if isinstance(value, list) else (value or {}).items()
    for key, cell in pairs:
        for name in names[place + 1 :]:
            cell = cell[name]
        yield key, cell


def _axis(name: str, keys: Iterable[str]) -> str:
    if name.startswith(UNIX_SECONDS):
        return TIME
    return NAMED if "name" in name or not all(map(INTEGER.fullmatch, keys)) else NUMBERED


def _is_figure(values: Sequence[Any]) -> bool:
    numbers = [value for value in values if value is not None]
    return bool(numbers) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in numbers)


def _figure(column: Column, values: list[Any]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    logarithmic = min(known) >= 0 < max(known)
    return {"name": column.name, "unit": column.unit, "values": values, "logarithmic": logarithmic}


def _place(key: Any) -> int:
    if isinstance(key, datetime):
        return int(key.timestamp())
    if isinstance(key, date) or not INTEGER.fullmatch(str(key)):
        return int(datetime.fromisoformat(str(key)).replace(tzinfo=UTC).timestamp())
    return int(key)


def _gaps(x: Sequence[int]) -> list[int]:
    """A point in each interval that is longer than usual, so that the chart shows a gap."""
    steps = [later - earlier for earlier, later in pairwise(x)]
    usual = median(steps) if steps else 0
    return [earlier + int(usual) for earlier, step in zip(x, steps, strict=False) if step > 1.5 * usual]


def _parse(text: str) -> Any:
    if not text:
        return None
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text
