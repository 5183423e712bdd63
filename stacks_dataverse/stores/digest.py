"""A checksum over rows."""

import hashlib
import io
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.csv


def rows_digest(tables: Mapping[str, pa.Table]) -> str:
    """Return a checksum over the rows of tables; the same rows in the same order give the same one, in any time zone.

    Args:
        tables: rows by name; moments are the same whichever time zone their type names.
    """
    digest = hashlib.sha256()
    for name, rows in sorted(tables.items()):
        text = io.BytesIO()
        pyarrow.csv.write_csv(_as_text(rows), text)
        digest.update(name.encode() + text.getbuffer())
    return digest.hexdigest()


def _as_text(rows: pa.Table) -> pa.Table:
    """The same with bytes as hexadecimal digits and moments in UTC, as CSV would write neither."""
    for index, field in enumerate(rows.schema):
        if pa.types.is_binary(field.type):
            values = [None if value is None else value.hex() for value in rows[index].to_pylist()]
            rows = rows.set_column(index, field.name, pa.array(values, pa.string()))
        elif pa.types.is_timestamp(field.type) and field.type.tz:
            rows = rows.set_column(index, field.name, rows[index].cast(pa.timestamp(field.type.unit, "UTC")))
    return rows
