"""Two forks of the chain of the fault tests, and a running day of which another run sees the other fork."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from psycopg2.extensions import make_dsn

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from tests.conftest import NUMBERS
from tests.faults.conftest import DAY, Outcome, RunningDay, copy_of
from tests.support.pipeline import Pipeline

DEPTH = 20
# A database does not pass its settings on to its copies.
SEARCH_PATH = "-c search_path=stacks_blockchain_api,public"


@pytest.fixture(scope="module")
def sides(chain: str, postgres_server: PostgresServer) -> list[str]:
    """Two forks of the chain's last blocks, equally high; returns their libpq connection strings."""
    dsns = []
    for seed in (1, 2):
        name = f"side_{next(NUMBERS)}"
        with postgres_server.connect() as connection:
            connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE faulty_chain OWNER faulty_chain")
        dsns.append(make_dsn(postgres_server.dsn(name, "faulty_chain"), options=SEARCH_PATH))
        sample_chain.fork(dsns[-1], depth=DEPTH, seed=seed)
    return dsns


@pytest.fixture(scope="module")
def ends(sides: list[str], eve: Pipeline, postgres_server: PostgresServer, s3_server: S3Server) -> list[Outcome]:
    """What an undisturbed day from each side comes to."""
    pipelines = [replace(copy_of(eve, postgres_server, s3_server), stacks_dsn=side) for side in sides]
    for pipeline in pipelines:
        pipeline.run(DAY)
    return [Outcome.of(pipeline) for pipeline in pipelines]


@pytest.fixture
def running_day(new_running_day: Callable[[], RunningDay], sides: list[str], ends: list[Outcome]) -> RunningDay:
    """The running day, from the first side; so it shall end."""
    day = new_running_day()
    return replace(day, pipeline=day.through(stacks_dsn=sides[0]), after=ends[0])


@pytest.fixture
def other(running_day: RunningDay, sides: list[str]) -> Pipeline:
    """The same pipeline, as the other run sees it: from the second side."""
    return running_day.through(stacks_dsn=sides[1])
