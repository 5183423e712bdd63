"""Worlds for scenarios: one PostgreSQL and one S3 for all, the disk's patience left out."""

from collections.abc import Callable

import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from stacks_dataverse.stores.warehouse import migrate
from tests.faults.conftest import EARLIER, new_buckets
from tests.faults.every_effect.cases import Rehearsal
from tests.faults.every_effect.runs import run
from tests.faults.every_effect.scenarios import SCENARIOS
from tests.faults.every_effect.world import World
from tests.support.pipeline import Pipeline

# Nothing here ends the server, or the machine.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")


@pytest.fixture(scope="session")
def rehearse(
    chain: str, postgres_server: PostgresServer, s3_server: S3Server
) -> Callable[[str], Rehearsal]:
    """Run a scenario undisturbed, the first time that it is asked for."""
    rehearsals: dict[str, Rehearsal] = {}
    with postgres_server.connect() as connection, connection.cursor() as cursor:
        for setting in CARELESS:
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")

    def make(name: str) -> Rehearsal:
        if name not in rehearsals:
            database = f"effects_of_{name}"
            postgres_server.create_database(database)
            migrate(postgres_server.dsn(database))
            buckets = new_buckets(s3_server, database.replace("_", "-"))
            pipeline = Pipeline(chain, postgres_server.dsn(database), *buckets, network=NETWORK)
            eve = run(pipeline, lambda each: each.run(*EARLIER))
            assert eve.is_done, eve.error
            rehearsals[name] = Rehearsal(name, SCENARIOS[name], World(pipeline, postgres_server, database, database))
        return rehearsals[name]

    return make
