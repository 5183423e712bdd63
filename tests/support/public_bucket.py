"""A public bucket of a few datasets, served over HTTP with faults; for tests of those who read it."""

import gzip
import hashlib
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

CATALOGUE = "catalog.json"
PUBLISHED_AT = "2024-10-31T00:10:00Z"
DAYS = {"first_day": "2024-10-28", "last_day": "2024-10-30"}
FIELDS = [
    {"name": "day", "type": "date", "unit": "", "meaning": "UTC day", "null": ""},
    {"name": "seen_at", "type": "datetime", "unit": "", "meaning": "time of the last block", "null": ""},
    {"name": "blocks", "type": "integer", "unit": "", "meaning": "canonical blocks", "null": ""},
    {"name": "supply", "type": "decimal", "unit": "µSTX", "meaning": "tokens", "null": "if it is not known"},
]
# As Parquet has them, in the order of the fields.
TYPES = (pa.date32(), pa.timestamp("us", "UTC"), pa.int64(), pa.decimal128(38, 0))

Answer = Callable[[Request], Response]


@dataclass(frozen=True)
class Seen:
    """A request as the server saw it."""

    key: str
    status: int
    headers: dict[str, str]


@dataclass
class PublicBucket:
    """Objects by key, each with its ETag; `faults` of a key are the answers to its next requests, in order.

    What `then` is told of a key is done after it was answered, once for each request.
    """

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    faults: defaultdict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    then: defaultdict[str, deque[Callable[[], None]]] = field(default_factory=lambda: defaultdict(deque))

    def publish(self, name: str, rows: Sequence[dict[str, Any]], *, day: str | None = None) -> None:
        """Publish rows of a dataset, dated if there is a day; then the catalogue."""
        self.write(name, rows, day=day)
        self.write_catalogue()

    def write(self, name: str, rows: Sequence[dict[str, Any]], *, day: str | None = None) -> None:
        """Write the files of a dataset; the catalogue does not say so yet."""
        value = {"dataset": name, "as_of": PUBLISHED_AT, "method": "", "warnings": [], "units": {}, "data": list(rows)}
        bodies = {"json": json.dumps(value).encode(), "parquet": parquet(rows)}
        template = f"v1/{name}/{{day}}" if day else f"v1/{name}"
        suffixes = {"json": ".json.gz", "parquet": ".parquet"}
        # Of the predecessor, first, so that it is not taken for the other.
        files = [_file("json", f"{name}.json.gz", b"{}", is_dated=False) | {"role": "predecessor"}]
        for kind, body in bodies.items():
            path = template + suffixes[kind]
            for version in (day, "latest") if day else ("",):
                self.objects[path.replace("{day}", version or "")] = body
            files.append(_file(kind, path, body, is_dated=day is not None))
        self.entries[name] = _entry(name, files)

    def write_catalogue(self, version: str = "1.0.0") -> None:
        """Write the catalogue of what is written now."""
        value = {"version": version, "generated_at": PUBLISHED_AT, "network": "mainnet", "chain": None, "url": ""}
        licence = {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
        groups = [{"name": "network", "title": "Network"}]
        content = value | {"licence": licence, "groups": groups, "datasets": list(self.entries.values())}
        self.objects[CATALOGUE] = json.dumps(content).encode()

    @property
    def keys_seen(self) -> list[str]:
        """The keys that were requested, in order."""
        return [request.key for request in self.seen]

    def answer(self, request: Request) -> Response:
        """Answer a request as a store does, or as the next fault of its key."""
        key = request.path.lstrip("/")
        faults, then = self.faults[key], self.then[key]
        response = faults.popleft()(request) if faults else self._answer(key, request)
        self.seen.append(Seen(key, response.status_code, dict(request.headers)))
        if then:
            then.popleft()()
        return response

    def _answer(self, key: str, request: Request) -> Response:
        if key not in self.objects:
            return Response(status=404)
        body = self.objects[key]
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        return file_answer(key, body, etag)


def file_answer(key: str, body: bytes, etag: str = "") -> Response:
    """The answer with a file: gzip where it is text."""
    is_text = not key.endswith(".parquet")
    headers = {"ETag": etag} | ({"Content-Encoding": "gzip"} if is_text else {})
    return Response(gzip.compress(body, mtime=0) if is_text else body, headers=headers)


def served(server: HTTPServer) -> PublicBucket:
    """An empty bucket behind a server of scripted answers."""
    bucket = PublicBucket(server.url_for("").rstrip("/"))
    server.expect_request(re.compile(".*")).respond_with_handler(bucket.answer)
    return bucket


def rows_of(*blocks: int) -> list[dict[str, Any]]:
    """Rows of so many blocks each."""
    days = [f"2024-10-{day}" for day in range(28, 28 + len(blocks))]
    return [
        {"day": day, "seen_at": f"{day}T23:59:58Z", "blocks": count, "supply": "340282366920938463463"}
        for day, count in zip(days, blocks, strict=True)
    ]


def parquet(rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows of text as a Parquet file of typed columns."""
    columns = [[row[each["name"]] for row in rows] for each in FIELDS]
    texts = [pa.array([str(value).rstrip("Z") for value in column]) for column in columns]
    arrays = [
        text.cast(pa.timestamp("us")).cast(kind) if pa.types.is_timestamp(kind) else text.cast(kind)
        for text, kind in zip(texts, TYPES, strict=True)
    ]
    body = BytesIO()
    pq.write_table(pa.table(arrays, [each["name"] for each in FIELDS]), body)
    return body.getvalue()


def _file(kind: str, path: str, body: bytes, *, is_dated: bool) -> dict[str, Any]:
    media_types = {"json": "application/json", "parquet": "application/vnd.apache.parquet"}
    return {
        "role": "v1",
        "format": kind,
        "key": path.replace("{day}", "latest"),
        "media_type": media_types[kind],
        "content_encoding": "gzip" if kind == "json" else None,
        "schema": None,
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "dated": path if is_dated else None,
        **(DAYS if is_dated else dict.fromkeys(DAYS)),
    }


def _entry(name: str, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    texts = {
        "name": name,
        "title": name.capitalize(),
        "group": "network",
        "method": "Counted.",
        "warnings": [],
    }
    times = {"schedule": "daily", "freshness_hours": 36, "status": "live", "since": "1.0.0", "changes": []}
    moments = {"page": f"datasets/{name}.html", "as_of": PUBLISHED_AT, "published_at": PUBLISHED_AT}
    # The days of the rows; those of the versions are of the files.
    days = DAYS | {"first_day": "2024-10-01"}
    return texts | times | moments | days | {"fields": FIELDS, "files": list(files)}
