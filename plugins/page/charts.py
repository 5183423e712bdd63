"""The content of a public object or a table in parts; values stay as published."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from io import StringIO
from typing import Any

from stacks_dataverse.site import quantities
from stacks_dataverse.site.names import figure_name, is_ordinal, key_name
from stacks_dataverse.site.quantities import Quantity

SEGMENT = re.compile(r"<[^>]*>|[^.<>]+")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
INTEGER = re.compile(r"-?\d+")

# How the data dictionary marks a time.
UNIX_SECONDS = "unix seconds"
# How it says when a value is null.
NULL_RULE = re.compile(r"; null (.+)")

# How it marks the lower edge of a bin of a histogram.
LOWER_EDGE = "lower edge"

TIME, NUMBERED, BANDED, NAMED, PLAIN = "time", "number", "band", "name", "plain"


@dataclass(frozen=True)
class Column:
    """A column with its meaning in the data dictionary."""

    name: str
    meaning: str

    @property
    def quantity(self) -> Quantity:
        """How its numbers are shown."""
        return quantities.quantity_of(self.meaning)

    @property
    def title(self) -> str:
        """Its name for people."""
        title = figure_name(self.name, self.meaning)
        return "Value" if title == self.quantity.label else title

    @property
    def null_rule(self) -> str:
        """When its values are null, as the data dictionary says; empty where it does not."""
        found = NULL_RULE.search(self.meaning)
        return found[1] if found else ""

    @property
    def is_time(self) -> bool:
        """Whether its values are times in unix seconds."""
        return UNIX_SECONDS in self.meaning

    @property
    def is_measure(self) -> bool:
        """Whether a chart of its numbers says something: they are neither times nor heights nor cycles."""
        return not self.is_time and not is_ordinal(self.name)


# The columns of an object's scalar fields, a row for each field.
FIELD_BY_FIELD = (Column("field", "field"), Column("value", "value"), Column("meaning", "meaning"))


@dataclass(frozen=True)
class Part:
    """A table of an object: its columns, of which the first is the key, and its rows.

    `axis` says what the key is: TIME in unix seconds or days, a number such as a height, the lower edge of a bin, a
    name, or PLAIN, which is no axis of a chart.
    """

    axis: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @cached_property
    def figures(self) -> list[int]:
        """The positions of the columns that can be drawn."""
        positions = range(1, len(self.columns)) if self.axis != PLAIN else ()
        return [n for n in positions if self.columns[n].is_measure and _is_figure([row[n] for row in self.rows])]

    @property
    def key(self) -> str:
        """The heading of its key column."""
        return "Time (UTC)" if self.axis == TIME else key_name(self.columns[0].name)

    @property
    def is_series(self) -> bool:
        """Whether a chart can be drawn over its key."""
        return self.axis in (TIME, NUMBERED, BANDED) and bool(self.figures)

    def position_of(self, figure: str) -> int | None:
        """The position of a figure by its name; of the first for a name that it does not have; None without any."""
        named = [position for position in self.figures if self.columns[position].name == figure]
        return next(iter([*named, *self.figures]), None)

    @property
    def is_newest_last(self) -> bool:
        """Whether its rows are in ascending order of time."""
        return self.axis == TIME and len(self.rows) > 1 and place(self.rows[0][0]) < place(self.rows[-1][0])


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
    """Return the rows of a table as a part: over time if each row has its own day or time, by name if its own text."""
    columns = tuple(Column(name, meaning) for name, meaning in fields.items())
    cells = tuple(tuple(row[column.name] for column in columns) for row in rows)
    keys = [row[0] for row in cells]
    axes = ((TIME, date), (NAMED, str))
    is_key = bool(keys) and len(set(keys)) == len(keys)
    axis = next((axis for axis, of in axes if is_key and all(isinstance(key, of) for key in keys)), PLAIN)
    return Part(axis, columns, cells)


def place(key: Any) -> int:
    """Where a key is on its axis: unix seconds of a day or time, or a number."""
    if isinstance(key, datetime):
        return int(key.timestamp())
    if isinstance(key, date) or not INTEGER.fullmatch(str(key)):
        return int(datetime.fromisoformat(str(key)).replace(tzinfo=UTC).timestamp())
    return int(key)


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
    if name.startswith((UNIX_SECONDS, LOWER_EDGE)):
        return TIME if name.startswith(UNIX_SECONDS) else BANDED
    return NAMED if "name" in name or not all(map(INTEGER.fullmatch, keys)) else NUMBERED


def _is_figure(values: Sequence[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(map(quantities.is_number, known))


def _parse(text: str) -> Any:
    if not text:
        return None
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text
