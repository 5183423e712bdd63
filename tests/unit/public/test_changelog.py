"""What the changelog says of a dataset."""

import re

from stacks_dataverse import catalog
from stacks_dataverse.public.changelog import ADDED, CHANGED, REMOVED, Changelog

FIRST = {"version": "1.0.0", "date": "2026-11-28", "changes": [{"kind": ADDED, "datasets": ["blocks"], "text": "New."}]}
SECOND = {
    "version": "1.1.0",
    "date": "2026-12-05",
    "changes": [
        {"kind": ADDED, "datasets": ["bonds"], "text": "New."},
        {"kind": CHANGED, "datasets": ["blocks"], "text": "More."},
    ],
}
LOG = Changelog([SECOND, FIRST])


def test_a_dataset_is_there_since_it_was_added() -> None:
    assert LOG.version == "1.1.0"
    assert (LOG.since("blocks"), LOG.since("bonds")) == ("1.0.0", "1.1.0")


def test_what_changed_later_is_told_with_version_and_date() -> None:
    assert LOG.changes("blocks") == [{"version": "1.1.0", "date": "2026-12-05", "text": "More."}]
    assert LOG.changes("bonds") == []


def test_the_changelog_goes_down_to_the_first_version() -> None:
    versions = [tuple(map(int, entry["version"].split("."))) for entry in Changelog.read().versions]
    assert versions == sorted(versions, reverse=True)
    assert versions[-1] == (1, 0, 0)


def test_the_changelog_is_whole() -> None:
    names = {obj.name for obj in catalog.OBJECTS if not obj.private} | {"catalog"}
    for entry in Changelog.read().versions:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["date"])
        for change in entry["changes"]:
            assert change["kind"] in (ADDED, CHANGED, REMOVED)
            assert change["text"].endswith(".")
            assert change["kind"] == REMOVED or set(change["datasets"]) <= names


def test_what_breaks_readers_is_in_a_major_version_only() -> None:
    breaking = [
        entry["version"]
        for entry in Changelog.read().versions
        if any(change["kind"] == REMOVED for change in entry["changes"])
    ]
    assert [version for version in breaking if not version.endswith(".0.0")] == []
