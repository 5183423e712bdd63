"""A clock that is set back between two tasks of a day: what was done last is still what counts."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.queries.days import FAILED_DAYS
from tests.faults.conftest import DAY, RunningDay
from tests.support import pipeline as clock
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

BUILT_AT = datetime(2024, 10, 31, 3, tzinfo=UTC)
SET_BACK = timedelta(minutes=10)

BROKEN, MENDED = (f"UPDATE daily_fees SET tx_count = tx_count {by} 1 WHERE day = '{DAY}'" for by in "+-")
NEWEST = f"""
    SELECT DISTINCT ON (name) name, passed FROM quality_checks
    WHERE day = '{DAY}' AND kind = 'error' ORDER BY name, checked_at DESC
"""


@pytest.fixture
def built(running_day: RunningDay, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """The day is built, then the clock is set back, and stands still."""
    monkeypatch.setattr(clock, "now", lambda: BUILT_AT)
    running_day.pipeline.land(DAY)
    running_day.pipeline.build(DAY)
    monkeypatch.setattr(clock, "now", lambda: BUILT_AT - SET_BACK)
    return running_day.pipeline


def execute(pipeline: Pipeline, sql: str) -> None:
    with closing(psycopg2.connect(pipeline.warehouse_dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_check_that_fails_then_fails_the_day_as_it_is_built(built: Pipeline, running_day: RunningDay) -> None:
    built.make_figures()
    execute(built, BROKEN)
    running_day.fails(Terminal, lambda: built.finish(DAY))
    assert [str(day) for day in built.read(FAILED_DAYS)["day"].to_pylist()] == [DAY]


def test_a_check_at_the_same_moment_as_the_one_before_is_the_newest(built: Pipeline, running_day: RunningDay) -> None:
    built.make_figures()
    execute(built, BROKEN)
    running_day.fails(Terminal, lambda: built.finish(DAY))
    execute(built, MENDED)
    built.finish(DAY)
    assert [row for row in built.read(NEWEST).to_pylist() if not row["passed"]] == []
    running_day.ends_right()
