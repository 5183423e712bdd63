"""`openapi.json`, as a validator of others understands it."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from stacks_dataverse import catalog
from stacks_dataverse.public.openapi import openapi
from stacks_dataverse.public_files import files_of

PUBLIC = [obj for obj in catalog.OBJECTS if not obj.private]


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    return json.loads(json.dumps(openapi(catalog.OBJECTS, "1.0.0", "CC-BY-4.0")))


def test_openapi_is_valid(api: dict[str, Any]) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(api).iter_errors()] == []


def test_openapi_has_every_file(api: dict[str, Any]) -> None:
    assert api["paths"].keys() - {"/catalog.json"} == {
        f"/{file.key(version)}"
        for obj in PUBLIC
        for file in files_of(obj)
        for version in (("latest", "{day}") if file.is_dated else ("latest",))
    }


def test_the_names_of_operations_are_unique(api: dict[str, Any]) -> None:
    names = [item["get"]["operationId"] for item in api["paths"].values()]
    assert len(set(names)) == len(names)


def test_an_answer_has_the_schema_of_its_file(api: dict[str, Any]) -> None:
    def content(path: str) -> dict[str, Any]:
        return api["paths"][path]["get"]["responses"]["200"]["content"]

    assert content("/daily_txs/{day}.json.gz") == {
        "application/json": {"schema": {"$ref": "#/components/schemas/daily_txs.predecessor"}}
    }
    assert content("/v1/daily_txs/latest.parquet") == {"application/vnd.apache.parquet": {}}
    assert api["components"]["schemas"]["daily_txs"]["properties"]["dataset"] == {"const": "daily_txs"}
