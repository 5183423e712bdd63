"""What tools read of the bucket: OpenAPI, a data package, a text; as validators of others understand them."""

import json
from typing import Any

import pytest
from frictionless import Package
from openapi_spec_validator import OpenAPIV31SpecValidator

from stacks_dataverse import catalog
from stacks_dataverse.public.datapackage import datapackage
from stacks_dataverse.public.llms import llms
from stacks_dataverse.public.openapi import openapi
from stacks_dataverse.public_files import files_of
from tests.unit.public.declared import OBJECTS, SUPPLIES

LICENCE = {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
PUBLIC = [obj for obj in catalog.OBJECTS if not obj.private]
KEYS = {file.key() for obj in PUBLIC for file in files_of(obj)}


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


def test_a_data_package_is_valid() -> None:
    package = datapackage(catalog.OBJECTS, KEYS, "1.0.0", LICENCE)
    Package.from_descriptor(json.loads(json.dumps(package)))
    assert len({resource["name"] for resource in package["resources"]}) == len(package["resources"])


def test_a_data_package_has_what_is_published_alone() -> None:
    (resource,) = datapackage(OBJECTS, {"v1/supplies/latest.json.gz"}, "1.0.0", LICENCE)["resources"]
    assert resource["path"] == "v1/supplies/latest.json.gz"
    assert [field["type"] for field in resource["schema"]["fields"]] == ["date", "datetime", "string", "number"]
    assert [field["name"] for field in resource["schema"]["fields"] if "constraints" not in field] == ["seen_at"]


def test_the_text_names_every_dataset_once() -> None:
    text = llms(catalog.OBJECTS)
    assert text.startswith("# Stacks Dataverse\n\n> ")
    assert [obj.name for obj in PUBLIC if text.count(f"]({files_of(obj)[0].key()})") != 1] == []
    assert "sanity_check" not in text
    assert f"- [{SUPPLIES.title}](v1/supplies/latest.json.gz): Supplies." in llms(OBJECTS)
