"""kill -9 of a part of the whole stack under a running day: once `up` has started it again, the run ends by itself."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from scripts.local import sample_chain, settings
from scripts.local.airflow_api import AirflowApi
from scripts.local.postgres import PostgresServer
from scripts.local.processes import Background
from scripts.local.stack import Stack
from stacks_dataverse.pox import Pox
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from tests.conftest import _free_port
from tests.faults.conftest import Outcome, new_buckets
from tests.faults.moments import wait_until
from tests.faults.reader import reading
from tests.pipeline import Pipeline

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
DAG = "stacks_daily"
FIRST, DAY = "2024-10-28", "2024-10-29"
DAG, MARKET = "stacks_daily", "market_daily"
FOR_LONG = 10_000
# Airflow takes up what a killed process was doing after a minute and a half, and a retry waits half a minute.
PATIENCE_SECONDS = 600

BUILDING = ("build", "warehouse", "stx_balance_changes", "SHARE")
LANDING = ("land_contract_logs", "stacks", "stacks_blockchain_api.contract_logs", "ACCESS EXCLUSIVE")


class LocalStack:
    """A stack in a home of its own, used as an operator does."""

    def __init__(self, home: Path, port_base: int) -> None:
        self.where = settings.Settings(home, port_base)
        self.stack = Stack(self.where)
        self._environment = os.environ | {"DATAVERSE_HOME": str(home), "DATAVERSE_PORT_BASE": str(port_base)}
        self._environment["PYTHONPATH"] = str(REPOSITORY)

    def command(self, *arguments: str) -> None:
        """Run a command of local.sh's, with the environment that the tests have."""
        command = [sys.executable, "-m", "scripts.local", *arguments]
        done = subprocess.run(command, env=self._environment, cwd=REPOSITORY, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def api(self) -> AirflowApi:
        """Airflow's API, by a log-in of now."""
        return AirflowApi(self.where.web_url, self.stack.admin_password)

    def task(self, dag: str, run: str, name: str) -> Mapping[str, Any]:
        """A task instance of a run."""
        return next(task for task in self.api.tasks(dag, run) if task["task_id"] == name)

    def state(self, dag: str, run: str, name: str) -> str | None:
        """The state of a task of a run; None before it has any."""
        return self.task(dag, run, name)["state"]

    def ends_well(self, dag: str, run: str) -> None:
        """Wait for the end of a run, which must be a good one."""
        wait_until(lambda: self.api.run_state(dag, run) in ("success", "failed"), f"{run} has ended", PATIENCE_SECONDS)
        assert self.api.run_state(dag, run) == "success", self.api.tasks(dag, run)

    def pipeline(self) -> Pipeline:
        """What the stack's DAG works on."""
        stores = [ObjectStore(self.stack.s3.client(), bucket) for bucket in settings.BUCKETS.values()]
        dsn = self.stack.postgres.dsn
        return Pipeline(dsn("stacks"), dsn("warehouse"), *stores, pox=Pox(*sample_chain.POX))

    def kill(self, name: str) -> None:
        """kill -9 of one of the stack's processes, by the one on record."""
        process = Background(name, self.where.home, marker="").find()
        process.kill()
        process.wait()

    @contextmanager
    def held(self, database: str, table: str, mode: str) -> Iterator[None]:
        """Hold a lock on a table, for which the task at hand waits; it ends with the server at the latest."""
        with closing(psycopg2.connect(self.stack.postgres.dsn(database))) as connection:
            connection.cursor().execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The whole stack, over a sample chain of which the first day is published."""
    local = LocalStack(tmp_path_factory.mktemp("stack") / "a home", _free_port())
    local.command("up", "--days", "2", "--txs-per-day", "200", "--no-run")
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
        pox=Pox(*sample_chain.POX),
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
