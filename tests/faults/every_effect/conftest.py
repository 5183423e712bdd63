"""Worlds for scenarios: one PostgreSQL and one S3 for all of them."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import make_dsn

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import catalog
from stacks_dataverse.dataset import Kind
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from stacks_dataverse.runners import due
from tests.faults.conftest import new_buckets
from tests.faults.every_effect.cases import Rehearsal
from tests.faults.every_effect.runs import run
from tests.faults.every_effect.scenarios import NOW, Scenario, Task, scenarios
from tests.faults.every_effect.world import Snapshot, World
from tests.faults.sides import SEARCH_PATH
from tests.support.pipeline import Pipeline

# Nothing here ends the server, or the machine.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")
# Rows land in the order in which the source reads them: one plan for all, for the bytes to be the same.
SETTINGS_OFF = (*CARELESS, "autovacuum")
FORKED = "effects_fork"
OWNER = "effects"


@pytest.fixture(scope="session")
def fork(chain: str, postgres_server: PostgresServer) -> str:
    """The chain once more, with other blocks from its first day on; the first block stays."""
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {FORKED} TEMPLATE faulty_chain OWNER faulty_chain")
    dsn = make_dsn(postgres_server.dsn(FORKED, "faulty_chain"), options=SEARCH_PATH)
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT max(block_height) FROM blocks WHERE canonical")
        [height] = cursor.fetchone()
    sample_chain.fork(dsn, depth=height - 1)
    return dsn


@pytest.fixture(scope="session")
def vendors(vendors_server: VendorsServer) -> Mapping[str, Any]:
    """How to make the client of each vendor."""
    return {
        "cryptocompare": lambda: CryptoCompare(vendors_server.url, vendors_server.key),
        "lunarcrush": lambda: LunarCrush(vendors_server.url, vendors_server.key),
    }


@pytest.fixture
def rehearse(
    direct: None, vendors_server: VendorsServer, rehearsals: Callable[[str], Rehearsal]
) -> Callable[[str], Rehearsal]:
    """Run a scenario undisturbed, the first time that it is asked for; the vendors' clock stands still."""
    vendors_server.reset()
    vendors_server.set_now(int(NOW.timestamp()))
    return rehearsals


@pytest.fixture(scope="session")
def rehearsals(
    chain: str, vendors: Mapping[str, Any], postgres_server: PostgresServer, s3_server: S3Server,
    request: pytest.FixtureRequest,
) -> Callable[[str], Rehearsal]:  # fmt: skip
    """As `rehearse`, for all tests."""
    made: dict[str, Rehearsal] = {}
    prepared: dict[Task, Snapshot] = {}
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        for setting in SETTINGS_OFF:
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    # Each process of a run begins with what this one has read of the code: half of the time of a build.
    for table in catalog.built_tables():
        (due.fact_version if table.kind is Kind.FACT else due.figure_version)(table, NETWORK)

    def new_world(name: str, scenario: Scenario) -> World:
        database = f"{OWNER}_{name}"
        postgres_server.create_database(database, OWNER)
        buckets = new_buckets(s3_server, database.replace("_", "-"))
        dsn = request.getfixturevalue("fork") if scenario.is_forked else chain
        pipeline = Pipeline(dsn, postgres_server.dsn(database, OWNER), *buckets, network=NETWORK)
        world = World(pipeline, postgres_server, database, OWNER)
        if scenario.prepare in prepared:
            world.put_back(prepared[scenario.prepare])
        else:
            ran = run(replace(pipeline, stacks_dsn=chain), scenario.prepare)
            assert ran.is_done, ran.error
            prepared[scenario.prepare] = world.save(f"{OWNER}_before_{name}")
        return world

    def rehearse(name: str) -> Rehearsal:
        if name not in made:
            scenario = scenarios(vendors)[name]
            made[name] = Rehearsal(name, scenario.tasks, new_world(name, scenario))
        return made[name]

    return rehearse
