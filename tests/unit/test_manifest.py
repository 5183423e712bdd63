"""What was landed is read as records: of every release, and written to the byte as it stands in the archive."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from stacks_dataverse.manifest import BlocksPart, EmptyTable, Manifest, Record, StoredFile, TablesPart, stored_files
from stacks_dataverse.tip_snapshot import TipSnapshot
from tests.support.manifests import BLOCKS, BLOCKS_PART, FIRST_RELEASE, LATER_KEYS, MANIFEST, TABLES_PART, tip_snapshot

TAKEN_AT = datetime(2024, 10, 31, 0, 5, tzinfo=UTC)
FILE = StoredFile(**BLOCKS)
# What each key that came later means where it is missing.
DEFAULTS = {
    "microblocks_digest": None,
    "tip": {},
    "chain_first_day": None,
    "unreadable_columns": {},
    "missing_columns": {},
}


def text(content: Any) -> str:
    """JSON as the archive holds it."""
    return json.dumps(content, indent=1)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param(BlocksPart, BLOCKS_PART, id="blocks"),
        pytest.param(BlocksPart, BLOCKS_PART | {"chain_first_day": None, "tip": {}}, id="blocks of no chain"),
        pytest.param(TablesPart, TABLES_PART, id="tables"),
        pytest.param(TablesPart, TABLES_PART | {"pinned_to": {"rows": 0}}, id="tables of a day without blocks"),
        pytest.param(Manifest, MANIFEST, id="a day"),
        pytest.param(TipSnapshot, tip_snapshot(148, TAKEN_AT), id="the tip"),
        pytest.param(TipSnapshot, tip_snapshot(148, TAKEN_AT, last_day=None), id="the tip, no day is loaded"),
    ],
)
def test_a_record_is_written_to_the_byte_as_it_was_read(kind: type[Record], content: dict[str, Any]) -> None:
    record = kind.from_json(json.loads(text(content)))
    assert record.to_json() == content
    assert text(record.to_json()) == text(content)
    assert kind.from_json(json.loads(text(record.to_json()))) == record


def test_a_manifest_has_types() -> None:
    manifest = Manifest.from_json(MANIFEST)
    assert (manifest.day, manifest.chain_first_day) == (date(2024, 10, 29), date(2024, 10, 28))
    assert manifest.landed_at == datetime(2024, 10, 30, 3, 0, 0, 678, tzinfo=UTC)
    assert manifest.burn_ranges == [(867893, 867894), (867895, 868037)]
    assert manifest.tables == {
        "blocks": FILE, "bonds": EmptyTable("this source has no such table"), "microblocks": EmptyTable()
    }  # fmt: skip


def test_the_manifest_of_the_first_release_is_read() -> None:
    manifest = Manifest.from_json(FIRST_RELEASE)
    assert {name: getattr(manifest, name) for name in LATER_KEYS} == DEFAULTS
    assert (manifest.source_version, manifest.last_block_height, manifest.tables["blocks"]) == (None, 148, FILE)


@pytest.mark.parametrize("missing", LATER_KEYS)
def test_a_key_that_came_later_may_be_missing(missing: str) -> None:
    content = {name: value for name, value in MANIFEST.items() if name != missing}
    assert Manifest.from_json(content) == Manifest.from_json(MANIFEST | {missing: DEFAULTS[missing]})


def test_a_key_of_a_later_release_is_passed_over() -> None:
    later = MANIFEST | {"unheard_of": 1, "tables": MANIFEST["tables"] | {"blocks": BLOCKS | {"codec": "zstd"}}}
    assert Manifest.from_json(later) == Manifest.from_json(MANIFEST)


def test_a_key_that_every_release_wrote_may_not_be_missing() -> None:
    with pytest.raises(TypeError, match="blocks_digest"):
        Manifest.from_json({name: value for name, value in MANIFEST.items() if name != "blocks_digest"})


def test_only_tables_with_rows_have_a_file() -> None:
    tables = Manifest.from_json(MANIFEST).tables
    assert stored_files(tables, ["blocks", "bonds", "microblocks", "txs"]) == {"blocks": FILE}
