"""A public bucket whose every content is on record, and a reader who polls its catalogue and files."""

import gzip
import hashlib
import json
import random
from collections import defaultdict
from typing import Any

from stacks_dataverse.files import unzip
from stacks_dataverse.stores.object_store import ObjectStore


class Killed(BaseException):
    """The process ended."""


class RecordedStore(ObjectStore):
    """Keeps the digests of what each key had, in order; ends the process at the put that `dies_at` counts down to."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__(store._client, store.bucket)
        self.contents: dict[str, list[str]] = defaultdict(list)
        self.dies_at = 0

    def put(self, key: str, body: bytes, *arguments: Any, **options: Any) -> None:
        self.dies_at -= 1
        if self.dies_at == 0:
            raise Killed
        self.contents[key].append(digest(unzip(body)))
        super().put(key, body, *arguments, **options)

    def place(self, key: str, sha256: str, *, last: bool) -> int:
        """When a key had a content, among all that it had: the first or the last time."""
        places = [place for place, content in enumerate(self.contents[key]) if content == sha256]
        return places[-1 if last else 0]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Reader:
    """Polls the catalogue, and some of the files that it names; `wrong` is what it found and should not have."""

    def __init__(self, store: RecordedStore, seed: int) -> None:
        self._store, self._random = store, random.Random(seed)
        self.reads, self.newer, self.wrong = 0, 0, list[str]()

    def poll(self) -> None:
        """Read the catalogue once, and files of ten of its datasets."""
        catalogue = json.loads(self._read("catalog.json"))
        for dataset in self._random.sample(catalogue["datasets"], min(10, len(catalogue["datasets"]))):
            for file in dataset["files"]:
                self._read_file(dataset, file)

    def _read_file(self, dataset: dict[str, Any], file: dict[str, Any]) -> None:
        content = self._read(file["key"])
        if content is None:
            self.wrong.append(f"{file['key']} is missing")
        elif digest(content) == file["sha256"]:
            self._expect(len(content) == file["bytes"], file["key"], "has other bytes")
        else:
            self.newer += 1
            named = self._store.place(file["key"], file["sha256"], last=False)
            self._expect(self._store.place(file["key"], digest(content), last=True) > named, file["key"], "is older")
        if content and (file["role"], file["format"]) == ("v1", "json"):
            self._expect(json.loads(content)["as_of"] >= dataset["as_of"], file["key"], "has older data")
        for day in {file["first_day"], file["last_day"]} - {None} if file["dated"] else ():
            self._expect(self._read(file["dated"].format(day=day)) is not None, file["key"], f"has no {day}")
        if file["schema"]:
            self._expect(self._read(file["schema"]) is not None, file["schema"], "is missing")

    def _expect(self, holds: bool, key: str, otherwise: str) -> None:
        if not holds:
            self.wrong.append(f"{key} {otherwise}")

    def _read(self, key: str) -> bytes | None:
        self.reads += 1
        body = self._store.get(key)
        return body and (unzip(body) if body.startswith(b"\x1f\x8b") else body)


def changed_files(store: ObjectStore) -> list[str]:
    """The files that are not as the catalogue has them."""
    catalogue = json.loads(gzip.decompress(store.get("catalog.json") or b""))
    files = [file for dataset in catalogue["datasets"] for file in dataset["files"]]
    return [file["key"] for file in files if digest(unzip(store.get(file["key"]) or b"")) != file["sha256"]]
