"""The schemas of the files of a dataset: what they allow, and what they refuse."""

import copy
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import PublicObject, Schedule
from stacks_dataverse.public import catalogue_schema
from stacks_dataverse.public.json_schema import Schema
from stacks_dataverse.public.schemas import schema_key, schemas_of
from stacks_dataverse.public_files import Role
from tests.unit.public.declared import MINERS, SUPPLIES

ENVELOPE = {
    "dataset": "supplies",
    "as_of": "2026-11-28T00:00:00Z",
    "schema": "0" * 64,
    "method": "Supplies.",
    "method_url": "datasets/supplies.html",
    "warnings": ["Up to the tip."],
    "units": {"supply_units": "base units", "top_share": "shares, 0 to 1"},
    "data": [
        {"day": "2026-11-27", "seen_at": "2026-11-27T23:59:01Z", "supply_units": "12", "top_share": 0.25},
        {"day": "2026-11-27", "seen_at": None, "supply_units": "0", "top_share": 1},
    ],
}
SHAPE = {
    "winners": {"900001": "SP1", "900002": None},
    "rewards": {"SP1": 500.5},
    "heights": [900001, 900002],
    "miner_address": "SP1",
}


def allows(schema: Schema, value: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(schema).is_valid(value)


def changed(value: Any, *path: Any, to: Any) -> Any:
    """A copy with another value at a path; without it where that is `...`."""
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    if to is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return value


@pytest.mark.parametrize(
    "schema",
    [
        *(schema for obj in catalog.OBJECTS if not obj.private for schema in schemas_of(obj).values()),
        catalogue_schema.SCHEMA,
    ],
    ids=lambda schema: schema["title"],
)
def test_every_schema_is_one(schema: Schema) -> None:
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_an_envelope_as_declared_is_allowed() -> None:
    schema = schemas_of(SUPPLIES)[Role.V1]
    assert allows(schema, ENVELOPE)
    assert allows(schema, changed(ENVELOPE, "data", to=None))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param(("data", 0, "day"), 1_700_000_000, id="unix seconds for a date"),
        pytest.param(("data", 0, "day"), None, id="null that is not declared"),
        pytest.param(("data", 0, "day"), ..., id="a field that is missing"),
        pytest.param(("data", 0, "more"), 1, id="a field that is not declared"),
        pytest.param(("data", 1, "seen_at"), "2026-11-27", id="a date for a moment"),
        pytest.param(("data", 0, "supply_units"), 12, id="a number for a decimal"),
        pytest.param(("data", 0, "top_share"), "0.25", id="text for a number"),
        pytest.param(("dataset",), "others", id="another dataset"),
        pytest.param(("as_of",), None, id="no age"),
        pytest.param(("method",), 7, id="a number for how the data are made"),
        pytest.param(("warnings",), "Up to the tip.", id="one warning in no list"),
        pytest.param(("warnings", 0), 7, id="a number for a warning"),
        pytest.param(("units", "day"), "days", id="a unit of a column without one"),
        pytest.param(("units", "top_share"), 7, id="a number for a unit"),
        pytest.param(("data",), {}, id="no rows"),
    ],
)
def test_an_envelope_of_another_form_is_refused(path: tuple[Any, ...], value: Any) -> None:
    assert not allows(schemas_of(SUPPLIES)[Role.V1], changed(ENVELOPE, *path, to=value))


@pytest.mark.parametrize(
    ("declared", "may_lack_an_end"),
    [
        pytest.param(replace(SUPPLIES, as_of="SELECT now()"), True, id="dated by a query"),
        pytest.param(replace(SUPPLIES, schedule=Schedule.MARKET), True, id="up to the newest loaded day, if any"),
        pytest.param(SUPPLIES, False, id="of a loaded day"),
        pytest.param(replace(SUPPLIES, schedule=Schedule.HALF_HOURLY), False, id="up to the tip"),
    ],
)
def test_data_may_have_no_end_where_nothing_may_be_known(declared: PublicObject, may_lack_an_end: bool) -> None:
    schema = schemas_of(declared)[Role.V1]
    assert allows(schema, ENVELOPE)
    assert allows(schema, changed(ENVELOPE, "as_of", to=None)) == may_lack_an_end


def test_rows_that_are_always_known_are_never_null() -> None:
    schema = schemas_of(replace(SUPPLIES, known=""))[Role.V1]
    assert allows(schema, ENVELOPE)
    assert not allows(schema, changed(ENVELOPE, "data", to=None))


def test_a_schema_says_what_the_fields_of_an_envelope_mean() -> None:
    schema = schemas_of(SUPPLIES)[Role.V1]
    assert (schema["title"], schema["description"]) == ("Supplies of a test", "Supplies.")
    assert schema["properties"]["method"]["description"] == "how the data are made"


def test_a_shape_as_declared_is_allowed() -> None:
    assert allows(schemas_of(MINERS)[Role.PREDECESSOR], SHAPE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param(("winners", "900001"), 1, id="a number for text"),
        pytest.param(("winners", "SP1"), "SP1", id="a name for a height"),
        pytest.param(("rewards", "SP1"), None, id="null that is not declared"),
        pytest.param(("heights",), {}, id="no list"),
        pytest.param(("heights", 0), 1.5, id="a fraction of a height"),
        pytest.param(("miner_address",), 7, id="a number for a column of text"),
        pytest.param(("more",), 1, id="a key that is not declared"),
        pytest.param(("heights",), ..., id="a key that is missing"),
    ],
)
def test_a_shape_of_another_form_is_refused(path: tuple[Any, ...], value: Any) -> None:
    assert not allows(schemas_of(MINERS)[Role.PREDECESSOR], changed(SHAPE, *path, to=value))


def test_a_csv_has_the_schema_of_its_rows() -> None:
    whales = next(obj for obj in catalog.OBJECTS if obj.name == "whale_movements")
    schema = schemas_of(whales)[Role.PREDECESSOR]
    assert list(schema["properties"]) == list(whales.fields)
    assert schema["properties"]["block_height"]["type"] == "integer"


def test_a_schema_has_the_key_of_its_role() -> None:
    assert schema_key("blocks", Role.V1) == "schema/blocks.json"
    assert schema_key("daily_txs", Role.PREDECESSOR) == "schema/daily_txs.predecessor.json"


def test_a_cycle_of_a_test_network_may_be_before_its_first_one() -> None:
    obj = next(obj for obj in catalog.OBJECTS if obj.name == "stacking_riskreward")
    figures = {"locked_usd": 1.5, "rewarded_usd": 0.5}
    assert allows(schemas_of(obj)[Role.PREDECESSOR], {"-41": figures, "7": figures})
    assert not allows(schemas_of(obj)[Role.PREDECESSOR], {"first": figures})
