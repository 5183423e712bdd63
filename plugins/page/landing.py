"""What a day holds: the files that were landed, the rows that were built, its checks, the forks that were seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from plugins.page.days import State, changed_at, state_of
from stacks_dataverse.manifest import Manifest


@dataclass(frozen=True)
class File:
    """A table of the source as it was landed; without rows there is no file."""

    table: str
    rows: int
    bytes: int
    sha256: str
    key: str
    note: str


@dataclass(frozen=True)
class Outcome:
    """The newest outcome of a check, and what to do when it failed."""

    name: str
    kind: str
    passed: bool
    is_old: bool
    expected: str
    actual: str
    checked_at: datetime
    remedy: str


@dataclass(frozen=True)
class Day:
    """All that the page says of a day. `landed` and `built` hold its blocks, None where it is neither."""

    day: date
    state: State
    landed: Manifest | None
    built: Mapping[str, Any] | None
    files: list[File]
    rows: dict[str, int]
    outcomes: list[Outcome]
    changed: list[datetime]

    @property
    def orphans(self) -> int | None:
        """Blocks that were landed and are not canonical; None where it is not landed."""
        blocks = next((file.rows for file in self.files if file.table == "blocks"), None)
        return None if self.landed is None or blocks is None else blocks - self.landed.block_count

    @property
    def before(self) -> date | None:
        """The day before; None for the calendar's first."""
        return None if self.day == date.min else self.day - timedelta(days=1)

    @property
    def after(self) -> date | None:
        """The day after; None for the calendar's last."""
        return None if self.day == date.max else self.day + timedelta(days=1)

    @property
    def landed_at(self) -> datetime | None:
        """When it was landed, as the raw files say, else the warehouse; None where neither does."""
        if self.landed is not None:
            return self.landed.landed_at
        return None if self.built is None else self.built["landed_at"]

    @property
    def is_same(self) -> bool:
        """Whether it was built from the blocks that are landed now."""
        both = self.landed is not None and self.built is not None
        return both and self.landed.blocks_digest == self.built["blocks_digest"]


def put_together(
    day: date,
    manifest: Manifest | None,
    built: Mapping[str, Any] | None,
    rows: Mapping[str, int],
    checks: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    remedies: Mapping[str, str],
) -> Day:
    """Put a day together from what `reader` found of it; outcomes of before it was built are old."""
    changed = changed_at(changes).get(day, [])
    state = state_of(built, changed, is_landed=manifest is not None)
    outcomes = [_outcome(row, built, remedies) for row in checks]
    most_first = dict(sorted(rows.items(), key=lambda item: (-item[1], item[0])))
    return Day(day, state, manifest, built, _files(manifest), most_first, outcomes, changed)


def _files(manifest: Manifest | None) -> list[File]:
    tables = manifest.tables if manifest else {}
    files = [File(name, file.rows, file.bytes, file.sha256, file.key, file.note) for name, file in tables.items()]
    return sorted(files, key=lambda file: (-file.rows, file.table))


def _outcome(row: Mapping[str, Any], built: Mapping[str, Any] | None, remedies: Mapping[str, str]) -> Outcome:
    is_old = built is None or row["checked_at"] < built["built_at"]
    remedy = "" if row["passed"] else remedies.get(row["name"], "")
    facts = (row["expected"], row["actual"], row["checked_at"])
    return Outcome(row["name"], row["kind"], row["passed"], is_old, *facts, remedy)
