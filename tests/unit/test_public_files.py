"""Which files a dataset has."""

from dataclasses import replace

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.public_files import Format, Role, files_of

OBJECTS = {declared.name: declared for declared in catalog.OBJECTS}
GZIP = "gzip"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "daily_txs",
            [
                (Role.V1, Format.JSON, "v1/daily_txs/{version}.json.gz"),
                (Role.V1, Format.PARQUET, "v1/daily_txs/{version}.parquet"),
                (Role.PREDECESSOR, Format.JSON, "daily_txs/{version}.json.gz"),
            ],
            id="the predecessor's, dated",
        ),
        pytest.param(
            "whale_movements",
            [
                (Role.V1, Format.JSON, "v1/whale_movements.json.gz"),
                (Role.V1, Format.PARQUET, "v1/whale_movements.parquet"),
                (Role.PREDECESSOR, Format.CSV, "whales/latest_movements.csv.gz"),
            ],
            id="the predecessor's CSV",
        ),
        pytest.param(
            "fees",
            [(Role.V1, Format.JSON, "v1/fees.json.gz"), (Role.V1, Format.PARQUET, "v1/fees.parquet")],
            id="of this version alone",
        ),
        pytest.param(
            "sanity_check", [(Role.PREDECESSOR, Format.JSON, "sanity_check.json.gz")], id="private, so never under v1"
        ),
    ],
)
def test_a_dataset_has_files(name: str, expected: list[tuple[Role, Format, str]]) -> None:
    assert [(file.role, file.format, file.path) for file in files_of(OBJECTS[name])] == expected


def test_the_path_of_an_enveloped_dataset_is_that_of_its_json() -> None:
    enveloped = [declared for declared in catalog.OBJECTS if declared.is_enveloped]
    assert len(enveloped) > 30
    assert [declared.name for declared in enveloped if files_of(declared)[0].path != declared.path] == []


def test_no_two_files_have_one_key() -> None:
    keys = [file.key() for declared in catalog.OBJECTS for file in files_of(declared)]
    assert len(set(keys)) == len(keys)


def test_what_is_read_in_part_is_stored_as_it_is() -> None:
    json, parquet, csv = files_of(OBJECTS["whale_movements"])
    assert [file.content_encoding for file in (json, parquet, csv)] == [GZIP, None, GZIP]
    assert [file.media_type for file in (json, parquet, csv)] == [
        "application/json",
        "application/vnd.apache.parquet",
        "text/csv; charset=utf-8",
    ]


def test_a_version_has_a_key_of_its_own() -> None:
    dated = files_of(OBJECTS["daily_txs"])[1]
    assert (dated.key("2024-05-01"), dated.key()) == ("v1/daily_txs/2024-05-01.parquet", "v1/daily_txs/latest.parquet")
    undated = files_of(replace(OBJECTS["fees"], path="v1/fees.json.gz"))[0]
    assert (undated.is_dated, undated.key("2024-05-01")) == (False, "v1/fees.json.gz")
