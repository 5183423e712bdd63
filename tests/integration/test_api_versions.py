"""One chain as the API's versions 7.14, 8.15 and 9 keep it: the same warehouse and the same public objects."""

import io
from collections.abc import Callable
from typing import Any

import psycopg2
import pyarrow.parquet as pq
import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain.layouts import copy_chain
from stacks_dataverse import catalog, paths
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from tests.conftest import NUMBERS, RealData
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_SIZE
from tests.support.pipeline import Pipeline
from tests.support.stores import load_dump, new_stores

VERSIONS = {"v7_14_1": "7.14", "v8_15_4": "8.15", "v9": "9"}
OLDER = ["v7_14_1", "v8_15_4"]
# The oldest tells most; what lies between is run with what is slow.
between = pytest.param("v8_15_4", marks=pytest.mark.slow)
# Before Stacks 4.0: versions before 9 cannot read its transactions, and stop there.
SIZE = SAMPLE_SIZE | {"days": 1}
LAST_DAY = "2024-10-28"
FACTS = f"SELECT table_name, digest FROM built_tables WHERE day = '{LAST_DAY}' AND raw_digest <> '' ORDER BY table_name"

# What versions before 9 cannot know, and so is null: outputs of single miners came with burn_block_pox_txs, the height
# at which PoX-4 lets go with PoX-5. The checksum of the facts is then another.
UNKNOWN = {
    "tenures": {"miner_commit_sats", "miners"},
    "mining_tenures": {"miner_commit_sats", "miners"},
    "daily_pox_heights": {"pox_v4_unlock_height"},
    "daily_miners": {"commits", "miner_commit_sats", "miner_commit_ustx"},
    "daily_mining": {"commits", "miner_commit_sats", "miner_commit_ustx"},
}
# And what 7.14 alone cannot know: how long a block's transactions are.
UNKNOWN_IN = {"v7_14_1": UNKNOWN | {"daily_blocks": {"tx_bytes"}}, "v8_15_4": UNKNOWN}
# Of published rows, the columns made of either.
UNPUBLISHED = {"commits", "miner_commit_sats", "miner_commit_ustx", "miner_sats_per_stx", "tx_bytes"}
DIFFERENT = {"built_tables": {"digest"}, "published_files": {"bytes", "sha256"}}

InVersion = Callable[[str], Pipeline]


@pytest.fixture(scope="module")
def forked(postgres_server: PostgresServer) -> str:
    """A sample chain with forks and an orphaned microblock; returns its libpq connection string."""
    postgres_server.create_database("versions_forked")
    dsn = postgres_server.dsn("versions_forked")
    sample_chain.generate(dsn, **SIZE)
    sample_chain.fork(dsn, depth=60, is_bitcoins=True)
    sample_chain.fork(dsn, depth=30, seed=2, seconds=-5)
    sample_chain.orphan_microblock(dsn, is_mined_again=True)
    return dsn


@pytest.fixture(scope="module")
def in_version(forked: str, postgres_server: PostgresServer, s3_server: S3Server, real_data: RealData) -> InVersion:
    """The chain in a version's tables, all days run, the first time it is asked for."""
    ran: dict[str, Pipeline] = {}

    def run(version: str) -> Pipeline:
        if version not in ran:
            name = f"versions_{version}"
            dsn = load_dump(postgres_server, real_data.dump(f"stacks_schema_{version}"), name)
            copy_chain(forked, dsn)
            ran[version] = new_stores(postgres_server, s3_server, name, dsn, CYCLES[SAMPLE])
            ran[version].run(*map(str, sample_chain.days_in(dsn)))
        return ran[version]

    return run


@pytest.mark.parametrize("version", ["v7_14_1", between, "v9"])
def test_a_chain_lands_whole_from_a_version(version: str, in_version: InVersion) -> None:
    pipeline = in_version(version)
    manifest = pipeline.archive.get_json(paths.RAW_MANIFEST.format(day=LAST_DAY))
    assert manifest["source_version"] == VERSIONS[version]
    assert manifest["tables"]["txs"]["rows"] > 100
    noted = {name for name, table in manifest["tables"].items() if "note" in table}
    assert ("pox5_events" in noted) is (version in OLDER)


@pytest.mark.parametrize("version", ["v7_14_1", between])
def test_the_warehouse_is_the_same_but_for_what_a_version_cannot_know(version: str, in_version: InVersion) -> None:
    left_out = {
        table.name: UNKNOWN_IN[version].get(table.name, set()) | DIFFERENT.get(table.name, set())
        for table in catalog.TABLES
    }
    old, new = (in_version(name).content(left_out) for name in (version, "v9"))
    assert [table for table in old if old[table] != new[table]] == []
    for table, columns in UNKNOWN_IN[version].items():
        for column in columns:
            known = f"SELECT count({column}) AS n FROM {table}"
            assert in_version(version).read(known)["n"].to_pylist() == [0]
            assert in_version("v9").read(known)["n"][0].as_py() > 0


@pytest.mark.parametrize("version", ["v7_14_1", between])
def test_every_public_object_is_the_same(version: str, in_version: InVersion) -> None:
    old, new = (in_version(name).published() for name in (version, "v9"))
    assert {key: without_unknown(body) for key, body in old.items()} == {
        key: without_unknown(body) for key, body in new.items()
    }


def test_new_tables_and_columns_land_and_change_nothing(
    in_version: InVersion, postgres_server: PostgresServer, s3_server: S3Server, real_data: RealData, forked: str
) -> None:
    dsn = load_dump(postgres_server, real_data.dump("stacks_schema_v9"), "versions_new")
    copy_chain(forked, dsn)
    execute(dsn, NEWER)
    pipeline = new_stores(postgres_server, s3_server, "versions_new", dsn, CYCLES[SAMPLE])
    pipeline.land(LAST_DAY)
    pipeline.build(LAST_DAY)
    assert pipeline.read(FACTS) == in_version("v9").read(FACTS)
    body = pipeline.archive.get(paths.RAW_TABLE.format(table="stx_events", day=LAST_DAY))
    assert set(pq.read_table(io.BytesIO(body))["mood"].to_pylist()) == {"calm"}
    tables = pipeline.archive.get_json(paths.RAW_MANIFEST.format(day=LAST_DAY))["tables"]
    assert tables["pox6_events"]["rows"] == tables["stx_events"]["rows"] > 0
    assert "searches" not in tables


def without_unknown(body: Any) -> Any:
    """A published value without the columns, at any depth, that an older version cannot know."""
    if isinstance(body, dict):
        return {key: without_unknown(value) for key, value in body.items() if key not in UNPUBLISHED}
    return [without_unknown(value) for value in body] if isinstance(body, list) else body


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)


# A column of a type that is new too, a table of blocks, and one that only looks like it.
NEWER = """
    CREATE TYPE mood AS ENUM ('calm', 'wild');
    ALTER TABLE stx_events ADD COLUMN mood mood DEFAULT 'calm';
    CREATE TABLE pox6_events AS SELECT * FROM stx_events;
    CREATE INDEX ON pox6_events (index_block_hash);
    CREATE TABLE searches (index_block_hash text)
"""

CHANGES = {
    "a table that every day is held against is gone": ("v9", "DROP TABLE nft_events", "lacks table nft_events"),
    "a column that every day is held against is gone": (
        "v8_15_4",
        "ALTER TABLE blocks DROP COLUMN tx_count",
        "lacks column tx_count of table blocks",
    ),
    "the time of blocks is gone": (
        "v7_14_1",
        "ALTER TABLE blocks DROP COLUMN block_time",
        "lacks column block_time of table blocks",
    ),
    "a count became text": (
        "v9",
        "ALTER TABLE txs ALTER event_count TYPE text",
        "has column event_count of table txs as text, not as int2 or int4 or int8 or numeric",
    ),
    "hashes became text": (
        "v8_15_4",
        "ALTER TABLE txs ALTER tx_id TYPE text USING '0x' || encode(tx_id, 'hex')",
        "has column tx_id of table txs as text, not as bytea",
    ),
    "a flag became a number": (
        "v7_14_1",
        "ALTER TABLE blocks ALTER canonical TYPE integer USING canonical::integer",
        "has column canonical of table blocks as int4, not as bool",
    ),
    "the hash by which an optional table is read became text": (
        "v9",
        "ALTER TABLE subdomains ALTER index_block_hash TYPE text USING encode(index_block_hash, 'hex')",
        "has column index_block_hash of table subdomains as text, not as bytea",
    ),
    "Bitcoin's height is gone": (
        "v9",
        "ALTER TABLE reward_slot_holders DROP COLUMN burn_block_height",
        "lacks column burn_block_height of table reward_slot_holders",
    ),
    "two at once": (
        "v8_15_4",
        "DROP TABLE ft_events; ALTER TABLE txs DROP COLUMN event_count",
        "lacks column event_count of table txs; lacks table ft_events",
    ),
}


@pytest.mark.parametrize(("version", "change", "words"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_named_with_the_version(
    version: str, change: str, words: str, postgres_server: PostgresServer, real_data: RealData
) -> None:
    name = f"versions_changed_{next(NUMBERS)}"
    dsn = load_dump(postgres_server, real_data.dump(f"stacks_schema_{version}"), name)
    execute(dsn, change)
    with pytest.raises(Terminal) as caught, StacksDb.open(dsn) as source:
        source.tip()
    assert words in str(caught.value)
    assert f"layout of API version {VERSIONS[version]})" in str(caught.value)
    assert "Use a database written by stacks-blockchain-api 7.14 to 9" in str(caught.value)


def test_a_number_of_another_size_is_the_same_number(
    postgres_server: PostgresServer, real_data: RealData, in_version: InVersion, forked: str, s3_server: S3Server
) -> None:
    dsn = load_dump(postgres_server, real_data.dump("stacks_schema_v9"), "versions_wider")
    execute(dsn, "ALTER TABLE stx_events ALTER amount TYPE numeric, ALTER asset_event_type_id TYPE bigint")
    copy_chain(forked, dsn)
    pipeline = new_stores(postgres_server, s3_server, "versions_wider", dsn, CYCLES[SAMPLE])
    pipeline.land(LAST_DAY)
    pipeline.build(LAST_DAY)
    assert pipeline.read(FACTS) == in_version("v9").read(FACTS)
