"""Airflow's four processes, with settings from the environment and metadata in our PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests
from cryptography.fernet import Fernet

from scripts.local import ports
from scripts.local.errors import StackError
from scripts.local.postgres import PostgresServer
from scripts.local.processes import Background
from scripts.local.secrets import Secrets
from scripts.local.settings import REPOSITORY, Settings
from stacks_dataverse.vendors import VENDORS

START_PATIENCE_SECONDS = 120
# More than two cores can use; each costs some 150 MB.
PARALLEL_TASKS = 2
# See airflow.cfg: one may stay occupied after its task.
SPARE_WORKERS = 2
# The log servers of scheduler and triggerer listen on every interface, and all logs are here anyway.
ARGUMENTS = {
    "api-server": ["--host", ports.HOST, "--workers", "1"],
    "scheduler": ["--skip-serve-logs"],
    "dag-processor": [],
    "triggerer": ["--skip-serve-logs"],
}
# Tasks get a moment to end in order; the triggerer would sit out its triggers.
STOP_PATIENCE_SECONDS = {"api-server": 10, "scheduler": 15, "dag-processor": 10, "triggerer": 2}
# What Airflow's own command line warns of before its answer concerns its packagers alone.
QUIET = {
    "PYTHONWARNINGS": "ignore:Could not import graphviz:UserWarning,ignore::DeprecationWarning,ignore::FutureWarning"
}
HEALTH_NAMES = {
    "scheduler": "scheduler",
    "dag-processor": "dag_processor",
    "triggerer": "triggerer",
}


class AirflowStack:
    """Airflow under `home`/airflow, its web UI on the settings' web port. Raises StackError."""

    def __init__(self, where: Settings, postgres: PostgresServer, secrets: Secrets) -> None:
        self._settings = where
        self._postgres = postgres
        self._secrets = secrets
        self.processes = {name: Background(f"airflow-{name}", where.home, marker="airflow") for name in ARGUMENTS}

    def start(self) -> None:
        """Start what does not run; returns when all four are healthy."""
        self.require_port()
        found = self._start_missing()
        while True:
            try:
                return self.wait_until_healthy()
            except StackError:
                # What was found may have been about to end, as the scheduler does whose database went away.
                running = [name for name in found if self.processes[name].find()]
                if running == found:
                    raise
                found = running
                self._start_missing()

    def require_port(self) -> None:
        """Raise StackError when the web UI does not run and its port is taken."""
        if self.processes["api-server"].find() is None:
            ports.require_free(self._settings.web_port, "Airflow's web UI")

    def wait_until_healthy(self) -> None:
        """Return when all four are healthy; StackError when one ends or it takes too long."""
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while unhealthy := self.unhealthy():
            self.require_alive()
            if time.monotonic() > deadline:
                tails = "\n".join(self.processes[name].log_tail() for name in unhealthy)
                raise StackError(f"Airflow is not ready: {', '.join(unhealthy)}.\n{tails}")
            time.sleep(0.2)

    def require_alive(self) -> None:
        """Raise StackError with the end of its log when one of the four has ended."""
        for process in self.processes.values():
            if process.find() is None:
                raise StackError(f"{process.name} has stopped. {process.log_tail()}")

    def stop(self) -> None:
        """Stop the four, with the tasks that they run; nothing when they do not run."""
        with ThreadPoolExecutor() as pool:
            for name, process in self.processes.items():
                pool.submit(process.stop, signal.SIGTERM, STOP_PATIENCE_SECONDS[name])

    def unhealthy(self) -> list[str]:
        """Return the names of the processes that do not run or do not answer."""
        found = {name: process.find() for name, process in self.processes.items()}
        health = self._health() if found["api-server"] else {}
        bad = [] if health else ["api-server"]
        database_since = self._postgres.running_since()
        for name, key in HEALTH_NAMES.items():
            process, report = found[name], health.get(key, {})
            # After a restart the report still speaks of the processes before; and of those that the end of the
            # database is about to end, too.
            if process is None or _heartbeat(report) < max(process.create_time(), database_since):
                bad.append(name)
        return bad

    def run(self, arguments: list[str]) -> int:
        """Run the airflow command line with this stack's settings; returns its exit status."""
        self._postgres.require_running()
        command = [sys.executable, "-m", "airflow", *arguments]
        return subprocess.run(command, check=False, env=self.environment() | QUIET).returncode

    def command(self, name: str) -> list[str]:
        """Return the command line of one of the four processes."""
        return [sys.executable, "-m", "airflow", name, *ARGUMENTS[name]]

    def environment(self) -> dict[str, str]:
        """Return the environment of every process of Airflow."""
        return {**_inherited(), **_named(self._options()), **self._paths()}

    def _start_missing(self) -> list[str]:
        """Start what does not run; returns the names of what does."""
        missing = [name for name, process in self.processes.items() if process.find() is None]
        for name in missing:
            self.processes[name].start(self.command(name), env=self.environment(), cwd=self._folder())
        return [name for name in self.processes if name not in missing]

    def _folder(self) -> str:
        folder = self._settings.home / "airflow"
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder)

    def _paths(self) -> dict[str, str]:
        return {
            "AIRFLOW_HOME": self._folder(),
            "AIRFLOW_CONFIG": str(REPOSITORY / "airflow.cfg"),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            # Airflow reads plugins/.airflowignore by a name that pathspec has renamed; each task's log would say so.
            "PYTHONWARNINGS": "ignore:GitWildMatchPattern:DeprecationWarning",
            # glibc's pools for every thread would add up to hundreds of megabytes.
            "MALLOC_ARENA_MAX": "2",
            # Through a proxy none of our servers would be found.
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def _options(self) -> dict[str, dict[str, Any]]:
        """The settings of this stack; all others are in airflow.cfg."""
        web, keep = self._settings.web_url, self._secrets.get_or_create
        return {
            "core": {
                "parallelism": PARALLEL_TASKS + SPARE_WORKERS,
                "dags_folder": REPOSITORY / "dags",
                "plugins_folder": REPOSITORY / "plugins",
                "fernet_key": keep("airflow_fernet_key", lambda: Fernet.generate_key().decode()),
                "execution_api_server_url": f"{web}/execution/",
            },
            "database": {"sql_alchemy_conn": self._metadata_url()},
            "api": {
                "host": ports.HOST,
                "port": self._settings.web_port,
                "base_url": web,
                "secret_key": keep("airflow_secret_key"),
            },
            # Shared by all processes: without it every task is refused by the API server.
            "api_auth": {"jwt_secret": keep("airflow_jwt_secret", lambda: Fernet.generate_key().decode())},
            "scheduler": {
                # The sample and dumps stand still: a run by schedule beside one on request would look for what is
                # not there. One's own database grows.
                "use_job_schedule": self._secrets.get("stacks_db_uri") is not None,
                # What a killed task left behind is taken up again after a minute and a half, not five.
                "task_instance_heartbeat_timeout": 90,
            },
            # A new DAG file shows after seconds.
            "dag_processor": {"refresh_interval": 5},
            "fab": {"config_file": REPOSITORY / "webserver_config.py"},
        }

    def _metadata_url(self) -> str:
        target = self._postgres.parameters("airflow")
        user, password = quote(target["user"]), quote(target["password"], safe="")
        return f"postgresql+psycopg2://{user}:{password}@{target['host']}:{target['port']}/airflow"

    def _health(self) -> dict[str, Any]:
        try:
            session = requests.Session()
            session.trust_env = False
            return session.get(f"{self._settings.web_url}/api/v2/monitor/health", timeout=5).json()
        except (requests.RequestException, ValueError):
            return {}


def _inherited() -> dict[str, str]:
    """The user's environment without vendors' keys and what would change Airflow's or the AWS client's mind."""
    foreign = ("AIRFLOW", "AWS_", "PG", "_AIRFLOW", *(f"{name.upper()}_" for name in VENDORS))
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def _named(options: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"AIRFLOW__{section}__{name}".upper(): str(value)
        for section, values in options.items()
        for name, value in values.items()
    }


def _heartbeat(report: Mapping[str, Any]) -> float:
    """The latest heartbeat of a healthy component in seconds since 1970; zero for any other."""
    beats = [value for name, value in report.items() if name.endswith("_heartbeat") and value]
    if report.get("status") != "healthy" or not beats:
        return 0.0
    return datetime.fromisoformat(beats[0]).replace(tzinfo=UTC).timestamp()
