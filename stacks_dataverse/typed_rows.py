"""The rows of a public dataset in the types of its columns, as its files under `v1/` have them."""

import re
from collections.abc import Iterable

import pyarrow as pa

from stacks_dataverse import units
from stacks_dataverse.dataset import Column, fields_of
from stacks_dataverse.postgres_types import DIGITS_OF_DECIMAL128

TYPES = {
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
    "text": pa.string(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
}
NUMERIC = re.compile(r"numeric\((\d+)(?:, ?(\d+))?\)")


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow types of columns; one that is never null is not nullable."""
    return pa.schema([pa.field(column.name, arrow_type(column.type), bool(column.null)) for column in columns])


def arrow_type(declared: str) -> pa.DataType:
    """The Arrow type of a PostgreSQL type; a numeric that may have more digits than a decimal is text."""
    if found := NUMERIC.fullmatch(declared):
        digits, places = int(found[1]), int(found[2] or 0)
        return pa.decimal128(digits, places) if digits <= DIGITS_OF_DECIMAL128 else pa.string()
    return TYPES[declared]


def typed(rows: pa.Table, columns: tuple[Column, ...]) -> pa.Table:
    """Rows in the types of their columns, with fractions rounded to the places of their unit.

    Raises:
        ValueError: a column is missing, or a value is not of its type.
    """
    return units.round_value(rows.select([column.name for column in columns]), fields_of(columns)).cast(
        schema_of(columns)
    )
