"""kill -9 of a part of the whole stack under a running day: once `up` has started it again, the run ends by itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import psutil
import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.processes import Background
from stacks_dataverse.stores.warehouse import migrate
from tests.faults.conftest import Outcome, new_buckets
from tests.faults.moments import wait_until
from tests.faults.reader import reading
from tests.support.local_stack import PATIENCE_SECONDS, LocalStack
from tests.support.pipeline import Pipeline
from tests.support.servers import free_port_base

pytestmark = pytest.mark.slow

FIRST, DAY = "2024-10-28", "2024-10-29"
DAG, MARKET = "stacks_daily", "market_daily"
FOR_LONG = 10_000

BUILDING = ("build", "warehouse", "stx_balance_changes", "SHARE")
LANDING = ("land_contract_logs", "stacks", "stacks_blockchain_api.contract_logs", "ACCESS EXCLUSIVE")


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The whole stack, over a sample chain of which the first day is published."""
    local = LocalStack(tmp_path_factory.mktemp("stack") / "a home", free_port_base())
    local.command("up", "--until", "2024-10-29", "--days", "2", "--txs-per-day", "200", "--no-run")
    local.command("day", FIRST)
    local.command("day", DAY)
    local.api.pause(DAG, False)
    yield local
    local.command("down", "--purge")


@pytest.fixture(scope="module")
def undisturbed(local: LocalStack) -> Outcome:
    """What the two days come to without Airflow and faults."""
    postgres, s3 = local.stack.postgres, local.stack.s3
    postgres.create_database("undisturbed")
    migrate(postgres.dsn("undisturbed"))
    pipeline = Pipeline(
        postgres.dsn("stacks"),
        postgres.dsn("undisturbed"),
        *new_buckets(s3, "undisturbed"),
        network=sample_chain.NETWORK,
    )
    pipeline.run(FIRST, DAY)
    return seen(pipeline)


def seen(pipeline: Pipeline) -> Outcome:
    """All that there is to see, but for what the CDN was not told of: only the DAG does so."""
    outcome = Outcome.of(pipeline)
    return replace(outcome, content={name: rows for name, rows in outcome.content.items() if name != "changed_keys"})


def kill_task(local: LocalStack, task: Mapping[str, Any]) -> None:
    """kill -9 of the process in which the task's own code runs."""
    process = psutil.Process(task["pid"])
    assert Background("airflow-scheduler", local.where.home, marker="").find() in process.parents()
    process.kill()


KILLED = {
    "the task": (BUILDING, kill_task),
    "the scheduler": (BUILDING, lambda local, _: local.kill("airflow-scheduler")),
    "PostgreSQL": (BUILDING, lambda local, _: local.kill("postgres")),
    "the S3 server": (LANDING, lambda local, _: local.kill("s3")),
}


@pytest.mark.parametrize(("place", "kill"), KILLED.values(), ids=KILLED)
def test_a_part_is_killed_under_a_running_day(
    place: tuple[str, str, str, str],
    kill: Callable[[LocalStack, Mapping[str, Any]], None],
    local: LocalStack,
    undisturbed: Outcome,
    request: pytest.FixtureRequest,
) -> None:
    task, database, table, mode = place
    run = f"fault__{request.node.callspec.id}".replace(" ", "_")
    with reading(local.pipeline(), DAY):
        with local.held(database, table, mode):
            local.api.trigger(DAG, run, {"day": DAY, "allow_unsettled": True})
            wait_until(lambda: waits(local.stack.postgres, database), f"{task} waits for its table", PATIENCE_SECONDS)
            kill(local, local.task(DAG, run, task))
        local.command("up", "--no-run")
        local.ends_well(DAG, run)
    assert seen(local.pipeline()) == undisturbed


def test_a_vendor_refuses_for_a_while(local: LocalStack) -> None:
    """429 to every call of the run's first try; the market's figures wait, those of the chain do not."""
    run = "fault__a_vendor_refuses"
    local.stack.vendors.fault("cryptocompare", status=429, times=FOR_LONG)
    with reading(local.pipeline(), DAY):
        local.api.pause(MARKET, False)
        local.api.trigger(MARKET, run, {})
        wait_until(lambda: local.state(MARKET, run, "land_prices") == "up_for_retry", "a next try", PATIENCE_SECONDS)
        assert stx_hours(local) == 0
        local.stack.vendors.reset()
        local.ends_well(MARKET, run)
    assert stx_hours(local) >= 4 * 24


def stx_hours(local: LocalStack) -> int:
    """How many hours of STX the warehouse has prices of; its tables are made by the first run."""
    sql = "SELECT count(*) AS hours FROM price_hourly WHERE symbol = 'STX'"
    return local.pipeline().read(sql)["hours"][0].as_py()


def waits(server: PostgresServer, database: str) -> bool:
    """Whether somebody waits for a lock on a table of a database."""
    with server.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE locktype = 'relation' AND NOT granted AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0
