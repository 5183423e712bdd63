"""The envelope of public objects under `v1/`: rows, and beside them what a reader has to know of them."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stacks_dataverse.dataset import Column, PublicObject, Schedule, fields_of
from stacks_dataverse.public import json_schema
from stacks_dataverse.public.field_types import field_schema, nullable, row_schema
from stacks_dataverse.public.json_schema import Schema, closed, headed

# What an envelope says of its rows, in its order.
MEANINGS = {
    "dataset": "name in the data dictionary",
    "as_of": "moment up to which the data go, ISO 8601, UTC; null while nothing is known",
    "schema": "SHA-256 of the JSON Schema of this file, schema/<dataset>.json, in hex",
    "method": "how the data are made",
    "method_url": "page of the dataset, relative to catalog.json",
}
WARNINGS, UNITS = {"warnings.<number>": "what to know before using the data"}, {"units.<column>": "unit of a column"}
COMMON = MEANINGS | WARNINGS | UNITS


def fields(columns: tuple[Column, ...], warnings: tuple[str, ...]) -> dict[str, str]:
    """The fields of an enveloped object by their paths in the JSON."""
    units = UNITS if any(column.unit for column in columns) else {}
    rows = {f"data.<row>.{name}": text for name, text in fields_of(columns).items()}
    return MEANINGS | (WARNINGS if warnings else {}) | units | rows


def page(obj: PublicObject) -> str:
    """The key of a dataset's page in the public bucket."""
    return f"datasets/{obj.name}.html"


def schema(obj: PublicObject) -> Schema:
    """The JSON Schema of a dataset's envelope: rows of its columns, or null where they may not be known.

    What a query dates, or the newest loaded day if there is one, may have no end while nothing is known.
    """
    rows: Schema = {"type": "array", "items": row_schema(obj.columns)}
    texts = {name: {"type": "string", "description": meaning} for name, meaning in MEANINGS.items()}
    moment = texts["as_of"] | field_schema("datetime")
    may_have_no_end = bool(obj.as_of) or obj.schedule is Schedule.MARKET
    properties = texts | {
        "dataset": {"const": obj.name},
        "as_of": nullable(moment) if may_have_no_end else moment,
        "warnings": {"type": "array", "items": {"type": "string"}},
        "units": closed({column.name: {"type": "string"} for column in obj.columns if column.unit}),
        "data": nullable(rows) if obj.known else rows,
    }
    return headed(obj.title, obj.method, closed(properties))


def wrap(obj: PublicObject, rows: pa.Table | None, as_of: str | None) -> dict[str, Any]:
    """Put rows in the envelope of their object; `data` is null where they are not known (None).

    Dates and moments are ISO 8601 in UTC; a `numeric` is text, because it may be more than a double can hold.

    Args:
        rows: of `typed_rows`.
    """
    return {
        "dataset": obj.name,
        "as_of": as_of,
        "schema": json_schema.sha256(schema(obj)),
        "method": obj.method,
        "method_url": page(obj),
        "warnings": list(map(str, obj.warnings)),
        "units": {column.name: _unit_name(column) for column in obj.columns if column.unit},
        "data": None if rows is None else records(rows),
    }


def summary(obj: PublicObject, rows: pa.Table | None, as_of: str | None) -> dict[str, str]:
    """What the metadata of a Parquet file says of its rows; it has none where they are not known."""
    return {"dataset": obj.name, "as_of": as_of or "", "is_known": "false" if rows is None else "true"}


def _unit_name(column: Column) -> str:
    return column.unit if isinstance(column.unit, str) else column.unit.name


def records(rows: pa.Table) -> list[dict[str, Any]]:
    """Rows as JSON has them: dates and moments are ISO 8601, decimals text."""
    columns = [_plain(column).to_pylist() for column in rows.columns]
    return [dict(zip(rows.column_names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as JSON has it."""
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s", "UTC"), safe=False), "%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_decimal(column.type):
        # Arrow's own text of a small one has an exponent.
        texts = [None if value is None else f"{value:f}" for value in column.to_pylist()]
        return pa.chunked_array([texts], pa.string())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column
