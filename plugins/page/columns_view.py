"""The columns of a dataset with type, unit, null rule and meaning, and a sample of a public object."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.page.charts import FIELD_BY_FIELD, SEGMENT, Part
from plugins.page.charts import Column as Figure
from stacks_dataverse.dataset import Column, PublicObject, Table
from stacks_dataverse.site.quantities import OF_UNITS
from stacks_dataverse.units import Unit

# How JSON has the types of the warehouse.
OF_JSON = {
    "bigint": "integer",
    "integer": "integer",
    "smallint": "integer",
    "double precision": "number",
    "date": "text, ISO date",
    "timestamptz": "text, ISO time in UTC",
    "numeric(78)": "text, an exact integer",
}
OF_VALUES = {bool: "boolean", int: "integer", float: "number", str: "text", dict: "object", list: "array"}
IN_ROWS = "data.<row>."
SHOWN_ITEMS, SHOWN_KEYS, SHOWN_LINES, MAX_CHARACTERS = 2, 6, 4, 240
NOT_SEEN = "null at present"


@dataclass(frozen=True)
class ColumnRow:
    """A column or field; `null` says when it is null, and is empty where it never is."""

    name: str
    type: str
    unit: str
    null: str
    meaning: str


def columns_of(dataset: Table | PublicObject, parts: Sequence[Part] = ()) -> list[ColumnRow]:
    """The columns of a table, or the fields of a public object by their paths in the file.

    Args:
        parts: of the object as it is published: a field that declares no type has that of its values.
    """
    if isinstance(dataset, Table):
        return [_of_column(column, column.name, column.type) for column in dataset.columns]
    columns = dataset.columns if dataset.is_enveloped else ()
    declared = {f"{IN_ROWS}{column.name}": column for column in columns}
    return [
        _of_column(declared[field], field, OF_JSON.get(declared[field].type, declared[field].type))
        if field in declared
        else _of_field(dataset, field, parts)
        for field in dataset.fields
    ]


def sample_of(path: str, text: bytes) -> str:
    """The beginning of a public file, for reading: JSON with a few entries of each list and map, or lines of CSV."""
    if path.endswith(".csv.gz"):
        return "\n".join(text.decode().splitlines()[:SHOWN_LINES])
    return json.dumps(_shorten(json.loads(text)), indent=2, ensure_ascii=False)


def _of_column(column: Column, name: str, kind: str) -> ColumnRow:
    unit = OF_UNITS[column.unit].label if isinstance(column.unit, Unit) else column.unit
    return ColumnRow(name, kind, unit, column.null, column.meaning)


def _of_field(obj: PublicObject, field: str, parts: Sequence[Part]) -> ColumnRow:
    figure = Figure(field, obj.fields[field])
    kind = "text" if obj.is_enveloped else _type_of(field, parts)
    meaning = figure.meaning.partition("; null ")[0]
    unit = figure.quantity.label if kind in ("integer", "number") else ""
    return ColumnRow(field, kind, unit, figure.null_rule, meaning)


def _type_of(field: str, parts: Sequence[Part]) -> str:
    """The type of a field's values; a number where some are fractions."""
    column = ".".join(name for name in SEGMENT.findall(field) if not name.startswith("<")) or "value"
    kinds = {OF_VALUES.get(type(value), "text") for part in parts for value in _values(part, column)}
    if len(kinds) == 1:
        return kinds.pop()
    return "number" if kinds == {"integer", "number"} else " or ".join(sorted(kinds)) or NOT_SEEN


def _values(part: Part, column: str) -> list[Any]:
    if part.columns == FIELD_BY_FIELD:
        values = [row[1] for row in part.rows if row[0] == column]
    else:
        places = [place for place, each in enumerate(part.columns) if each.name == column]
        values = [row[place] for row in part.rows for place in places]
    return [value for value in values if value is not None]


def _shorten(value: Any) -> Any:
    if isinstance(value, list):
        more = len(value) - SHOWN_ITEMS
        return [*map(_shorten, value[:SHOWN_ITEMS]), *([f"… {more} more"] if more > 0 else [])]
    if isinstance(value, Mapping):
        shown = {key: _shorten(inner) for key, inner in list(value.items())[: SHOWN_KEYS * 4]}
        return _first(shown, len(value)) if _is_map(value) else shown
    if isinstance(value, str) and len(value) > MAX_CHARACTERS:
        return f"{value[:MAX_CHARACTERS]}…"
    return value


def _is_map(value: Mapping[str, Any]) -> bool:
    """Whether the keys are data, such as days or names: more than a few of values of one type."""
    kinds = {type(inner) for inner in value.values() if inner is not None}
    return len(value) > SHOWN_KEYS and len(kinds - {int} or kinds) == 1


def _first(shown: Mapping[str, Any], count: int) -> dict[str, Any]:
    few = dict(list(shown.items())[: SHOWN_KEYS // 2])
    return few | {"…": f"{count - len(few)} more"}
