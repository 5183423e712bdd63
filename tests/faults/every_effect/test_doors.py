"""The doors and the comparison themselves: a task that cannot be run twice is found out, and one that can is not."""

from collections.abc import Callable
from contextlib import closing

import psycopg2
import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse.stores.warehouse import Warehouse
from tests.conftest import NUMBERS
from tests.faults.conftest import new_buckets
from tests.faults.every_effect.cases import Case, Rehearsal
from tests.faults.every_effect.doors import Fault
from tests.faults.every_effect.scenarios import Task
from tests.faults.every_effect.world import World
from tests.support.pipeline import Pipeline

# With these what was to be done once is done twice.
COMMITTED = {Fault.KILLED_AFTER, Fault.ANSWER_LOST, Fault.TOO_LATE, Fault.OVERTAKEN}


def add_one(pipeline: Pipeline) -> None:
    """Not to be run twice."""
    _execute(pipeline, "UPDATE counted SET number = number + 1")


def set_to_one(pipeline: Pipeline) -> None:
    """To be run as often as one likes."""
    _execute(pipeline, "UPDATE counted SET number = 1")


def _execute(pipeline: Pipeline, sql: str) -> None:
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse, warehouse.transaction():
        warehouse.execute(sql)
    pipeline.public.put("counted", b"1")


@pytest.fixture
def rehearsal(postgres_server: PostgresServer, s3_server: S3Server) -> Callable[[Task], Rehearsal]:
    """Rehearse one task, in a world of one table."""

    def rehearse(task: Task) -> Rehearsal:
        name = f"counted_{next(NUMBERS)}"
        postgres_server.create_database(name)
        dsn = postgres_server.dsn(name)
        with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE counted AS SELECT 0 AS number")
        pipeline = Pipeline(dsn, dsn, *new_buckets(s3_server, name.replace("_", "-")))
        return Rehearsal(name, {"count": task}, World(pipeline, postgres_server, name, name))

    return rehearse


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value)
def test_a_task_that_cannot_be_run_twice(fault: Fault, rehearsal: Callable[[Task], Rehearsal]) -> None:
    rehearsed = rehearsal(add_one)
    [(number, _)] = [each for each in enumerate(rehearsed.stages[0].labels, 1) if "COMMIT" in each[1]]
    failure = rehearsed.failure(Case(rehearsed.name, number, fault)) or ""
    assert ("other than undisturbed are counted" in failure) == (fault in COMMITTED)


def test_a_task_that_can(rehearsal: Callable[[Task], Rehearsal]) -> None:
    rehearsed = rehearsal(set_to_one)
    cases = [case for fault in Fault for case in rehearsed.cases(fault)]
    assert [failure for case in cases if (failure := rehearsed.failure(case))] == []
    assert {case.fault for case in cases} == set(Fault)
