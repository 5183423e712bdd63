"""What a day holds, put together from the raw files, the warehouse and the checks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plugins.page import day_view
from plugins.page.calendar import DayState
from stacks_dataverse.manifest import Manifest
from tests.support.manifests import MANIFEST

DAY = date(2024, 10, 29)
BUILT_AT = datetime(2024, 10, 30, 4, tzinfo=UTC)
BUILT = {
    "day": DAY,
    "built_at": BUILT_AT,
    "landed_at": BUILT_AT,
    "settled": True,
    "is_loaded": True,
    "is_due": False,
    "has_failed": False,
    "blocks_digest": "aa",
}
LANDED = Manifest.from_json(MANIFEST | {"landed_at": "2024-10-30T03:00:00+00:00"})


def held(manifest: Any = LANDED, built: Any = BUILT, checks: Any = (), changes: Any = ()) -> day_view.Day:
    """The day, of so much."""
    remedies = {"supply": "Look closely."}
    rows, meanings = {"a": 0, "b": 2, "c": 1}, {"supply": "Supply is as the chain has it."}
    return day_view.make_day(DAY, manifest, built, rows, checks, changes, remedies, meanings)


def check(passed: bool, at: datetime) -> dict[str, Any]:
    """An outcome of a check."""
    facts = {"name": "supply", "kind": "warning", "expected": "1", "actual": "2"}
    return facts | {"passed": passed, "checked_at": at}


def test_the_calendar_has_a_first_and_a_last_day() -> None:
    ends = [day_view.make_day(day, None, None, {}, (), (), {}, {}) for day in (date.min, DAY, date.max)]
    assert [(day.before, day.after) for day in ends] == [
        (None, date(1, 1, 2)), (date(2024, 10, 28), date(2024, 10, 30)), (date(9999, 12, 30), None),
    ]  # fmt: skip


def test_a_day_shows_its_files_its_orphans_and_its_rows_the_most_first() -> None:
    found = held()
    assert [(file.table, file.rows, file.sha256, file.note) for file in found.files] == [
        ("blocks", 12, "cc", ""),
        ("bonds", 0, "", "this source has no such table"),
        ("microblocks", 0, "", ""),
    ]
    assert (found.orphans, found.matches_raw_files, found.state) == (2, True, DayState.PUBLISHED)
    assert list(found.rows) == ["b", "c", "a"]
    assert (found.before, found.after) == (date(2024, 10, 28), date(2024, 10, 30))


def test_a_day_that_is_landed_anew_is_not_what_was_built() -> None:
    assert held(replace(LANDED, blocks_digest="bb")).matches_raw_files is False


def test_a_day_that_is_only_landed_or_only_built_says_so() -> None:
    landed, built, nothing = held(built=None), held(manifest=None), held(None, None)
    assert (landed.state, landed.matches_raw_files, landed.landed_at) == (
        DayState.LANDED,
        False,
        BUILT_AT - timedelta(hours=1),
    )
    assert (built.orphans, built.files, built.landed_at) == (None, [], BUILT_AT)
    assert (nothing.state, nothing.orphans, nothing.landed_at) == (DayState.MISSING, None, None)


def test_a_failed_check_says_what_to_do_and_an_old_one_that_it_is() -> None:
    failed, old = held(checks=[check(False, BUILT_AT), check(True, BUILT_AT - timedelta(hours=1))]).checks
    assert (failed.remedy, failed.is_outdated) == ("Look closely.", False)
    assert (old.remedy, old.is_outdated) == ("", True)
    assert (failed.meaning, failed.severity.value) == ("Supply is as the chain has it.", "warns")


def test_what_has_no_rows_is_apart_from_what_has() -> None:
    found = held(checks=[check(False, BUILT_AT), check(True, BUILT_AT)])
    assert (found.built_tables, found.empty_tables) == ({"b": 2, "c": 1}, ["a"])
    assert [file.table for file in found.files_with_rows] == ["blocks"]
    assert [file.table for file in found.tables_without_rows] == ["bonds", "microblocks"]
    assert ([result.passed for result in found.failed], len(found.passed)) == ([False], 1)
    assert found.checked_at == BUILT_AT


def test_forks_that_changed_a_day_are_told() -> None:
    at = BUILT_AT + timedelta(hours=1)
    found = held(changes=[{"actual": "2024-10-29", "checked_at": at}, {"actual": "2024-10-28", "checked_at": at}])
    assert (found.reorged_at, found.state) == ([at], DayState.REORGED)
