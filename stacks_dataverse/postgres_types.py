"""How PostgreSQL's types come out of ADBC as Arrow's, and how Arrow's go in."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

DIGITS_OF_DECIMAL128 = 38


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


def copied(rows: pa.Table, held: pa.Schema) -> Iterator[pa.Table]:
    """Rows, in parts, in the types in which they are copied: those of their table.

    A numeric is read as text, but takes none: it is copied as a decimal.

    Args:
        held: the types of the table's columns, as they are read.
    """
    for part, decimal in _by_width(rows, [field.name for field in held if _is_numeric(field)]):
        yield part.cast(pa.schema([_copied(part, field, decimal) for field in held]))


def _is_numeric(held: pa.Field) -> bool:
    return getattr(held.type, "type_name", "") == "numeric"


def _by_width(rows: pa.Table, numerics: Sequence[str]) -> Iterator[tuple[pa.Table, type[pa.DataType]]]:
    """The rows whose numerics fit a decimal of 128 bits, and the others, each with the type that holds them.

    The driver takes 75 times as long for one of 256 bits, and of the amounts hardly one needs it.
    """
    is_wide = pa.repeat(pa.scalar(False), rows.num_rows)
    for name in numerics:
        digits = pc.utf8_length(rows[name].cast(pa.string()))
        is_wide = pc.or_(is_wide, pc.fill_null(pc.greater(digits, DIGITS_OF_DECIMAL128), False))
    if not pc.any(is_wide).as_py():
        yield rows, pa.Decimal128Type
        return
    yield rows.filter(pc.invert(is_wide)), pa.Decimal128Type
    yield rows.filter(is_wide), pa.Decimal256Type


def _copied(rows: pa.Table, held: pa.Field, decimal: type[pa.DataType]) -> pa.Field:
    if not _is_numeric(held):
        return held
    kind = rows.schema.field(held.name).type
    scale = kind.scale if pa.types.is_decimal(kind) else 0
    exact = pa.decimal128(38, scale) if decimal is pa.Decimal128Type else pa.decimal256(76, scale)
    return pa.field(held.name, exact)
