"""What `catalog.json` says, of declarations and the record of what is published."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from stacks_dataverse.public import catalogue, catalogue_schema, changelog, validation
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import ADDED, CHANGED, Changelog
from tests.unit.public.declared import MINERS, OBJECTS, SUPPLIES

LOG = Changelog(
    [
        {
            "version": "1.1.0",
            "date": "2026-12-05",
            "changes": [{"kind": CHANGED, "datasets": ["supplies"], "text": "More."}],
        },
        {
            "version": "1.0.0",
            "date": "2026-11-28",
            "changes": [{"kind": ADDED, "datasets": ["supplies", "miners"], "text": "New."}],
        },
    ]
)
ISSUE = Issue(datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC), "mainnet", "CC-BY-4.0", "https://data.example")
TIP = {"height": 5_000_000, "at": datetime(2026, 11, 28, 1, 0, tzinfo=UTC)}


def record(key: str, name: str, as_of: datetime = datetime(2026, 11, 28, tzinfo=UTC), **more: Any) -> dict[str, Any]:
    published = datetime(2026, 11, 28, 1, 2, tzinfo=UTC)
    days = {"first_version": date(2026, 11, 1), "last_version": date(2026, 11, 27)}
    return {"key": key, "name": name, "bytes": 10, "sha256": "0" * 64, "as_of": as_of, "published_at": published} | (
        days | more
    )


PUBLISHED = {
    row["key"]: row
    for row in (
        record("v1/supplies/latest.json.gz", "supplies"),
        record("v1/supplies/latest.parquet", "supplies"),
        record("miners/latest.json.gz", "miners"),
    )
}


@pytest.fixture
def value() -> dict[str, Any]:
    return catalogue.catalogue(OBJECTS, PUBLISHED, LOG, ISSUE, TIP)


def dataset(value: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in value["datasets"] if each["name"] == name)


def test_it_is_as_its_schema_has_it(value: dict[str, Any]) -> None:
    validation.validate(value, catalogue_schema.SCHEMA, catalogue_schema.KEY)
    validation.validate(catalogue.catalogue(OBJECTS, {}, LOG, ISSUE, None), catalogue_schema.SCHEMA, "")


def test_it_says_of_what_it_is(value: dict[str, Any]) -> None:
    assert value | {"groups": [], "datasets": []} == {
        "version": "1.1.0",
        "generated_at": "2026-11-28T01:02:03Z",
        "network": "mainnet",
        "chain": {"height": 5_000_000, "at": "2026-11-28T01:00:00Z"},
        "licence": {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        "url": "https://data.example",
        "groups": [],
        "datasets": [],
    }
    assert {each["group"] for each in value["datasets"]} <= {group["name"] for group in value["groups"]}


def test_files_of_a_release_before_have_the_fields_of_that() -> None:
    fields = {"miners": [{"name": "former", "type": "integer", "unit": "", "meaning": "what was counted", "null": ""}]}
    value = catalogue.catalogue(OBJECTS, PUBLISHED, LOG, ISSUE, TIP, fields)
    assert dataset(value, "miners")["fields"] == fields["miners"]
    assert dataset(value, "supplies")["fields"][0]["name"] == "day"


def test_a_file_that_is_not_published_is_not_named(value: dict[str, Any]) -> None:
    assert [file["key"] for file in dataset(value, "miners")["files"]] == ["miners/latest.json.gz"]
    assert catalogue.catalogue(OBJECTS, {}, LOG, ISSUE, TIP)["datasets"] == []


def test_a_dated_file_has_the_key_of_its_days(value: dict[str, Any]) -> None:
    parquet = dataset(value, "supplies")["files"][1]
    assert parquet == {
        "role": "v1",
        "format": "parquet",
        "key": "v1/supplies/latest.parquet",
        "media_type": "application/vnd.apache.parquet",
        "content_encoding": None,
        "schema": None,
        "bytes": 10,
        "sha256": "0" * 64,
        "dated": "v1/supplies/{day}.parquet",
        "first_day": "2026-11-01",
        "last_day": "2026-11-27",
    }
    assert {dataset(value, "miners")["files"][0][name] for name in ("dated", "first_day", "last_day")} == {None}


def test_a_file_names_the_schema_of_its_role(value: dict[str, Any]) -> None:
    assert dataset(value, "supplies")["files"][0]["schema"] == "schema/supplies.json"
    assert dataset(value, "miners")["files"][0]["schema"] == "schema/miners.predecessor.json"


def test_a_field_has_type_unit_meaning_and_null_rule(value: dict[str, Any]) -> None:
    assert dataset(value, "supplies")["fields"] == [
        {"name": "day", "type": "date", "unit": "", "meaning": "UTC day", "null": ""},
        {"name": "seen_at", "type": "datetime", "unit": "", "meaning": "when it was seen", "null": "until it is seen"},
        {"name": "supply_units", "type": "decimal", "unit": "base units", "meaning": "supply", "null": ""},
        {
            "name": "top_share",
            "type": "number",
            "unit": "shares, 0 to 1",
            "meaning": "share of the ten largest",
            "null": "",
        },
    ]


def test_a_dataset_has_its_age_and_its_changes(value: dict[str, Any]) -> None:
    supplies = dataset(value, "supplies")
    assert (supplies["as_of"], supplies["published_at"]) == ("2026-11-28T00:00:00Z", "2026-11-28T01:02:00Z")
    assert (supplies["since"], supplies["changes"]) == (
        "1.0.0",
        [{"version": "1.1.0", "date": "2026-12-05", "text": "More."}],
    )
    assert (supplies["schedule"], supplies["freshness_hours"]) == ("daily", 36)
    assert supplies["page"] == "datasets/supplies.html"


def test_a_dataset_that_ended_is_history(value: dict[str, Any]) -> None:
    assert (dataset(value, "miners")["status"], dataset(value, "supplies")["status"]) == ("history", "live")
    before = {"miners/latest.json.gz": record("miners/latest.json.gz", "miners", datetime(2024, 4, 1, tzinfo=UTC))}
    assert dataset(catalogue.catalogue([MINERS], before, LOG, ISSUE, TIP), "miners")["status"] == "live"


def test_of_files_of_several_ages_the_oldest_counts() -> None:
    """A publish that died midway left one file behind: the dataset is no newer than that."""
    older = datetime(2026, 11, 27, tzinfo=UTC)
    mixed = PUBLISHED | {"v1/supplies/latest.parquet": record("v1/supplies/latest.parquet", "supplies", older)}
    assert dataset(catalogue.catalogue([SUPPLIES], mixed, LOG, ISSUE, TIP), "supplies")["as_of"] == (
        "2026-11-27T00:00:00Z"
    )


def test_a_file_of_which_nothing_is_known_is_not_named() -> None:
    unknown = {"miners/latest.json.gz": record("miners/latest.json.gz", "miners") | {"as_of": None}}
    assert catalogue.catalogue([MINERS], unknown, LOG, ISSUE, TIP)["datasets"] == []


def test_another_licence_has_no_address() -> None:
    issue = Issue(ISSUE.generated_at, "mainnet", "ODbL-1.0", "")
    assert catalogue.catalogue([], {}, LOG, issue, TIP)["licence"] == {"name": "ODbL-1.0", "url": ""}


def test_the_changelog_of_this_release_is_read() -> None:
    assert changelog.Changelog.read().version
