"""Files on disk with the ETag that the server gave them; any number of processes may share a folder."""

import contextlib
import hashlib
import json
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """The bytes of a file after Content-Encoding is undone, and its ETag, if it has one."""

    body: bytes
    etag: str | None

    @property
    def sha256(self) -> str:
        """Of the bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()


class Cache:
    """A folder of entries by URL; without a folder, nothing is kept.

    Body and ETag are one file, put in place whole: a reader sees an old or a new entry, and never half of one.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, url: str) -> Entry | None:
        """The entry of a URL; None when there is none, or the disk has damaged it."""
        if self._folder is None:
            return None
        try:
            head, _, body = self._path(self._folder, url).read_bytes().partition(b"\n")
            kept = json.loads(head)
            entry = Entry(body, kept["etag"])
            return entry if entry.sha256 == kept["sha256"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, url: str, entry: Entry) -> None:
        """Keep an entry in the place of an older one; a folder that cannot be written to is only logged."""
        if self._folder is None:
            return
        head = json.dumps({"url": url, "etag": entry.etag, "sha256": entry.sha256})
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _replace(self._path(self._folder, url), head.encode() + b"\n" + entry.body)
        except OSError as error:
            log.warning("The cache in %s cannot be written to: %s", self._folder, error)

    @staticmethod
    def _path(folder: Path, url: str) -> Path:
        return folder / hashlib.sha256(url.encode()).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
