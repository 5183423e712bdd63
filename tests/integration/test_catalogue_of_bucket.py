"""The catalogue of a bucket that has one, of one that was emptied, and of another one; and the files of a release."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.dataset import Column
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.release_files import release_marker
from stacks_dataverse.public_files import files_of
from stacks_dataverse.runners import publish_catalog
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.looks import TAKEN_AT, execute
from tests.integration.polled import RecordedStore
from tests.support.pipeline import Pipeline, now
from tests.support.stores import copy_database, copy_objects, new_stores


@pytest.fixture(scope="module")
def catalogued(sample_with_look: Pipeline, postgres_server: PostgresServer, s3_server: S3Server) -> Pipeline:
    """All days and a tip, in a bucket that remembers what was put, with the catalogue and what describes the bucket.

    Only to look at.
    """
    stores = new_stores(postgres_server, s3_server, "catalogued", sample_with_look.stacks_dsn, sample_with_look.network)
    run = replace(
        stores,
        warehouse_dsn=copy_database(postgres_server, sample_with_look.warehouse_dsn, "looked_and_catalogued"),
        public=RecordedStore(copy_objects(sample_with_look.public, stores.public)),
    )
    run.publish_catalogue()
    return run


@pytest.fixture
def recorded(catalogued: Pipeline, copy_of: Callable[[Pipeline], Pipeline]) -> Pipeline:
    """The same once more, to be changed; what was put before is forgotten."""
    run = copy_of(catalogued)
    return replace(run, public=RecordedStore(run.public))


def puts(run: Pipeline) -> list[str]:
    """What a publish of the catalogue puts before it."""
    before = {key: len(contents) for key, contents in run.public.contents.items()}
    run.publish_catalogue()
    return [
        key
        for key, contents in run.public.contents.items()
        if len(contents) > before.get(key, 0) and key != "catalog.json"
    ]


def test_the_catalogue_is_put_last(catalogued: Pipeline) -> None:
    keys = list(catalogued.public.contents)
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
    datasets = run.public.get_json("catalog.json")["datasets"]
    return [file["key"] for dataset in datasets for file in dataset["files"]]


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
