"""A network that falls silent, without a reset: noticed by itself, and Retryable."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2
import pytest
from psycopg2.extensions import make_dsn, parse_dsn

from stacks_dataverse import postgres
from stacks_dataverse.errors import Retryable
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.moments import wait_until
from tests.faults.networks import FAR, Cable
from tests.faults.networks import cable as cable
from tests.faults.tcp import proxied

pytestmark = pytest.mark.slow

# Seconds where production has minutes.
IMPATIENT = {"keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 3000}
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
ROWS = "SELECT repeat(number::text, 50) FROM generate_series(1, 2000000) AS number"


@pytest.fixture
def database(new_database: Callable[[str], str]) -> str:
    """A database that is near."""
    return new_database("silent")


@pytest.fixture
def far_warehouse(database: str, cable: Cable, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    """A session over the cable."""
    for name, value in IMPATIENT.items():
        monkeypatch.setitem(postgres.CONNECTION, name, value)
    with (
        proxied(int(parse_dsn(database)["port"]), cable.listener) as proxy,
        Warehouse.open(make_dsn(database, host=FAR, port=proxy.port)) as warehouse,
    ):
        yield warehouse


def is_asleep(dsn: str) -> bool:
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(ASLEEP)
        return cursor.fetchone()[0] > 0


def test_while_an_answer_is_awaited(far_warehouse: Warehouse, database: str, cable: Cable) -> None:
    def pull() -> None:
        wait_until(lambda: is_asleep(database), "the query runs")
        cable.pull()

    puller = threading.Thread(target=pull)
    puller.start()
    with pytest.raises(Retryable, match="A retry may succeed"):
        far_warehouse.scalar("SELECT pg_sleep(3600)::text")
    puller.join()


def test_in_mid_stream(far_warehouse: Warehouse, cable: Cable) -> None:
    with far_warehouse.stream(ROWS, 600) as batches:
        next(batches)
        cable.pull()
        with pytest.raises(Retryable, match="A retry may succeed"):
            batches.read_all()


def test_before_a_statement(far_warehouse: Warehouse, cable: Cable) -> None:
    cable.pull()
    with pytest.raises(Retryable, match="A retry may succeed"):
        far_warehouse.scalar("SELECT 1")
