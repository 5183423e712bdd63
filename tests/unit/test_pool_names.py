"""The table of pools: every row a mainnet principal, a name of its own and a public source that shows it."""

import csv
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stacks_dataverse import pool_names
from stacks_dataverse.clarity import Principal, c32, decode, encode
from stacks_dataverse.pool_names import POOL_NAMES

MAINNET_VERSIONS = {20, 22}
with (Path(pool_names.__file__).parent / "pool_names.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_row_names_a_mainnet_principal_with_its_source(row: dict[str, str]) -> None:
    assert list(row) == ["address", "name", "source"]
    version, _ = c32.decode_address(row["address"].partition(".")[0])
    assert version in MAINNET_VERSIONS
    assert decode(encode(Principal(row["address"]))) == Principal(row["address"])
    assert row["name"] == row["name"].strip() != ""
    source = urlsplit(row["source"])
    assert (source.scheme, bool(source.netloc), bool(source.path)) == ("https", True, True)


@pytest.mark.parametrize("column", ["address", "name"])
def test_no_two_rows_share(column: str) -> None:
    values = [row[column] for row in ROWS]
    assert sorted(values) == sorted(set(values))


def test_names_are_read_from_the_table() -> None:
    assert {row["address"]: row["name"] for row in ROWS} == POOL_NAMES
    assert POOL_NAMES["SP21YTSM60CAY6D011EZVEVNKXVW8FVZE198XEFFP.pox4-fast-pool-v3"] == "Fast Pool"


def test_names_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        POOL_NAMES["SP000000000000000000002Q6VF78"] = "Nobody"  # type: ignore[index]
