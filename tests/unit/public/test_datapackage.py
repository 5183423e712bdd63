"""`datapackage.json`, as the framework of others understands it."""

import json

from frictionless import Package

from stacks_dataverse import catalog
from stacks_dataverse.public.datapackage import datapackage
from stacks_dataverse.public_files import files_of
from tests.unit.public.declared import OBJECTS

LICENCE = {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
KEYS = {file.key() for obj in catalog.OBJECTS for file in files_of(obj)}


def test_a_data_package_is_valid() -> None:
    package = datapackage(catalog.OBJECTS, KEYS, "1.0.0", LICENCE)
    Package.from_descriptor(json.loads(json.dumps(package)))
    assert len({resource["name"] for resource in package["resources"]}) == len(package["resources"])


def test_a_licence_without_an_address_has_no_path() -> None:
    package = datapackage(OBJECTS, KEYS, "1.0.0", {"name": "ODbL-1.0", "url": ""})
    assert package["licenses"] == [{"name": "ODbL-1.0"}]
    Package.from_descriptor(package)


def test_a_data_package_has_what_is_published_alone() -> None:
    (resource,) = datapackage(OBJECTS, {"v1/supplies/latest.json.gz"}, "1.0.0", LICENCE)["resources"]
    assert resource["path"] == "v1/supplies/latest.json.gz"
    assert [field["type"] for field in resource["schema"]["fields"]] == ["date", "datetime", "string", "number"]
    assert [field["name"] for field in resource["schema"]["fields"] if "constraints" not in field] == ["seen_at"]
