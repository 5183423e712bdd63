"""The doors and the comparison themselves: a task that cannot be run twice is found out, and one that can is not."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any
from unittest.mock import Mock

import psycopg2
import pytest
from botocore.client import BaseClient

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse.errors import Retryable
from stacks_dataverse.manifest import StoredFile
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.conftest import NUMBERS
from tests.faults.conftest import new_buckets
from tests.faults.every_effect.cases import Case, Rehearsal, kinds
from tests.faults.every_effect.doors import Fault, Request
from tests.faults.every_effect.scenarios import Task
from tests.faults.every_effect.world import World
from tests.support.pipeline import Pipeline

# Every way to read of a bucket.
FILES = {"a": StoredFile("a", 1, 1, "")}
READS: Mapping[str, Callable[[ObjectStore], Any]] = {
    "look": lambda store: store.look("a"),
    "get": lambda store: store.get("a"),
    "list_keys": lambda store: store.list_keys(),
    "open_files": lambda store: store.open_files(FILES).__enter__(),
    "open_columns": lambda store: store.open_columns(FILES, {"a": ["b"]}).__enter__(),
}

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


def test_of_a_kind_are_effects_of_the_same_lines_with_nothing_between_that_lasts() -> None:
    labels = ["PostgreSQL: INSERT", "PostgreSQL: INSERT", "PostgreSQL: COMMIT", "PostgreSQL: INSERT", "S3: HeadObject"]
    kind = kinds(labels, ["a", "a", "b", "a", "c"])
    assert kind[0] == kind[1]
    assert len({*kind}) == len(labels) - 1


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_whose_answer_is_lost_is_to_its_caller_as_one_that_is_refused(
    read: Callable[[ObjectStore], Any], s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ObjectStore(s3_server.client(), "a-bucket")
    request = Request("S3: a read", lambda: None, "GetObject", s3_server.endpoint)
    for error in (request.refuse(), request.lose()):
        monkeypatch.setattr(BaseClient, "_make_api_call", Mock(side_effect=error))
        with pytest.raises(Retryable):
            read(store)
