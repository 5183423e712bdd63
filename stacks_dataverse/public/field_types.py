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

# Values of the predecessor's objects that are text without a column of their own.
TEXT = re.compile(r"principal|contract")


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


def leaf_schema(obj: PublicObject, path: str) -> dict[str, Any]:
    """The schema of the values at a path of an object that keeps its own shape."""
    meaning = obj.fields[path]
    schema = {"description": str(meaning)} | field_schema(_leaf_type(obj, path))
    is_null_somewhere = "null" in meaning or any(warning.startswith("Null") for warning in obj.warnings)
    return nullable(schema) if is_null_somewhere else schema


def _leaf_type(obj: PublicObject, path: str) -> str:
    column = next((column for column in obj.columns if column.name == KEY.findall(path)[-1]), None)
    if isinstance(obj.fields[path], Measured):
        return "number"
    if column:
        return field_type(column.type)
    return "string" if TEXT.search(obj.fields[path]) else "integer"
