"""Seeds: every row whole, of its types, with a key of its own and a public page; and what reads them goes by them."""

import dataclasses
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa
import pytest

from stacks_dataverse import catalog, seeds, versions
from stacks_dataverse.clarity import Principal, c32, decode, encode
from stacks_dataverse.dataset import Column
from stacks_dataverse.seeds import POOL_NAMES, PROTOCOLS, SEEDS, TOKENS, Seed
from stacks_dataverse.transformers import shapes

MAINNET_VERSIONS = {20, 22}
PYTHON_TYPES = {"text": str, "smallint": int}
ROWS = [pytest.param(seed, row, id=f"{seed.name}: {row[0]}") for seed in SEEDS for row in seed.rows]
each_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)


def column(seed: Seed, name: str) -> list[Any]:
    return [row[[column.name for column in seed.columns].index(name)] for row in seed.rows]


@each_seed
def test_a_seed_is_described_whole_and_has_a_key(seed: Seed) -> None:
    names = [column.name for column in seed.columns]
    assert seed.method.endswith(".")
    assert all(column.meaning for column in seed.columns)
    assert (names[: len(seed.key)], names[-1]) == (list(seed.key), "source")
    keys = [row[: len(seed.key)] for row in seed.rows]
    assert len(set(keys)) == len(keys) > 0


def test_every_file_is_a_seed_and_known_to_the_dictionary() -> None:
    files = {file.name for file in resources.files(seeds).iterdir() if file.name.endswith(".csv")}
    assert files == {f"{seed.name}.csv" for seed in SEEDS}
    assert catalog.SEEDS == SEEDS
    assert not {seed.name for seed in SEEDS} & {table.name for table in catalog.TABLES}


@pytest.mark.parametrize(("seed", "row"), ROWS)
def test_a_row_is_of_its_types_about_mainnet_and_has_a_public_page(seed: Seed, row: tuple[Any, ...]) -> None:
    assert [type(value) for value in row] == [PYTHON_TYPES[column.type] for column in seed.columns]
    texts = [value for value in row if isinstance(value, str)]
    assert all(text == text.strip() != "" for text in texts)
    # Queries are templates.
    assert not any(set(text) & set("{}") for text in texts)
    principal = Principal(row[0].partition("::")[0])
    version, _ = c32.decode_address(principal.text.partition(".")[0])
    assert version in MAINNET_VERSIONS
    assert decode(encode(principal)) == principal
    page = urlsplit(row[-1])
    assert (page.scheme, bool(page.netloc), bool(page.path)) == ("https", True, True)


def test_no_two_pools_share_a_name() -> None:
    names = column(POOL_NAMES, "name")
    assert len(set(names)) == len(names)


def test_a_token_is_an_asset_with_a_plausible_number_of_decimals() -> None:
    assert all(re.fullmatch(r"S[PM]\w+\.[\w-]+::[\w-]+", asset) for asset in column(TOKENS, "asset_identifier"))
    assert set(column(TOKENS, "decimals")) <= set(range(19))


@each_seed
def test_its_rows_are_a_relation_of_sql(seed: Seed) -> None:
    with duckdb.connect() as database:
        found = database.sql(f"SELECT * FROM {seed.values}")
        assert found.columns == [column.name for column in seed.columns[:-1]]
        assert sorted(found.fetchall()) == sorted(row[:-1] for row in seed.rows)


def test_a_quote_in_a_value_stays_a_quote() -> None:
    seed = Seed(
        "said", "", (Column("a", "text", ""), Column("b", "text", ""), seeds.SOURCE), ("a",), (("it's", "''", ""),)
    )
    with duckdb.connect() as database:
        assert database.sql(f"SELECT * FROM {seed.values}").fetchall() == [("it's", "''")]


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Any]:
    """The file of the seed `made_up`, read from a folder of its own."""
    monkeypatch.setattr(seeds.resources, "files", lambda _: tmp_path)
    return tmp_path / "made_up.csv"


COLUMNS = (Column("name", "text", "name"), Column("places", "smallint", "places"))


def test_a_file_is_read_by_its_columns(file: Any) -> None:
    file.write_text('name,places,source\n"a, ""b""",6,https://a/b\n')
    assert seeds.read("made_up", "Made up.", COLUMNS, ("name",)).rows == (('a, "b"', 6, "https://a/b"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("name,source\na,https://a/b\n", "has the columns", id="another column"),
        pytest.param("name,places,source\na,,https://a/b\n", "lacks a value", id="no value"),
        pytest.param("name,places,source\na,6,\n", "lacks a value", id="no source"),
        pytest.param("name,places,source\na,6\n", "shorter", id="a short row"),
        pytest.param("name,places,source\na,six,https://a/b\n", "invalid literal", id="another type"),
    ],
)
def test_a_file_that_is_not_as_declared_is_refused(file: Any, text: str, says: str) -> None:
    file.write_text(text)
    with pytest.raises(ValueError, match=says):
        seeds.read("made_up", "Made up.", COLUMNS, ("name",))


def test_a_pool_is_published_under_its_name_or_its_address() -> None:
    known, unknown = column(POOL_NAMES, "address")[2], "SP000000000000000000002Q6VF78"
    (top_pools,) = [found for found in catalog.OBJECTS if found.name == "top_pools"]
    with duckdb.connect() as database:
        database.execute("CREATE TABLE stacking_pools (day DATE, delegate VARCHAR, stacked_ustx BIGINT)")
        database.execute("INSERT INTO stacking_pools VALUES ('2024-01-01', ?, 3500000), ('2024-01-01', ?, 1000000)",
                         [known, unknown])  # fmt: skip
        rows = database.sql(top_pools.rows.format(day="'2024-01-01'")).to_arrow_table()
    assert shapes.top_pools(rows) == {
        "Fast Pool": {"value": 3.5, "address": "SP21YTSM60CAY6D011EZVEVNKXVW8FVZE198XEFFP.pox4-fast-pool-v3"},
        unknown: {"value": 1.0, "address": unknown},
    }


def deployers(rows: pa.Table) -> pa.Table:
    """A transformer that reads a seed."""
    return pa.table({"sql": [PROTOCOLS.values] * rows.num_rows})


def test_a_seeds_content_is_part_of_the_version_of_what_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.version_of(deployers)
    changed = dataclasses.replace(PROTOCOLS, rows=PROTOCOLS.rows[:-1])
    monkeypatch.setitem(globals(), "PROTOCOLS", changed)
    versions._closure.cache_clear()
    assert versions.version_of(deployers) != before
    versions._closure.cache_clear()
