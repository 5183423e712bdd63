"""The bytes of public files and their HTTP headers; the same value gives the same bytes."""

import csv
import gzip
import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

GZIPPED = b"\x1f\x8b"

CONTENT_TYPES = {
    ".json.gz": "application/json",
    ".csv.gz": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
}

# What every reader of Parquet reads, those in browsers too. A larger file can be read in part.
PARQUET = {"compression": "snappy", "store_schema": False, "write_page_index": True}
ROWS_OF_A_GROUP = 100_000


def content_type(path: str) -> str:
    """The media type of a file."""
    return next(kind for suffix, kind in CONTENT_TYPES.items() if path.endswith(suffix))


def headers(path: str) -> Mapping[str, str]:
    """The HTTP headers of a file, as put_object's parameters."""
    return {"ContentType": content_type(path)} | ({"ContentEncoding": "gzip"} if path.endswith(".gz") else {})


def json_text(value: Any) -> bytes:
    """JSON. Raises ValueError for a number that JSON does not know, such as NaN."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def csv_text(rows: pa.Table) -> bytes:
    """CSV (RFC 4180) with a line of names; null is an empty field."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(rows.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    return text.getvalue().encode()


def parquet(rows: pa.Table, about: Mapping[str, str]) -> bytes:
    """Parquet, with statistics, and what a reader has to know of the rows in the metadata of the file.

    Raises:
        pyarrow.ArrowInvalid: a column that is not nullable has a null.
    """
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, rows.schema, **PARQUET) as writer:
        writer.write_table(rows, ROWS_OF_A_GROUP)
        writer.add_key_value_metadata(dict(about))
    return sink.getvalue().to_pybytes()


def json_gz(value: Any) -> bytes:
    """Gzipped JSON. Raises ValueError for a number that JSON does not know, such as NaN."""
    return zipped(json_text(value))


def answer_gz(answer: Any) -> bytes:
    """Gzipped JSON of a vendor's answer as it came, even with numbers that JSON does not know."""
    return zipped(json.dumps(answer, separators=(",", ":")).encode())


def zipped(content: bytes) -> bytes:
    """The bytes of a file with gzip; they say nothing of when they were made."""
    return gzip.compress(content, mtime=0)


def unzip(body: bytes) -> bytes:
    """The bytes of a file without gzip, whether or not it was stored so."""
    return gzip.decompress(body) if body.startswith(GZIPPED) else body
