"""Objects of a bucket as a terminal shows them: sizes for people, and text in place of bytes."""

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

from scripts.local.errors import StackError

UNITS = ("bytes", "kB", "MB", "GB", "TB")


def listing(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each object, and the number and size of all at the end."""
    sizes = []
    for item in objects:
        sizes.append(item["Size"])
        yield f"{item['LastModified']:%Y-%m-%d %H:%M:%S} {size(item['Size']):>12}  {item['Key']}"
    yield f"{len(sizes):,} object{'s' * (len(sizes) != 1)}, {size(sum(sizes))}"


def size(count: int) -> str:
    """Return a number of bytes in three digits and a unit: 999 bytes, 1.23 kB, 45.6 MB."""
    value, place = float(count), 0
    while value >= 999.5 and place < len(UNITS) - 1:
        value, place = value / 1000, place + 1
    return f"{value:.{max(0, 3 - len(str(int(value)))) if place else 0}f} {UNITS[place]}"


def text(key: str, body: bytes) -> str:
    """Return an object's content to be read: unpacked, and JSON one field a line.

    Raises:
        StackError: it is no text, as a Parquet file.
    """
    try:
        content = (gzip.decompress(body) if key.endswith(".gz") else body).decode()
    except (OSError, EOFError, UnicodeDecodeError):
        raise StackError(f"{key} is not text; `s3 cat --raw` writes its bytes: redirect them to a file") from None
    if not key.removesuffix(".gz").endswith(".json"):
        return content.removesuffix("\n")
    try:
        return json.dumps(json.loads(content), indent=2, ensure_ascii=False)
    except ValueError:
        return content
