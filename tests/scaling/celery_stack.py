"""The local stack with CeleryExecutor: a Redis, and workers with homes of their own, as on machines of their own."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from scripts.local.airflow_stack import AirflowStack
from scripts.local.processes import Background
from scripts.local.settings import PRIVATE_BUCKET
from scripts.local.stack import Stack
from tests.conftest import _free_port

WORKERS = ("first", "second")
PATIENCE_SECONDS = 120
# A worker's main process, and one that runs tasks.
CONCURRENCY = "1"


class CeleryAirflow(AirflowStack):
    """Airflow whose tasks go to workers by way of Redis; logs of tasks go to the private bucket."""

    broker = ""

    def environment(self) -> dict[str, str]:
        """The stack's own, and what docs/scaling.md says to set."""
        return super().environment() | {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": f"{self.broker}/0",
            "AIRFLOW__CELERY__RESULT_BACKEND": f"{self.broker}/1",
            "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
            "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": f"s3://{PRIVATE_BUCKET}/logs",
            "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "aws_default",
        }


def require_redis() -> str:
    """The path of redis-server; the test skips without."""
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server is not on the PATH: apt install redis-server")
    return found


@contextmanager
def running(stack: Stack, folder: Path) -> Iterator[dict[str, Path]]:
    """Run a stack's Airflow with Celery; hands out the homes of the workers by name."""
    with ExitStack() as ends:
        airflow = stack.airflow = CeleryAirflow(stack.settings, stack.postgres, stack.secrets)
        airflow.broker = ends.enter_context(_redis(folder / "redis"))
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
    port = _free_port()
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
    environment = airflow.environment() | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_free_port()),
    }
    command = [*airflow.command("scheduler")[:3], "celery", "worker", "-H", f"{name}@tests", "-c", CONCURRENCY]
    worker.start(command, env=environment, cwd=str(home))
    try:
        yield worker
    finally:
        worker.stop()


def _answers(client: redis.Redis) -> bool:
    try:
        return client.ping()
    except redis.ConnectionError:
        return False
