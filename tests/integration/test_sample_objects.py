"""What is made of the sample chain, byte for byte as it was made before: a change of code that means no change."""

import hashlib
import json
from pathlib import Path

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.files import unzip
from tests.support.pipeline import Pipeline

EXPECTED = Path(__file__).parent / "sample_digests"
RUNS = ["sample_with_market", "sample_with_look"]


@pytest.mark.parametrize("name", RUNS)
def test_public_objects_have_the_bytes_of_before(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    run: Pipeline = request.getfixturevalue(name)
    found = {key: _sha256(unzip(run.public.get(key) or b"")) for key in sorted(run.public.list_keys())}
    assert_as_before(found, f"{name}_objects.json", tmp_path)


@pytest.mark.parametrize("name", RUNS)
def test_tables_have_the_rows_of_before(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    run: Pipeline = request.getfixturevalue(name)
    contents = run.content()
    tables = sorted(table.name for table in catalog.TABLES if table.kind is not Kind.LOADING)
    found = {table: [len(contents[table]), _sha256(repr(contents[table]).encode())] for table in tables}
    assert_as_before(found, f"{name}_tables.json", tmp_path)


def assert_as_before(found: dict[str, object], file: str, tmp_path: Path) -> None:
    """Hold digests against those in the file of the project, to which a change that is meant is copied.

    What is new was not there before.
    """
    new = tmp_path / file
    new.write_text(json.dumps(found, indent=1) + "\n")
    expected = json.loads((EXPECTED / file).read_text())
    changed = sorted(key for key, digest in expected.items() if found.get(key) != digest)
    assert not changed, f"{changed} are not as before. If that is meant: cp {new} {EXPECTED}/"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
