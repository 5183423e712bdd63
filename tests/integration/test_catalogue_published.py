"""What the catalogue says of the sample's public files is what a reader finds, to the byte."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator
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
from stacks_dataverse.dataset import Column
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.release_files import release_marker
from stacks_dataverse.public_files import files_of
from stacks_dataverse.runners import publish, publish_catalog
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.conftest import NUMBERS
from tests.integration.looks import TAKEN_AT, execute
from tests.integration.polled import RecordedStore
from tests.support.pipeline import Pipeline, now

# How a CSV has the values of a schema's types.
VALUES = {"integer": int, "number": float, "string": str}


@pytest.fixture(scope="session")
def run(sample_with_market: Pipeline, postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """All days of the sample, its market and its tip, published with their catalogue. Only to look at."""
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE catalogued TEMPLATE sample_market_warehouse OWNER sample_market_warehouse")
    s3_server.create_bucket("catalogued")
    dsn = postgres_server.dsn("catalogued", "sample_market_warehouse")
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


@pytest.fixture
def recorded(run: Pipeline, postgres_server: PostgresServer, new_bucket: Callable[[str], ObjectStore]) -> Pipeline:
    """The same files in a new bucket that remembers what was put, with the catalogue and what describes the bucket."""
    name, bucket = f"recorded_{next(NUMBERS)}", new_bucket("public")
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE catalogued OWNER sample_market_warehouse")
    of_release = run.read("SELECT key FROM published_files WHERE role = 'release'")["key"].to_pylist()
    for key in sorted({*run.public.list_keys()} - {*of_release}):
        bucket.put(key, run.public.get(key) or b"")
    dsn = postgres_server.dsn(name, "sample_market_warehouse")
    run = replace(run, warehouse_dsn=dsn, public=RecordedStore(bucket))
    run.publish_catalogue()
    return run


def puts(run: Pipeline) -> list[str]:
    """What a publish of the catalogue puts before it."""
    before = {key: len(contents) for key, contents in run.public.contents.items()}
    run.publish_catalogue()
    return [
        key
        for key, contents in run.public.contents.items()
        if len(contents) > before.get(key, 0) and key != "catalog.json"
    ]


def test_the_catalogue_is_put_last(recorded: Pipeline) -> None:
    keys = list(recorded.public.contents)
    assert keys[-1] == "catalog.json"
    assert {"schema/catalog.json", "openapi.json", "datapackage.json", "schema/spot_stats.json"} <= set(keys)


def test_files_of_the_release_are_put_once(recorded: Pipeline) -> None:
    assert puts(recorded) == []


def test_a_file_of_the_release_that_changed_is_put_again(recorded: Pipeline) -> None:
    execute(recorded.warehouse_dsn, "UPDATE published_files SET sha256 = 'before' WHERE key = 'openapi.json'")
    # One that is held by the bucket as it is needs no put; its record is mended.
    assert puts(recorded) == []
    recorded.public.delete("openapi.json")
    execute(recorded.warehouse_dsn, "UPDATE published_files SET sha256 = 'before' WHERE key = 'openapi.json'")
    assert puts(recorded) == ["openapi.json"]


def is_published(run: Pipeline) -> bool:
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        return publish_catalog.is_published(warehouse, run.public, release_marker(Changelog.read().version))


def fields_of_blocks(run: Pipeline) -> list[str]:
    datasets = run.public.get_json("catalog.json")["datasets"]
    return [field["name"] for dataset in datasets if dataset["name"] == "blocks" for field in dataset["fields"]]


def test_the_schema_of_a_dataset_changes_with_its_files(recorded: Pipeline) -> None:
    """A release has another schema; until it publishes the dataset, readers have the one that its files are of."""
    more = Column("news", "bigint", "what is new")
    release = [
        replace(obj, title="Blocks of another release", columns=(*obj.columns, more)) if obj.name == "blocks" else obj
        for obj in catalog.OBJECTS
    ]
    execute(recorded.warehouse_dsn, "UPDATE published_files SET sha256 = 'before' WHERE key = 'release.json'")
    first = recorded.publish_catalogue(release, since=now())
    assert not {"schema/blocks.json", "release.json"} & set(first)
    assert not is_published(recorded)
    assert "news" not in fields_of_blocks(recorded)
    assert "schema/blocks.json" in recorded.publish_catalogue(release)
    assert is_published(recorded)
    assert recorded.public.get_json("schema/blocks.json")["title"] == "Blocks of another release"
    assert fields_of_blocks(recorded)[-1] == "news"


def named(run: Pipeline) -> list[str]:
    """The keys that the catalogue names."""
    return [file["key"] for _, file in files(run.public.get_json("catalog.json"), "json", "csv", "parquet")]


def test_a_bucket_that_was_emptied_gets_all_of_them_and_a_catalogue_of_what_is_there(recorded: Pipeline) -> None:
    for key in recorded.public.list_keys():
        recorded.public.delete(key)
    recorded.public.contents.clear()
    assert len(puts(recorded)) > 100
    assert named(recorded) == []
    recorded.look(TAKEN_AT + timedelta(hours=1))
    recorded.publish_catalogue()
    assert set(named(recorded)) == {
        file.key() for obj in catalog.objects(Schedule.HALF_HOURLY) for file in files_of(obj)
    }


def test_a_catalogue_of_another_bucket_names_what_is_there(
    recorded: Pipeline, new_bucket: Callable[[str], ObjectStore]
) -> None:
    """It has a catalogue of another time, and of the files one that is the same and one that differs."""
    assert {"v1/blocks.parquet", "v1/mining.parquet"} <= {*named(recorded)}
    other = replace(recorded, public=RecordedStore(new_bucket("public")))
    for key in ("v1/blocks.parquet", "v1/mining.parquet"):
        other.public.put(key, recorded.public.get("v1/blocks.parquet") or b"")
    other.public.put("catalog.json", gzip.compress(b"{}"))
    assert not is_published(other)
    assert "schema/blocks.json" in other.publish_catalogue()
    assert named(other) == ["v1/blocks.parquet"]
    assert other.read("SELECT * FROM published_versions").num_rows == 0
    assert is_published(other)


def fault(run: Pipeline) -> str:
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        return publish_catalog.describe_fault(warehouse, run.public)


def test_a_catalogue_that_is_missing_or_behind_is_a_fault(recorded: Pipeline) -> None:
    assert fault(recorded) == ""
    execute(
        recorded.warehouse_dsn,
        "UPDATE published_files SET published_at = published_at - interval '3 days' WHERE key = 'catalog.json'",
    )
    assert "catalog.json is 2 days, " in fault(recorded)
    recorded.public.delete("catalog.json")
    assert "catalog.json is missing" in fault(recorded)
    recorded.publish_catalogue()
    assert fault(recorded) == ""


def test_nothing_published_needs_no_catalogue(new_pipeline: Callable[[str], Pipeline]) -> None:
    assert fault(new_pipeline("no chain")) == ""
