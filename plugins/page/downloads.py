"""Rows as CSV, JSON, newline-delimited JSON and Parquet, in chunks: memory does not grow with the rows.

What breaks off in mid-stream is no whole file: a JSON array lacks its end and a Parquet file its footer; of CSV and
newline-delimited JSON the connection is closed before the announced end.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from plugins.page.charts import FIELD_BY_FIELD, TIME, UNIX_SECONDS, Column, Part

CSV, JSON, LINES, PARQUET = "csv", "json", "ndjson", "parquet"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    JSON: "application/json",
    LINES: "application/x-ndjson",
    PARQUET: "application/vnd.apache.parquet",
}

# A spreadsheet reads text that begins with these as a formula, unless it is a number.
FORMULA, NUMBER = r"^[=+\-@\t\r]", r"^-?\d+(\.\d+)?([eE][-+]?\d+)?$"
MOMENT, NO_FRACTION = "%Y-%m-%dT%H:%M:%SZ", r"\.000000Z$"

MIDNIGHT, HOUR = f"{UNIX_SECONDS} of UTC midnight", f"{UNIX_SECONDS} of the hour"
TIME_HEADINGS = {MIDNIGHT: "day", HOUR: "hour_at"}
BARE_UNITS = {"usd", "stx", "btc", "percent"}
MAX_WORDS = 3


def encode(form: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """The chunks of a file of rows: a beginning, one or more for each batch, and an end."""
    return ENCODERS[form](schema, batches)


def table_of_part(name: str, part: Part) -> pa.Table:
    """The rows of a part of a public object, with typed columns, plain headings and times as such.

    Args:
        name: the object's, which names its figure where this is no more than a unit.
    """
    if part.columns == FIELD_BY_FIELD:
        cells = {row[0]: [_moment(row[1]) if UNIX_SECONDS in row[2] else row[1]] for row in part.rows}
        return pa.table({heading: _array(values) for heading, values in cells.items()})
    columns = {}
    for position, column in enumerate(part.columns):
        values = [row[position] for row in part.rows]
        if position == 0 and part.axis == TIME:
            values = [_day_or_moment(column, value) for value in values]
        elif column.is_time:
            values = list(map(_moment, values))
        columns[heading(name, part, position)] = _array(values)
    return pa.table(columns)


def heading(name: str, part: Part, position: int) -> str:
    """The heading of a column in a download, a plain name: `day`, `transactions`, `price_7d_usd`."""
    column = part.columns[position]
    if position == 0 and column.name.startswith(UNIX_SECONDS):
        return TIME_HEADINGS.get(column.name, "at")
    if position == 0:
        return _slug(re.split(r",|'s ", column.name)[0])
    if column.name != "value":
        return _slug(column.name)
    unit = re.split("[;,]", column.meaning)[0]
    words = _slug(unit)
    if words in BARE_UNITS:
        return f"{name}_{words}"
    return words if words.count("_") < MAX_WORDS and unit.isascii() else name.removesuffix("_latest")


def _csv(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    yield (",".join(schema.names) + "\n").encode()
    for batch in batches:
        text = _map(_map(_iso(batch), pa.types.is_string, _escape_formulas), pa.types.is_boolean, _text)
        sink = StringIO()
        csv.writer(sink, lineterminator="\n").writerows(zip(*(column.to_pylist() for column in text), strict=True))
        yield sink.getvalue().encode()


def _json(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    separator = "[\n"
    for lines in _records(batches):
        yield (separator + ",\n".join(lines)).encode()
        separator = ",\n"
    yield b"\n]\n" if separator == ",\n" else b"[]\n"


def _lines(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    for lines in _records(batches):
        yield "".join(f"{line}\n" for line in lines).encode()


def _parquet(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            yield sink.take()
    yield sink.take()


ENCODERS: Mapping[str, Callable[[pa.Schema, Iterator[pa.RecordBatch]], Iterator[bytes]]] = {
    CSV: _csv,
    JSON: _json,
    LINES: _lines,
    PARQUET: _parquet,
}


def _records(batches: Iterator[pa.RecordBatch]) -> Iterator[list[str]]:
    """The rows of each batch that has any, as JSON objects; NaN, which JSON does not know, is an error."""
    to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    for batch in batches:
        if batch.num_rows:
            yield list(map(to_json, _iso(batch).to_pylist()))


class _Sink:
    """A file that is written once and taken away in chunks meanwhile."""

    closed = False

    def __init__(self) -> None:
        self._chunk, self._taken = bytearray(), 0

    def write(self, data: bytes) -> int:
        """Append to the chunk."""
        self._chunk += data
        return len(data)

    def tell(self) -> int:
        """Bytes written so far."""
        return self._taken + len(self._chunk)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """The last chunk can be taken still."""
        self.closed = True

    def take(self) -> bytes:
        """The bytes since the last time."""
        chunk, self._chunk = bytes(self._chunk), bytearray()
        self._taken += len(chunk)
        return chunk


def _iso(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Days and moments as ISO 8601 text in UTC; fractions of a second only where there are any."""
    return _map(_map(batch, pa.types.is_timestamp, _iso_moments), pa.types.is_date, _text)


def _iso_moments(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.strftime(values, MOMENT), NO_FRACTION, "Z")


def _text(values: pa.Array) -> pa.Array:
    return values.cast(pa.string())


def _escape_formulas(values: pa.Array) -> pa.Array:
    is_formula = pc.and_not(pc.match_substring_regex(values, FORMULA), pc.match_substring_regex(values, NUMBER))
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", values, ""), values)


def _map(
    batch: pa.RecordBatch, is_of: Callable[[pa.DataType], bool], change: Callable[[pa.Array], pa.Array]
) -> pa.RecordBatch:
    """The batch with its columns of a type changed."""
    columns = [change(column) if is_of(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _array(values: Sequence[Any]) -> pa.Array:
    """A typed column; text where the values have no one type, or are larger than 64 bits."""
    try:
        array = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        array = pa.array([None if value is None else str(value) for value in values])
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


def _moment(value: Any) -> Any:
    return datetime.fromtimestamp(int(value), UTC) if isinstance(value, int) or str(value).isdecimal() else value


def _day_or_moment(column: Column, key: Any) -> date | datetime:
    if isinstance(key, date):
        return key
    at = _moment(key)
    if not isinstance(at, datetime):
        return date.fromisoformat(str(at))
    return at.date() if column.name == MIDNIGHT else at


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
