"""How PostgreSQL's types come out of ADBC as Arrow's, and how Arrow's go in."""

import pyarrow as pa


def plain(field: pa.Field) -> pa.Field:
    """A numeric comes as an opaque string and a json as an extension: keep the text, exact as it is."""
    kind = field.type.storage_type if isinstance(field.type, pa.BaseExtensionType) else field.type
    return pa.field(field.name, kind)


def as_plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch in the types that `plain` gives its columns."""
    columns = [
        column.storage if isinstance(column, pa.ExtensionArray) else column.cast(field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def is_numeric(held: pa.Field) -> bool:
    """Whether a field as it is read is a numeric of PostgreSQL."""
    return getattr(held.type, "type_name", "") == "numeric"


def copied(rows: pa.Table, held: pa.Schema) -> pa.Table:
    """Rows in the types in which they are copied: those of their table, and the text of a numeric.

    Args:
        held: the types of the table's columns, as they are read.
    """
    return rows.cast(pa.schema([plain(field) if is_numeric(field) else field for field in held]))
