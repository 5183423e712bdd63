"""Two runs of the same day at once, from two sides of a fork: what stands is one of them whole, never a mixture."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import psycopg2
import pytest

from scripts.local.s3 import S3Server
from stacks_dataverse import catalog, paths
from stacks_dataverse.errors import DataverseError, Retryable
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import build, check, land
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.faults.conftest import DAY, Outcome, RunningDay
from tests.faults.moments import FORK, PATIENCE_SECONDS, Moment, at, wait_until
from tests.faults.reader import Reader, reading
from tests.faults.sides import ends as ends
from tests.faults.sides import other as other
from tests.faults.sides import running_day as running_day
from tests.faults.sides import sides as sides
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""

FIRST_OBJECT = Moment(Warehouse, "read", concern=lambda _, sql, **__: "generate_series" in sql)


def land_but_no_manifest(pipeline: Pipeline) -> None:
    """Land a day up to the moment before its manifest."""
    with StacksDb.open(pipeline.stacks_dsn) as source:
        land.land_blocks(source, pipeline.archive, Window.parse(DAY), 2)
        land_txs(source, pipeline.archive, Window.parse(DAY))


def land_txs(source: StacksDb, archive: ObjectStore, window: Window) -> None:
    """The task of one large table."""
    land.land_tables(source, archive, window, "txs", ["txs"])


def run_if_possible(pipeline: Pipeline) -> None:
    """Run the day; an error of ours ends it, as it ends a task."""
    try:
        pipeline.run(DAY)
    except DataverseError as error:
        print(f"{type(error).__name__}: {error}")


def test_both_at_the_same_time(
    running_day: RunningDay, other: Pipeline, ends: list[Outcome], s3_server: S3Server
) -> None:
    """Each in a process of its own, with a client of its own."""
    mine = running_day.at(s3_server.endpoint)
    pipelines = [mine, replace(mine, stacks_dsn=other.stacks_dsn)]
    runs = [FORK.Process(target=run_if_possible, args=(pipeline,)) for pipeline in pipelines]
    for run in runs:
        run.start()
    reader = Reader(running_day.pipeline, DAY)
    while any(run.is_alive() for run in runs):
        reader.look()
    for run in runs:
        run.join(PATIENCE_SECONDS)
        assert run.exitcode == 0
    assert not reader.wrong
    whole = [outcome.content["stx_balances"] for outcome in (running_day.before, *ends)]
    assert len(set(map(tuple, whole))) == len(whole)
    assert Outcome.of(running_day.pipeline).content["stx_balances"] in whole
    running_day.ends_right()


def test_the_other_run_lands_while_this_one_builds(running_day: RunningDay, reader: Reader, other: Pipeline) -> None:
    running_day.pipeline.land(DAY)
    land_but_no_manifest(other)
    message = running_day.fails(Retryable, lambda: running_day.pipeline.build(DAY))
    assert "the day is being landed right now" in message
    assert running_day.has_not_changed()
    running_day.ends_right()


def test_a_file_of_one_side_under_the_manifest_of_the_other(
    running_day: RunningDay, reader: Reader, other: Pipeline
) -> None:
    """Both were in the middle of a table: the file is of whom wrote it last, its part of whom noted it last."""
    key = paths.RAW_TABLE.format(table="blocks", day=DAY)
    land_but_no_manifest(other)
    others_file = other.archive.get(key)
    running_day.pipeline.land(DAY)
    running_day.pipeline.archive.put(key, others_file)
    running_day.fails(Retryable, lambda: running_day.pipeline.build(DAY))
    assert running_day.has_not_changed()
    running_day.ends_right()


def test_tables_pinned_to_the_blocks_of_the_other_side(
    running_day: RunningDay, reader: Reader, other: Pipeline
) -> None:
    """Between this run's blocks and its manifest the other one lands its blocks."""
    window, archive = Window.parse(DAY), running_day.pipeline.archive
    running_day.pipeline.land(DAY)
    with StacksDb.open(other.stacks_dsn) as source:
        land.land_blocks(source, archive, window, 2)
    message = running_day.fails(
        Retryable, lambda: land.write_manifest(archive, window, datetime.now(UTC), catalog.LANDING_CHECKS)
    )
    assert "landed again in the meantime" in message
    running_day.ends_right()


def test_the_other_run_lands_while_this_one_writes_its_manifest(
    running_day: RunningDay, reader: Reader, other: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest that is written last is of the files that are there."""
    manifest = Moment(ObjectStore, "put_json", concern=lambda _, key, __: key == paths.RAW_MANIFEST.format(day=DAY))
    with monkeypatch.context() as patched:
        come = at(manifest, lambda: other.land(DAY), patched)
        running_day.pipeline.land(DAY)
    assert come
    other.build(DAY)
    running_day.ends_right()


@pytest.mark.parametrize("step", [land_txs, land.land_small_tables])
def test_a_replica_that_is_as_high_and_lacks_blocks(
    step: Callable[..., object], running_day: RunningDay, reader: Reader, other: Pipeline
) -> None:
    """Between the blocks and another table of a day the connection comes to a replica of before the reorg."""
    window, archive = Window.parse(DAY), running_day.pipeline.archive
    with StacksDb.open(running_day.pipeline.stacks_dsn) as source:
        land.land_blocks(source, archive, window, 2)
    with StacksDb.open(other.stacks_dsn) as replica:
        message = running_day.fails(Retryable, lambda: step(replica, archive, window))
    assert "a replica that is catching up" in message
    running_day.ends_right()


def test_the_other_run_lands_and_builds_while_this_one_builds(
    running_day: RunningDay, other: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one has read its files: it must not replace what is built of those that are landed now."""
    running_day.pipeline.land(DAY)
    built = []

    def overtake() -> None:
        other.land(DAY)
        other.build(DAY)
        built.append(other.content())

    with monkeypatch.context() as patched:
        at(Moment(build, "made_meanwhile"), overtake, patched)
        message = running_day.fails(Retryable, lambda: running_day.pipeline.build(DAY))
    assert "was landed again while it was built" in message
    assert [other.content()] == built
    running_day.ends_right()


def test_the_other_run_builds_while_this_one_checks(
    running_day: RunningDay, other: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What passed its checks is not what is there now: it must not count as loaded."""
    pipeline = running_day.pipeline
    pipeline.land(DAY)
    pipeline.build(DAY)
    pipeline.make_figures()
    with monkeypatch.context() as patched:
        come = at(Moment(check, "_store"), lambda: (other.land(DAY), other.build(DAY)), patched)
        message = running_day.fails(Retryable, lambda: pipeline.check_days(DAY, DAY))
    assert come
    assert "was built again while it was checked" in message
    assert not pipeline.read(f"SELECT day FROM loaded_days WHERE day = '{DAY}'").num_rows
    running_day.ends_right()


def test_the_other_run_builds_while_this_one_publishes(
    running_day: RunningDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A built day is not loaded until its checks have passed: published now, its figures would be missing."""
    pipeline = running_day.pipeline
    pipeline.land(DAY)
    pipeline.build(DAY)
    building = threading.Thread(target=pipeline.build, args=(DAY,))

    def begin_other() -> None:
        building.start()
        wait_until(
            lambda: not building.is_alive() or waits(pipeline.warehouse_dsn), "the other build waits, or is done"
        )

    with reading(pipeline, DAY):
        with monkeypatch.context() as patched:
            come = at(FIRST_OBJECT, begin_other, patched)
            pipeline.finish(DAY)
        building.join(PATIENCE_SECONDS)
        assert come
        assert pipeline.published() == running_day.after.published
        running_day.ends_right()


def waits(warehouse_dsn: str) -> bool:
    """Whether somebody waits for an advisory lock of this warehouse."""
    with psycopg2.connect(warehouse_dsn) as connection, connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0
