"""The local stack with CeleryExecutor: a Redis, and workers with homes of their own, as on machines of their own."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from scripts.local.airflow_stack import AirflowStack
from scripts.local.processes import Background
from scripts.local.settings import PRIVATE_BUCKET
from scripts.local.stack import Stack
from tests.support.servers import free_port

WORKERS = ("first", "second")
PATIENCE_SECONDS = 120
# A worker's main process, and one that runs tasks.
CONCURRENCY = "1"
END = "end"
# Workers do without Airflow's database.
NO_DATABASE = "postgresql+psycopg2://nobody@127.0.0.1:9/none"


class CeleryAirflow(AirflowStack):
    """Airflow whose tasks go to workers by way of Redis; logs of tasks go to the private bucket."""

    broker = ""
    statsd_port = 0

    def environment(self) -> dict[str, str]:
        """The stack's own, and what docs/scaling.md and docs/monitoring.md say to set."""
        return super().environment() | {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": f"{self.broker}/0",
            "AIRFLOW__CELERY__RESULT_BACKEND": f"{self.broker}/1",
            "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
            "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
            "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"s3://{PRIVATE_BUCKET}/logs",
            "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "aws_default",
            "AIRFLOW__LOGGING__JSON_LOGS": "True",
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(self.statsd_port),
        }


@contextmanager
def statsd() -> Iterator[tuple[int, list[str]]]:
    """A StatsD: hands out its port, and a list of what comes."""
    lines: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        thread = threading.Thread(target=lambda: lines.extend(iter(lambda: listening.recv(65536).decode(), END)))
        thread.start()
        yield port, lines
        listening.sendto(END.encode(), ("127.0.0.1", port))
        thread.join()


def require_redis() -> str:
    """The path of redis-server; the test skips without."""
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server is not on the PATH: apt install redis-server")
    return found


@contextmanager
def running(stack: Stack, folder: Path, statsd_port: int) -> Iterator[dict[str, Path]]:
    """Run a stack's Airflow with Celery; hands out the homes of the workers by name."""
    with ExitStack() as ends:
        airflow = stack.airflow = CeleryAirflow(stack.settings, stack.postgres, stack.secrets)
        airflow.broker, airflow.statsd_port = ends.enter_context(_redis(folder / "redis")), statsd_port
        ends.callback(airflow.stop)
        airflow.start()
        homes = {name: folder / name for name in WORKERS}
        workers = [ends.enter_context(_worker(airflow, name, home)) for name, home in homes.items()]
        for worker in workers:
            worker.wait(lambda worker=worker: " ready." in worker.log.read_text(), PATIENCE_SECONDS)
        yield homes


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    folder.mkdir()
    port = free_port()
    server = Background("redis", folder, marker="redis-server")
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    server.start([require_redis(), *options], env={})
    client = redis.Redis(port=port)
    try:
        server.wait(lambda: _answers(client), PATIENCE_SECONDS)
        yield f"redis://127.0.0.1:{port}"
    finally:
        server.stop()


@contextmanager
def _worker(airflow: AirflowStack, name: str, home: Path) -> Iterator[Background]:
    home.mkdir()
    worker = Background(f"worker-{name}", home, marker="celery")
    airflow_command = airflow.command("scheduler")[:3]
    options = ["--celery-hostname", f"{name}@tests", "--concurrency", CONCURRENCY, "--skip-serve-logs"]
    environment = airflow.environment() | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": NO_DATABASE,
    }
    worker.start([*airflow_command, "celery", "worker", *options], env=environment, cwd=str(home))
    try:
        yield worker
    finally:
        worker.stop()


def _answers(client: redis.Redis) -> bool:
    try:
        return client.ping()
    except redis.ConnectionError:
        return False
