"""The contract with readers: within a major version, paths are only added, and keep their types."""

from dataclasses import replace

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.public import contract
from tests.unit.public.declared import OBJECTS, SUPPLIES

RUN = "run `python -m scripts.docs.release_schemas` and commit what it writes"


def test_nothing_that_readers_rely_on_is_removed_or_retyped() -> None:
    broken = contract.breaches(contract.released(), contract.contract(catalog.OBJECTS))
    assert broken == [], f"Readers rely on these: keep them, or {RUN}, with --major"


def test_what_is_new_is_released() -> None:
    new = contract.additions(contract.released(), contract.contract(catalog.OBJECTS))
    assert new == {}, f"Not in the changelog: {RUN}"


def test_a_contract_has_every_path_with_its_types() -> None:
    found = contract.contract(OBJECTS)
    assert list(found) == [
        "schema/catalog.json",
        "schema/miners.json",
        "schema/miners.predecessor.json",
        "schema/supplies.json",
    ]
    assert found["schema/miners.predecessor.json"] == {
        ".": "object",
        "winners": "object",
        "winners{}": "string|null",
        "rewards": "object",
        "rewards{}": "number",
        "heights": "array",
        "heights[]": "integer",
        "miner_address": "string",
        "key miners/latest.json.gz": "json",
    }
    assert found["schema/supplies.json"]["data"] == "array|null"
    assert found["schema/supplies.json"]["data[].seen_at"] == "date-time|null"
    assert found["schema/supplies.json"]["data[].supply_units"] == "decimal"
    assert found["schema/supplies.json"]["schema"] == "string"


def test_a_key_that_changes_breaks_readers() -> None:
    moved = replace(SUPPLIES, path=SUPPLIES.path.replace("/{version}", ""))
    assert contract.breaches(contract.contract([SUPPLIES]), contract.contract([moved])) == [
        "schema/supplies.json: key v1/supplies/{version}.json.gz is removed",
        "schema/supplies.json: key v1/supplies/{version}.parquet is removed",
    ]


BEFORE = {"a": {"x": "integer|null", "y": "date"}}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param({"a": {"x": "integer|null", "y": "date", "z": "number"}, "b": {}}, [], id="additions"),
        pytest.param({"a": {"x": "integer", "y": "date"}}, [], id="never null any more"),
        pytest.param({"a": {"x": "integer|null"}}, ["a: y is removed"], id="a field removed"),
        pytest.param(
            {"a": {"x": "number|null", "y": "date"}}, ["a: x is number|null, and was integer|null"], id="retyped"
        ),
        pytest.param({"a": {"x": "integer|null", "y": "date|null"}}, ["a: y is date|null, and was date"], id="null"),
        pytest.param({}, ["a is removed"], id="a dataset removed"),
    ],
)
def test_what_breaks_readers_is_named(now: contract.Contract, expected: list[str]) -> None:
    assert contract.breaches(BEFORE, now) == expected


def test_what_is_added_is_named() -> None:
    assert contract.additions(BEFORE, {"a": {"x": "integer", "z": "date"}, "b": {".": "object"}}) == {
        "a": ["z"],
        "b": ["."],
    }
