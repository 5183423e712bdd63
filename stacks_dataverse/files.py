"""The bytes of public files and their HTTP headers; the same value gives the same bytes."""

import csv
import gzip
import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

import pyarrow as pa

GZIPPED = b"\x1f\x8b"

CONTENT_TYPES = {".json.gz": "application/json", ".csv.gz": "text/csv; charset=utf-8"}


def encode(path: str, value: Any) -> bytes:
    """A value as the bytes of a file of that name: JSON of any value, or CSV of an Arrow table."""
    return csv_gz(value) if _suffix(path) == ".csv.gz" else json_gz(value)


def headers(path: str) -> Mapping[str, str]:
    """The HTTP headers of a file, as put_object's parameters."""
    return {"ContentType": CONTENT_TYPES[_suffix(path)], "ContentEncoding": "gzip"}


def json_gz(value: Any) -> bytes:
    """Gzipped JSON. Raises ValueError for a number that JSON does not know, such as NaN."""
    return _gzip(json.dumps(value, separators=(",", ":"), allow_nan=False))


def answer_gz(answer: Any) -> bytes:
    """Gzipped JSON of a vendor's answer as it came, even with numbers that JSON does not know."""
    return _gzip(json.dumps(answer, separators=(",", ":")))


def csv_gz(rows: pa.Table) -> bytes:
    """Gzipped CSV (RFC 4180) with a line of names; null is an empty field."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(rows.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    return _gzip(text.getvalue())


def unzip(body: bytes) -> bytes:
    """The bytes of a file without gzip, whether or not it was stored so."""
    return gzip.decompress(body) if body.startswith(GZIPPED) else body


def gzip_bytes(body: bytes) -> bytes:
    """Bytes gzipped; the same bytes give the same."""
    return gzip.compress(body, mtime=0)


def _gzip(text: str) -> bytes:
    return gzip_bytes(text.encode())


def _suffix(path: str) -> str:
    return next(suffix for suffix in CONTENT_TYPES if path.endswith(suffix))
