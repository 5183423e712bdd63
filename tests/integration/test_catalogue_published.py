"""What the catalogue says of the sample's public files is what a reader finds, to the byte."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pyarrow.parquet as pq
import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.runners import publish
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline
from tests.support.stores import copy_database

# How a CSV has the values of a schema's types.
VALUES = {"integer": int, "number": float, "string": str}


@pytest.fixture(scope="session")
def run(sample_with_market: Pipeline, postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """All days of the sample, its market and its tip, published with their catalogue. Only to look at."""
    dsn = copy_database(postgres_server, sample_with_market.warehouse_dsn, "catalogued")
    s3_server.create_bucket("catalogued")
    run = replace(sample_with_market, warehouse_dsn=dsn, public=ObjectStore(s3_server.client(), "catalogued"))
    last = sample_chain.days_in(run.stacks_dsn)[-1]
    execute(dsn, "UPDATE built_days SET revision = nextval('revisions')")
    run.publish(str(last))
    with Warehouse.open(dsn) as warehouse:
        publish.publish_latest(warehouse, run.public, catalog.objects(Schedule.MARKET), run.network)
    run.look(datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1, minutes=5))
    run.publish_catalogue()
    return run


@pytest.fixture(scope="session")
def catalogue(run: Pipeline) -> dict[str, Any]:
    """The catalogue as a reader has it."""
    return run.public.get_json("catalog.json")


def files(catalogue: dict[str, Any], *formats: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Datasets with each of their files of some formats."""
    for dataset in catalogue["datasets"]:
        yield from ((dataset, file) for file in dataset["files"] if file["format"] in formats)


def read(run: Pipeline, file: dict[str, Any], key: str = "key") -> bytes:
    body = run.public.get(file[key]) or b""
    return gzip.decompress(body) if file["content_encoding"] == "gzip" else body


def errors(run: Pipeline, key: str, value: Any) -> list[str]:
    """What of a value is not as a published schema has it."""
    validator = jsonschema_rs.Draft202012Validator(run.public.get_json(key))
    return [f"{key} {error.instance_path} {error.message[:100]}" for error in validator.iter_errors(value)]


def test_every_public_dataset_is_in_the_catalogue(catalogue: dict[str, Any]) -> None:
    assert {dataset["name"] for dataset in catalogue["datasets"]} == {
        obj.name for obj in catalog.OBJECTS if not obj.private
    }
    assert catalogue["chain"]["height"] > 0


def test_the_catalogue_is_as_its_schema_has_it(run: Pipeline, catalogue: dict[str, Any]) -> None:
    assert errors(run, "schema/catalog.json", catalogue) == []


def test_every_file_has_the_bytes_that_the_catalogue_says(run: Pipeline, catalogue: dict[str, Any]) -> None:
    for _, file in files(catalogue, "json", "csv", "parquet"):
        content = read(run, file)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), file["key"]


def test_every_json_is_as_its_schema_has_it(run: Pipeline, catalogue: dict[str, Any]) -> None:
    wrong = [
        error
        for _, file in files(catalogue, "json")
        for error in errors(run, file["schema"], json.loads(read(run, file)))
    ]
    assert wrong == []


def test_every_version_of_a_day_is_as_the_schema_has_it(run: Pipeline, catalogue: dict[str, Any]) -> None:
    dated = [file for _, file in files(catalogue, "json") if file["dated"]]
    assert len({file["first_day"] for file in dated}) == 1
    for file in dated:
        for day in sample_chain.days_in(run.stacks_dsn):
            content = read(run, file | {"key": file["dated"].format(day=day)})
            assert errors(run, file["schema"], json.loads(content)) == [], (file["key"], day)


def test_every_row_of_a_csv_is_as_its_schema_has_it(run: Pipeline, catalogue: dict[str, Any]) -> None:
    checked = 0
    for _, file in files(catalogue, "csv"):
        types = {
            name: VALUES[[field["type"]][0] if isinstance(field["type"], str) else field["type"][0]]
            for name, field in run.public.get_json(file["schema"])["properties"].items()
        }
        for row in csv.DictReader(io.StringIO(read(run, file).decode())):
            value = {name: types[name](text) if text else None for name, text in row.items()}
            assert errors(run, file["schema"], value) == []
            checked += 1
    assert checked > 100


def test_an_envelope_names_its_schema_by_its_bytes(run: Pipeline, catalogue: dict[str, Any]) -> None:
    for dataset, file in files(catalogue, "json"):
        if file["role"] == "v1":
            envelope = json.loads(read(run, file))
            schema = gzip.decompress(run.public.get(file["schema"]) or b"")
            assert envelope["schema"] == hashlib.sha256(schema).hexdigest()
            assert (envelope["dataset"], envelope["as_of"]) == (dataset["name"], dataset["as_of"])


def test_a_parquet_file_has_the_declared_fields(run: Pipeline, catalogue: dict[str, Any]) -> None:
    for dataset, file in files(catalogue, "parquet"):
        schema = pq.read_schema(io.BytesIO(read(run, file)))
        assert schema.names == [field["name"] for field in dataset["fields"]]


def test_days_are_those_of_the_rows(run: Pipeline, catalogue: dict[str, Any]) -> None:
    by_name = {dataset["name"]: dataset for dataset in catalogue["datasets"]}
    days = [str(day) for day in sample_chain.days_in(run.stacks_dsn)]
    assert (by_name["blocks"]["first_day"], by_name["blocks"]["last_day"]) == (days[0], days[-1])
    assert by_name["tokens"]["first_day"] is None


def test_what_tools_read_is_there(run: Pipeline, catalogue: dict[str, Any]) -> None:
    package = run.public.get_json("datapackage.json")
    named = {file["key"] for _, file in files(catalogue, "json", "csv", "parquet")}
    assert {resource["path"] for resource in package["resources"]} <= named
    assert run.public.get_json("openapi.json")["info"]["version"] == catalogue["version"]
    assert run.public.get_json("CHANGELOG.json")["versions"][0]["version"] == catalogue["version"]
    assert gzip.decompress(run.public.get("llms.txt") or b"").startswith(b"# ")
