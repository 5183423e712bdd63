"""The gate between build and publish: what fails stays out, whole; what is only odd goes through, and shows."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest

from scripts.local import sample_chain
from stacks_dataverse.errors import Terminal
from stacks_dataverse.stores.object_store import ObjectStore
from tests.support.pipeline import Pipeline

DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")

# A block of a day loses its parent, and gets it back.
LOSE = """
    CREATE TABLE lost AS
    SELECT index_block_hash, parent_index_block_hash FROM blocks
    WHERE canonical AND to_timestamp(burn_block_time) AT TIME ZONE 'UTC' BETWEEN '{day} 06:00' AND '{day} 18:00'
    ORDER BY block_height LIMIT 1;
    UPDATE blocks SET parent_index_block_hash = '\\x00' FROM lost
    WHERE blocks.index_block_hash = lost.index_block_hash
"""
GIVE_BACK = """
    UPDATE blocks SET parent_index_block_hash = lost.parent_index_block_hash FROM lost
    WHERE blocks.index_block_hash = lost.index_block_hash;
    DROP TABLE lost
"""


@pytest.fixture
def chain(new_database: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    """A chain of three days that may be written to, and nothing run yet."""
    dsn = new_database("gate")
    sample_chain.generate(dsn, days=3, txs_per_day=50)
    return new_pipeline(dsn)


def execute(dsn: str, sql: str) -> None:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)


def everything(bucket: ObjectStore) -> dict[str, bytes | None]:
    """Every object, byte for byte."""
    return {key: bucket.get(key) for key in bucket.list_keys()}


@contextmanager
def watched(bucket: ObjectStore) -> Iterator[list[dict[str, bytes | None]]]:
    """What a reader sees who looks again and again, from before until after."""
    seen, is_over = [everything(bucket)], threading.Event()

    def look() -> None:
        while not is_over.is_set():
            seen.append(everything(bucket))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield seen
    finally:
        is_over.set()
        reader.join()
        seen.append(everything(bucket))


def refused(pipeline: Pipeline, day: str) -> str:
    """Run a day that fails its checks; what it says."""
    with pytest.raises(Terminal, match=f"{day} failed its checks and is not published") as caught:
        pipeline.run(day)
    return str(caught.value)


def loaded(pipeline: Pipeline) -> list[str]:
    return [str(day) for day in pipeline.read("SELECT day FROM loaded_days ORDER BY day")["day"].to_pylist()]


def test_a_failed_day_leaves_yesterdays_objects_in_place_until_it_is_mended(
    chain: Pipeline, new_pipeline: Callable[[str], Pipeline]
) -> None:
    chain.run(*DAYS[:2])
    execute(chain.stacks_dsn, LOSE.format(day=DAYS[2]))
    with watched(chain.public) as seen:
        message = refused(chain, DAYS[2])
    assert len(seen) > 3
    assert all(look == seen[0] for look in seen)
    assert "parents_of_blocks: expected 0, actual 1 (height " in message
    assert "run the day again" in message
    assert loaded(chain) == [*DAYS[:2]]
    outcomes = chain.read("SELECT name, kind FROM quality_checks WHERE NOT passed").to_pylist()
    assert outcomes == [{"name": "parents_of_blocks", "kind": "error"}]
    execute(chain.stacks_dsn, GIVE_BACK)
    chain.run(DAYS[2])
    fresh = new_pipeline(chain.stacks_dsn)
    fresh.run(*DAYS)
    assert chain.content() == fresh.content()
    assert everything(chain.public) == everything(fresh.public)


@pytest.mark.slow
def test_a_later_day_waits_for_the_one_that_failed(chain: Pipeline) -> None:
    chain.run(DAYS[0])
    execute(chain.stacks_dsn, LOSE.format(day=DAYS[1]))
    before = everything(chain.public)
    refused(chain, DAYS[1])
    message = refused(chain, DAYS[2])
    assert f"earlier_days: expected 0, actual 1 ({DAYS[1]})" in message
    assert "parents_of_blocks" not in message
    assert everything(chain.public) == before
    execute(chain.stacks_dsn, GIVE_BACK)
    chain.run(DAYS[1])
    assert set(chain.public.list_keys()) - before.keys() == {key.replace(DAYS[0], DAYS[1]) for key in dated(before)}
    chain.finish(DAYS[2])
    assert loaded(chain) == [*DAYS]


def dated(objects: dict[str, Any]) -> set[str]:
    return {key for key in objects if DAYS[0] in key}


def test_a_day_that_is_built_anew_and_not_checked_yet_holds_back_what_would_lack_it(chain: Pipeline) -> None:
    chain.run(*DAYS[:2])
    before = everything(chain.public)
    chain.land(DAYS[0])
    chain.build(DAYS[0])
    chain.run(DAYS[2])
    assert everything(chain.public) == before
    chain.finish(DAYS[0])
    assert set(chain.public.list_keys()) - before.keys() == {key.replace(DAYS[0], DAYS[2]) for key in dated(before)}


@pytest.mark.slow
def test_a_published_day_that_fails_when_it_is_built_again_holds_back_all_that_stand_on_it(chain: Pipeline) -> None:
    chain.run(*DAYS)
    before = everything(chain.public)
    execute(chain.stacks_dsn, LOSE.format(day=DAYS[1]))
    refused(chain, DAYS[1])
    assert loaded(chain) == [DAYS[0], DAYS[2]]
    chain.run(DAYS[0])
    refused(chain, DAYS[2])
    assert everything(chain.public) == before
    execute(chain.stacks_dsn, GIVE_BACK)
    chain.run(DAYS[1])
    chain.run(DAYS[2])
    assert everything(chain.public) == before


def test_a_warning_publishes_and_shows(chain: Pipeline, caplog: pytest.LogCaptureFixture) -> None:
    chain.land(DAYS[0])
    chain.build(DAYS[0])
    execute(chain.warehouse_dsn, "UPDATE reward_cycles SET stacked_ustx = 1")
    assert chain.finish(DAYS[0])
    assert loaded(chain) == [DAYS[0]]
    outcomes = chain.read("SELECT name, kind FROM quality_checks WHERE NOT passed").to_pylist()
    # The signers of the set are compared with it too.
    names = ["reward_set", "signers_of_sets"]
    assert sorted(outcomes, key=lambda outcome: outcome["name"]) == [
        {"name": name, "kind": "warning"} for name in names
    ]
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == len(names)
    assert all(any(f"{DAYS[0]}, warning: {name}" in warning for warning in warnings) for name in names)
    assert "reward_set: expected 0.9 to 2, actual" in caplog.text
