"""The whole local stack, as tests use it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from scripts.local import sample_chain, settings
from scripts.local.airflow_api import AirflowApi
from scripts.local.processes import Background
from scripts.local.settings import REPOSITORY
from scripts.local.stack import Stack
from stacks_dataverse.stores.object_store import ObjectStore
from tests.faults.moments import wait_until
from tests.support.pipeline import Pipeline

# Airflow takes up what a killed process was doing after a minute and a half, and a retry waits half a minute.
PATIENCE_SECONDS = 600


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

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """The same, while it runs; it is waited for at the end."""
        command = [sys.executable, "-m", "scripts.local", *arguments]
        with subprocess.Popen(command, env=self._environment, cwd=REPOSITORY, stdout=subprocess.DEVNULL) as process:
            yield process

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
        return Pipeline(dsn("stacks"), dsn("warehouse"), *stores, network=sample_chain.NETWORK)

    def log_of(self, name: str) -> str:
        """The end of the log of one of the stack's processes."""
        return Background(name, self.where.home, marker="").log_tail()

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
