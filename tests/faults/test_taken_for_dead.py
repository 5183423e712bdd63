"""A run whose database sessions ended, which another run has overtaken, and which goes on all the same."""

from contextlib import closing

import psycopg2
import pytest

from stacks_dataverse.errors import Retryable
from stacks_dataverse.stores.object_store import ObjectStore
from tests.faults.conftest import DAY, Outcome, RunningDay
from tests.faults.moments import Moment, at
from tests.faults.sides import ends as ends
from tests.faults.sides import other as other
from tests.faults.sides import running_day as running_day
from tests.faults.sides import sides as sides
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

END_SESSIONS = """
    SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
LATEST = Moment(ObjectStore, "put", concern=lambda _, key, *__, **___: "/latest." in key)


def end_sessions(dsn: str) -> None:
    """End all other sessions of a database, as a server does that loses the connection to their client."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(END_SESSIONS)


def test_what_another_run_has_published_stays(
    running_day: RunningDay, other: Pipeline, ends: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is about to write when its sessions end, and its locks with them; the other reads the newer chain."""
    pipeline = running_day.pipeline
    pipeline.load(DAY)

    def overtake() -> None:
        end_sessions(pipeline.warehouse_dsn)
        other.run(DAY)

    with monkeypatch.context() as patched:
        come = at(LATEST, overtake, patched)
        running_day.fails(Retryable, lambda: pipeline.publish(DAY))
    assert come
    assert pipeline.published() == ends[1].published != ends[0].published
    running_day.ends_right()
