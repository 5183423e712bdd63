"""The changes of the public files, version by version: `CHANGELOG.json`, and what it says of a dataset.

A version is MAJOR.MINOR.PATCH. Within a major version datasets and fields are only added.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

KEY = "CHANGELOG.json"
FILE = Path(__file__).parent / "changelog.json"

# Kinds of change: of datasets that are new, of those that have more or other contents, and of what is gone.
ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass(frozen=True)
class Changelog:
    """Versions, newest first: `{"version", "date", "changes": [{"kind", "datasets", "text"}]}`."""

    versions: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls) -> Self:
        """The changelog of this release."""
        return cls(json.loads(FILE.read_text())["versions"])

    @property
    def version(self) -> str:
        """The version of the public files of this release."""
        return self.versions[0]["version"]

    def since(self, name: str) -> str:
        """The first version that has a dataset."""
        added = [entry["version"] for entry, change in self._of(name) if change["kind"] == ADDED]
        return added[-1] if added else self.version

    def changes(self, name: str) -> list[dict[str, str]]:
        """What changed of a dataset after it was added, newest first."""
        since = self.since(name)
        return [
            {"version": entry["version"], "date": entry["date"], "text": change["text"]}
            for entry, change in self._of(name)
            if entry["version"] != since
        ]

    def _of(self, name: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        return [(entry, change) for entry in self.versions for change in entry["changes"] if name in change["datasets"]]
