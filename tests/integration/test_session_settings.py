"""How a server, a database or a role sets up its sessions changes no byte: what our SQL relies on is pinned."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.local import sample_chain
from stacks_dataverse import paths
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from tests.integration.conftest import CYCLES, SAMPLE
from tests.integration.looks import execute
from tests.support.databases import query
from tests.support.pipeline import Pipeline

DAY = "2024-10-28"
TAKEN_AT = datetime(2024, 10, 29, 0, 5, tzinfo=UTC)

# Another value than the usual, of settings that change what SQL means or how values are written.
UNUSUAL = {
    "array_nulls": "off",
    "backslash_quote": "off",
    "bytea_output": "escape",
    "client_encoding": "LATIN1",
    "DateStyle": "German, DMY",
    "default_transaction_deferrable": "on",
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "on",
    "escape_string_warning": "off",
    "extra_float_digits": "-15",
    "IntervalStyle": "iso_8601",
    "quote_all_identifiers": "on",
    "row_security": "off",
    "standard_conforming_strings": "off",
    "TimeZone": "Asia/Kathmandu",
    "transform_null_equals": "on",
}

# Values of types that are landed as text, one block's.
WRITTEN_AS_TEXT = """
    CREATE TYPE raw_and_label AS (raw bytea, label text);
    CREATE TABLE oddities AS SELECT index_block_hash, n.* FROM blocks, (VALUES
        ('-1 day 02:03'::interval, point(1::float8 / 3, 1e-300), tstzrange('2024-10-29', NULL),
         ('\\x00ff', 'é')::raw_and_label, ARRAY[0.1::float4 + 0.2::float4])
    ) AS n (age, place, span, pair, shares) WHERE block_height = 20;
    CREATE INDEX ON oddities (index_block_hash)
"""


@pytest.fixture
def oddities(new_database: Callable[[str], str]) -> str:
    """A chain of one day, with a table of values that are landed as text."""
    dsn = new_database("oddities")
    sample_chain.generate(dsn, days=1, txs_per_day=60)
    execute(dsn, WRITTEN_AS_TEXT)
    return dsn


def database(dsn: str) -> str:
    """The name of a database."""
    ((name,),) = query(dsn, "SELECT current_database()")
    return name


def set_up_otherwise(dsn: str) -> None:
    """Give a database the unusual settings, for the sessions to come."""
    changes = [f"ALTER DATABASE {database(dsn)} SET {name} = '{value}'" for name, value in UNUSUAL.items()]
    execute(dsn, "; ".join(changes))


def left_by(pipeline: Pipeline) -> dict[str, Any]:
    """What landing, building and publishing leave: checksums of raw files, the warehouse and the public objects."""
    migrate(pipeline.warehouse_dsn)
    pipeline.run(DAY)
    pipeline.look(TAKEN_AT)
    keys = [paths.RAW_MANIFEST.format(day=DAY), *pipeline.archive.list_keys("raw/stacks_live/_manifest")]
    landed = {key: pipeline.archive.get_json(key)["tables"] for key in keys}
    return {"landed": landed, "warehouse": pipeline.content(), "published": pipeline.published()}


@pytest.mark.slow
def test_unusual_settings_of_both_databases_change_no_byte(
    oddities: str, new_database: Callable[[str], str], new_bucket: Callable[[str], ObjectStore]
) -> None:
    def in_new_stores() -> Pipeline:
        return Pipeline(
            oddities, new_database("warehouse"), new_bucket("private"), new_bucket("public"), CYCLES[SAMPLE]
        )

    usual, unusual = in_new_stores(), in_new_stores()
    expected = left_by(usual)
    assert expected["landed"][paths.RAW_MANIFEST.format(day=DAY)]["oddities"]["rows"] == 1
    for dsn in (oddities, unusual.warehouse_dsn):
        set_up_otherwise(dsn)
    found = left_by(unusual)
    assert {name: found[name] for name in expected if found[name] != expected[name]} == {}


@pytest.mark.parametrize("path", ["''", "nowhere, pg_catalog", "shadows, pg_catalog, public"])
def test_a_chain_is_found_and_read_by_any_search_path(path: str, oddities: str) -> None:
    """The last one finds a table of the catalogue, and a function, that are somebody's own."""
    with StacksDb.open(oddities) as source:
        expected = (source.layout, source.tip())
    execute(
        oddities,
        "CREATE SCHEMA shadows; CREATE TABLE shadows.pg_class (relname name);"
        "CREATE FUNCTION shadows.to_regclass(text) RETURNS regclass LANGUAGE sql AS 'SELECT NULL::regclass'",
    )
    execute(oddities, f"ALTER DATABASE {database(oddities)} SET search_path = {path}")
    with StacksDb.open(oddities) as source:
        assert (source.layout, source.tip()) == expected


def test_rows_that_a_policy_hides_are_an_error_and_not_missing(
    oddities: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(oddities)
    execute(oddities, "ALTER TABLE txs ENABLE ROW LEVEL SECURITY; ALTER TABLE txs FORCE ROW LEVEL SECURITY")
    with pytest.raises(Terminal, match="row-level security policy"):
        pipeline.land(DAY)
    assert not pipeline.archive.has(paths.RAW_MANIFEST.format(day=DAY))


def test_the_pages_reader_has_the_same_settings(oddities: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    dsn = new_pipeline(oddities).warehouse_dsn
    set_up_otherwise(dsn)
    with Warehouse.open_read_only(dsn) as warehouse:
        found = warehouse.read("SELECT '2024-10-29'::date::text AS day, '\\' AS text, 1 AS number").to_pylist()
    assert found == [{"day": "2024-10-29", "text": "\\", "number": 1}]
