"""The types of published values, by name, and their JSON Schema."""

import re
from collections.abc import Iterable
from typing import Any

from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.public.json_schema import Schema, closed
from stacks_dataverse.units import KEY, Measured

# By PostgreSQL's type. A numeric may be more than a double can hold, and so is text.
FIELD_TYPES = {
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "double precision": "number",
    "numeric": "decimal",
    "text": "string",
    "boolean": "boolean",
    "date": "date",
    "timestamptz": "datetime",
}
DAY, TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}"
SCHEMAS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "decimal": {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"},
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date", "pattern": f"^{DAY}$"},
    "datetime": {"type": "string", "format": "date-time", "pattern": f"^{DAY}T{TIME}Z$"},
    "list": {"type": "array"},
}

# Values of the predecessor's files that are text without a column of their own, and those that are seconds.
TEXT = re.compile(r"principal|contract")
SECONDS = "unix seconds"


def field_type(column_type: str) -> str:
    """The name of a PostgreSQL type among those of published values, such as `integer` of `bigint`."""
    return "list" if column_type.endswith("[]") else FIELD_TYPES[column_type.partition("(")[0]]


def field_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of the values of a type."""
    return dict(SCHEMAS[name])


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that also allows null."""
    return schema | {"type": [schema["type"], "null"]}


def row_schema(columns: Iterable[Column]) -> Schema:
    """The schema of a row as a JSON object."""
    return closed({column.name: column_schema(column) for column in columns})


def column_schema(column: Column) -> Schema:
    """The schema of a column's values, with its meaning."""
    values = field_schema(field_type(column.type))
    return {"description": str(column.description)} | (nullable(values) if column.null else values)


def leaf_schema(obj: PublicObject, path: str) -> Schema:
    """The schema of the values at a path of a file that keeps the predecessor's shape."""
    columns = [column for column in obj.columns if column.name == KEY.findall(path)[-1]]
    schema = {"description": str(obj.fields[path])} | field_schema(_leaf_type(obj.fields[path], columns))
    is_null_somewhere = "null" in obj.fields[path] or any(column.null for column in columns or obj.columns)
    return nullable(schema) if is_null_somewhere else schema


def _leaf_type(meaning: str, columns: list[Column]) -> str:
    """The type of a field by its unit, or by the column of its name; of others text, or a count, height or time."""
    if isinstance(meaning, Measured):
        return "number"
    if columns and SECONDS not in meaning:
        return field_type(columns[0].type)
    return "string" if TEXT.search(meaning) else "integer"
