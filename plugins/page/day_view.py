"""One day: its landed files, built rows, checks and reorgs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from plugins.page.calendar import DayState, reorged_at, state_of
from plugins.page.checks_view import Severity, severity_of
from stacks_dataverse.data_check import remedy_of
from stacks_dataverse.manifest import Manifest


@dataclass(frozen=True)
class File:
    """A landed table of the source; without rows there is no file."""

    table: str
    rows: int
    bytes: int
    sha256: str
    key: str
    note: str


@dataclass(frozen=True)
class CheckResult:
    """The newest result of a check, and its remedy if it failed."""

    name: str
    meaning: str
    severity: Severity
    passed: bool
    is_outdated: bool
    expected: str
    actual: str
    checked_at: datetime
    remedy: str


@dataclass(frozen=True)
class Day:
    """A day. `landed` is its manifest and `built` its row in the warehouse; None if it is not landed or not built."""

    day: date
    state: DayState
    landed: Manifest | None
    built: Mapping[str, Any] | None
    files: list[File]
    rows: dict[str, int]
    checks: list[CheckResult]
    reorged_at: list[datetime]

    @property
    def failed(self) -> list[CheckResult]:
        """The failed checks."""
        return [result for result in self.checks if not result.passed]

    @property
    def passed(self) -> list[CheckResult]:
        """The checks that passed."""
        return [result for result in self.checks if result.passed]

    @property
    def checked_at(self) -> datetime | None:
        """When its checks were last run."""
        return max((result.checked_at for result in self.checks), default=None)

    @property
    def files_with_rows(self) -> list[File]:
        """The landed files; without rows there is none."""
        return [file for file in self.files if file.rows]

    @property
    def tables_without_rows(self) -> list[File]:
        """The source tables without rows of the day."""
        return [file for file in self.files if not file.rows]

    @property
    def built_tables(self) -> dict[str, int]:
        """The tables with rows of the day, and how many."""
        return {name: count for name, count in self.rows.items() if count}

    @property
    def empty_tables(self) -> list[str]:
        """The tables without rows of the day."""
        return [name for name, count in self.rows.items() if not count]

    @property
    def orphans(self) -> int | None:
        """Landed blocks that are not canonical; None if the day is not landed."""
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
        """When it was landed: from the manifest, else from the warehouse; None if neither has it."""
        if self.landed is not None:
            return self.landed.landed_at
        return None if self.built is None else self.built["landed_at"]

    @property
    def matches_raw_files(self) -> bool:
        """Whether it was built from the raw files that are there now."""
        both = self.landed is not None and self.built is not None
        return both and self.landed.blocks_digest == self.built["blocks_digest"]


def make_day(
    day: date,
    manifest: Manifest | None,
    built: Mapping[str, Any] | None,
    rows: Mapping[str, int],
    checks: Sequence[Mapping[str, Any]],
    reorgs: Sequence[Mapping[str, Any]],
    remedies: Mapping[str, str],
    meanings: Mapping[str, str],
) -> Day:
    """Join the results of `day_reader`; results of checks from before the last build are outdated."""
    reorged = reorged_at(reorgs).get(day, [])
    state = state_of(built, reorged, is_landed=manifest is not None)
    results = [_check_result(row, built, remedies, meanings) for row in checks]
    most_rows_first = dict(sorted(rows.items(), key=lambda item: (-item[1], item[0])))
    return Day(day, state, manifest, built, _files(manifest), most_rows_first, results, reorged)


def _files(manifest: Manifest | None) -> list[File]:
    tables = manifest.tables if manifest else {}
    files = [File(name, file.rows, file.bytes, file.sha256, file.key, file.note) for name, file in tables.items()]
    return sorted(files, key=lambda file: (-file.rows, file.table))


def _check_result(
    row: Mapping[str, Any],
    built: Mapping[str, Any] | None,
    remedies: Mapping[str, str],
    meanings: Mapping[str, str],
) -> CheckResult:
    is_outdated = built is None or row["checked_at"] < built["built_at"]
    remedy = "" if row["passed"] else remedy_of(row, remedies)
    facts = (row["expected"], row["actual"], row["checked_at"])
    name = row["name"]
    severity = severity_of(name, row["kind"])
    return CheckResult(name, meanings.get(name, ""), severity, row["passed"], is_outdated, *facts, remedy)
