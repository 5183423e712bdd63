"""The envelope of public objects under `v1/`: rows, and beside them what a reader has to know of them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse import units
from stacks_dataverse.dataset import Column, PublicObject, fields_of
from stacks_dataverse.public import json_schema
from stacks_dataverse.public.field_types import field_schema, nullable, row_schema
from stacks_dataverse.public.json_schema import Schema, closed, headed

# What an envelope says of its rows, in its order.
MEANINGS = {
    "dataset": "name in the data dictionary",
    "as_of": "moment up to which the data go, ISO 8601, UTC",
    "schema": "SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex",
    "method": "how the data are made",
    "method_url": "page of the dataset, relative to catalog.json",
}


def fields(columns: tuple[Column, ...], warnings: tuple[str, ...]) -> dict[str, str]:
    """The fields of an enveloped object by their paths in the JSON."""
    optional = {
        "warnings.<number>": ("what to know before using the data", bool(warnings)),
        "units.<column>": ("unit of a column", any(column.unit for column in columns)),
    }
    described = {path: meaning for path, (meaning, is_there) in optional.items() if is_there}
    return {**MEANINGS, **described, **{f"data.<row>.{name}": text for name, text in fields_of(columns).items()}}


def page(obj: PublicObject) -> str:
    """The key of a dataset's page in the public bucket."""
    return f"datasets/{obj.name}.html"


def schema(obj: PublicObject) -> Schema:
    """The JSON Schema of a dataset's envelope: rows of its columns, or null where they may not be known."""
    rows: Schema = {"type": "array", "items": row_schema(obj.columns)}
    texts = {name: {"type": "string", "description": meaning} for name, meaning in MEANINGS.items()}
    properties = texts | {
        "dataset": {"const": obj.name},
        "as_of": texts["as_of"] | field_schema("datetime"),
        "warnings": {"type": "array", "items": {"type": "string"}},
        "units": closed({column.name: {"type": "string"} for column in obj.columns if column.unit}),
        "data": nullable(rows) if obj.known else rows,
    }
    return headed(obj.title, obj.method, closed(properties))


def wrap(obj: PublicObject, rows: pa.Table | None, as_of: str) -> dict[str, Any]:
    """Put rows in the envelope of their object; `data` is null where they are not known (None).

    Fractions have the places of their unit. Dates and moments are ISO 8601 in UTC; a `numeric` is text, because it may
    be more than a double can hold.
    """
    return {
        "dataset": obj.name,
        "as_of": as_of,
        "schema": json_schema.sha256(schema(obj)),
        "method": obj.method,
        "method_url": page(obj),
        "warnings": list(obj.warnings),
        "units": {column.name: _unit_name(column) for column in obj.columns if column.unit},
        "data": None if rows is None else list(_records(units.round_value(rows, fields_of(obj.columns)))),
    }


def _unit_name(column: Column) -> str:
    return column.unit if isinstance(column.unit, str) else column.unit.name


def _records(rows: pa.Table) -> Iterator[Mapping[str, Any]]:
    for row in rows.to_pylist():
        yield {name: _iso(value) for name, value in row.items()}


def _iso(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return str(value) if isinstance(value, date) else value
