"""A warehouse and a bucket in memory, for tests of publishing."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, Self

import pyarrow as pa

from stacks_dataverse import catalog
from stacks_dataverse.errors import Retryable
from stacks_dataverse.runners import upload

SERIES = replace(next(each for each in catalog.OBJECTS if each.name == "daily_txs"), path="x/{version}.json.gz")
DAY = date(1970, 1, 2)
ANSWER = pa.table({"day": [DAY], "tx_count": [5]})


class Rows:
    """A warehouse that gives one answer, and keeps what is recorded."""

    def __init__(self, answer: pa.Table = ANSWER) -> None:
        self.changed: list[str] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.versions: list[dict[str, Any]] = []
        self.ends: dict[str, str] = {}
        self.given_up = 0
        self._answer = answer

    def read(self, sql: str, **_values: Any) -> pa.Table:
        return self._answer.slice(0, 0) if "built_tables" in sql else self._answer

    def scalar(self, _sql: str, **_values: Any) -> Any:
        return DAY

    def roll_back(self) -> None:
        self.given_up += 1

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        yield self

    @contextmanager
    def hold_lock(self, _lock: str) -> Iterator[None]:
        yield

    def execute(self, sql: str, keys: str = "[]", rows: str = "[]") -> None:
        self.changed += json.loads(keys)
        told = json.loads(rows)
        if sql == upload.FILES_SQL:
            self.files |= {row["key"]: row for row in told}
        elif sql == upload.VERSIONS_SQL:
            self.versions += told
        elif sql == upload.OBJECTS_SQL:
            self.ends |= {row["name"]: row["as_of"] for row in told}


class Shelf(dict[str, tuple[bytes, Mapping[str, str]]]):
    """A bucket in memory."""

    def put(self, key: str, body: bytes, headers: Mapping[str, str], over: Mapping[str, str]) -> None:
        held = self.look(key)
        if over != ({"IfMatch": held["ETag"]} if held else {"IfNoneMatch": "*"}):
            raise Retryable(f"{key} was replaced")
        self[key] = (body, headers)

    def look(self, key: str) -> Mapping[str, Any] | None:
        if key not in self:
            return None
        body, headers = self[key]
        return {"ETag": str(hash(body)), "Metadata": {"sha256": hashlib.sha256(body).hexdigest()}, **headers}
