"""The next version of the public files, from what changed of their schemas."""

import json
from pathlib import Path

import pytest

from scripts.docs import release_schemas
from stacks_dataverse.public import changelog, contract

DAY = "2026-12-05"
NOW = {"schema/blocks.json": {".": "object", "day": "date"}}


@pytest.mark.parametrize(
    ("is_breaking", "is_addition", "expected"),
    [(True, True, "2.0.0"), (False, True, "1.3.0"), (False, False, "1.2.6")],
)
def test_a_version_says_whether_it_breaks_readers(is_breaking: bool, is_addition: bool, expected: str) -> None:
    assert release_schemas.next_version("1.2.5", is_breaking=is_breaking, is_addition=is_addition) == expected


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A first release of blocks, that the code is as."""
    monkeypatch.setattr(changelog, "FILE", tmp_path / "changelog.json")
    monkeypatch.setattr(contract, "RELEASED", tmp_path / "released.json")
    monkeypatch.setattr(contract, "contract", lambda _: NOW)
    first = {"version": "1.0.0", "date": "2026-11-28", "changes": []}
    changelog.FILE.write_text(json.dumps({"versions": [first]}))
    contract.RELEASED.write_text(contract.encode(NOW))
    return tmp_path


def newest() -> dict[str, object]:
    return changelog.Changelog.read().versions[0]


def test_a_new_field_is_a_minor_version(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        contract, "contract", lambda _: {"schema/blocks.json": NOW["schema/blocks.json"] | {"n": "integer"}}
    )
    assert release_schemas.release(major=False, note="", day=DAY) == "1.1.0"
    assert newest() == {
        "version": "1.1.0",
        "date": DAY,
        "changes": [{"kind": "changed", "datasets": ["blocks"], "text": "schema/blocks.json has new: n."}],
    }
    assert contract.released() == contract.contract(())


def test_a_new_dataset_is_told_once(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = {"schema/bonds.json": {".": "object"}, "schema/bonds.predecessor.json": {".": "object"}}
    monkeypatch.setattr(contract, "contract", lambda _: NOW | new)
    release_schemas.release(major=False, note="", day=DAY)
    assert newest()["changes"] == [{"kind": "added", "datasets": ["bonds"], "text": "New dataset."}]


def test_what_breaks_readers_is_refused_unless_it_is_meant(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "contract", lambda _: {"schema/blocks.json": {".": "object"}})
    with pytest.raises(SystemExit, match=r"day is removed(.|\n)*--major"):
        release_schemas.release(major=False, note="", day=DAY)
    assert newest()["version"] == "1.0.0"
    assert release_schemas.release(major=True, note="", day=DAY) == "2.0.0"
    (change,) = newest()["changes"]
    assert change == {"kind": "removed", "datasets": ["blocks"], "text": "schema/blocks.json: day is removed."}


def test_a_note_alone_is_a_patch(released: Path) -> None:
    with pytest.raises(SystemExit, match="Nothing changed"):
        release_schemas.release(major=False, note="", day=DAY)
    assert release_schemas.release(major=False, note="The method of blocks is mended.", day=DAY) == "1.0.1"
