"""The files of a release, and the marker that says which release they are of."""

from pathlib import Path

import pytest

from stacks_dataverse.public import release_files
from stacks_dataverse.public.changelog import Changelog
from tests.unit.public.declared import OBJECTS


def test_every_description_is_a_file() -> None:
    files = release_files.release_files(OBJECTS, Changelog.read(), "CC-BY-4.0")
    assert [file.key for file in files] == [
        *("schema/supplies.json", "schema/miners.json", "schema/miners.predecessor.json", "schema/catalog.json"),
        *("openapi.json", "llms.txt", "CHANGELOG.json"),
    ]
    assert [file.dataset for file in files[:3]] == ["supplies", "miners", "miners"]


def test_a_marker_changes_with_code_and_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_files, "PACKAGE", tmp_path)
    (tmp_path / "module.py").write_text("ONE = 1")
    first = release_files.release_marker("1.0.0", "CC-BY-4.0").sha256
    assert release_files.release_marker("1.0.0", "CC-BY-4.0").sha256 == first
    assert release_files.release_marker("1.0.0", "ODbL-1.0").sha256 != first
    (tmp_path / "module.pyc").write_text("compiled")
    assert release_files.release_marker("1.0.0", "CC-BY-4.0").sha256 == first
    (tmp_path / "module.py").write_text("ONE = 2")
    assert release_files.release_marker("1.0.0", "CC-BY-4.0").sha256 != first
