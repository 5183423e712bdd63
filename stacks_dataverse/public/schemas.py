"""JSON Schema (2020-12) of the public files, from their declarations.

A schema describes one release to the byte: it allows no field that is not declared. A later release may add fields, so
a reader checks a file against the schema that the file's envelope names by its sha256.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from stacks_dataverse import envelope
from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.public.field_types import field_schema, field_type, leaf_schema, nullable
from stacks_dataverse.units import KEY

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

# Keys in angle brackets that are places in a list, and those that are numbers in a string.
POSITIONS = {"<position>", "<number>", "<row>"}
NUMBERED = re.compile(r"height|seconds|cycle|edge")


def v1_schema(obj: PublicObject) -> Schema:
    """The schema of a dataset's envelope of rows."""
    rows: Schema = {"type": "array", "items": row_schema(obj.columns)}
    texts = {name: {"type": "string", "description": meaning} for name, meaning in envelope.MEANINGS.items()}
    units = {column.name: {"type": "string"} for column in obj.columns if column.unit}
    properties = texts | {
        "dataset": {"const": obj.name},
        "as_of": texts["as_of"] | field_schema("datetime"),
        "warnings": {"type": "array", "items": {"type": "string"}},
        "units": _closed(units),
        "data": nullable(rows) if obj.known else rows,
    }
    return _head(obj) | _closed(properties)


def predecessor_schema(obj: PublicObject) -> Schema:
    """The schema of an object that keeps its own shape: of its JSON, or of each row of its CSV as a JSON object."""
    if obj.path.endswith(".csv.gz"):
        return _head(obj) | row_schema(obj.columns)
    shape = _tree([(KEY.findall(path), leaf_schema(obj, path)) for path in obj.fields])
    return _head(obj) | (nullable(shape) if obj.known else shape)


def row_schema(columns: Iterable[Column]) -> Schema:
    """The schema of a row as a JSON object."""
    return _closed({column.name: column_schema(column) for column in columns})


def column_schema(column: Column) -> Schema:
    """The schema of a column's values, with its meaning."""
    values = field_schema(field_type(column.type))
    return {"description": column.description} | (nullable(values) if column.null else values)


def encode(schema: Mapping[str, Any]) -> bytes:
    """The bytes of a schema's file."""
    return json.dumps(schema, indent=1, ensure_ascii=False).encode()


def sha256(schema: Mapping[str, Any]) -> str:
    """By which an envelope names its schema: the SHA-256 of the file's bytes, in hex."""
    return hashlib.sha256(encode(schema)).hexdigest()


def _head(obj: PublicObject) -> Schema:
    return {"$schema": DIALECT, "title": obj.title, "description": obj.method}


def _closed(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _tree(fields: list[tuple[list[str], Schema]]) -> Schema:
    """The schema of values by their paths: keys, places in a list, or any key of a kind."""
    if not fields[0][0]:
        return fields[0][1]
    below = {path[0]: _tree([(keys[1:], leaf) for keys, leaf in fields if keys[0] == path[0]]) for path, _ in fields}
    key, inner = next(iter(below.items()))
    if not key.startswith("<"):
        return _closed(below)
    if key in POSITIONS:
        return {"type": "array", "items": inner}
    names = {"propertyNames": {"pattern": "^[0-9]+$"}} if NUMBERED.search(key) else {}
    return {"type": "object", "description": key, **names, "additionalProperties": inner}
