"""The image as an operator has it: built, started, used, stopped in the middle of a task, started again."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from scripts.container import healthy
from scripts.local import sample_chain
from scripts.local.airflow_api import AirflowApi
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from tests.faults.moments import wait_until
from tests.ops.image import engine
from tests.ops.image.conftest import BUCKETS, COMMIT, World
from tests.ops.image.engine import Container

pytestmark = pytest.mark.slow

DAGS = ("stacks_daily", "stacks_backfill")
PATIENCE_SECONDS = 600
COMPILERS = ("gcc", "cc", "g++", "clang", "rustc", "cargo", "go", "make")
# Another user without a name, and nothing to write to but logs and a temporary folder.
STRANGER = ("--user", "123456:0", "--read-only", "--tmpfs", "/tmp:mode=1777", "--tmpfs", "/opt/airflow/logs:mode=1777")


@pytest.fixture(scope="module")
def only_one(start: Callable[..., Container]) -> Container:
    return start()


@pytest.fixture
def container(only_one: Container, world: World) -> Container:
    """A container that is healthy, whatever an earlier test did to it."""
    only_one.resume()
    return wait_until_healthy(only_one, world)


@pytest.fixture
def api(container: Container, world: World) -> AirflowApi:
    return log_in(world)


def wait_until_healthy(container: Container, world: World) -> Container:
    def is_healthy() -> bool:
        assert container.state()["Running"], container.logs()[-5000:]
        return healthy.unhealthy(world.url) == []

    wait_until(is_healthy, "the container is healthy", PATIENCE_SECONDS)
    return container


def log_in(world: World) -> AirflowApi:
    api = AirflowApi(world.url, world.password)
    wait_until(lambda: all(api.dag(dag) for dag in DAGS), "the DAGs are there", PATIENCE_SECONDS)
    for dag in DAGS:
        api.pause(dag, False)
    return api


def ends_well(api: AirflowApi, run: str) -> None:
    wait_until(lambda: api.run_state(DAGS[0], run) in ("success", "failed"), f"{run} has ended", PATIENCE_SECONDS)
    tasks = api.tasks(DAGS[0], run)
    failed = [line for task in tasks if task["state"] == "failed" for line in api.log(task)[-20:]]
    assert api.run_state(DAGS[0], run) == "success", "\n".join(failed)


def test_the_image_says_what_it_is(image: str) -> None:
    found = engine.inspect(image)
    assert found["Labels"]["org.opencontainers.image.revision"] == COMMIT
    assert found["Config"]["User"] == "50000:0"
    assert found["Config"]["ExposedPorts"] == {"8080/tcp": {}}
    assert found["Healthcheck"]["Test"] == ["CMD", "python", "scripts/container/healthy.py"]


def test_code_that_changes_does_not_install_the_dependencies_again(image: str) -> None:
    said = engine.build("localhost/airflow:again", "--build-arg", "COMMIT=another")
    assert "Collecting" not in said
    assert "Using cache" in said


def test_a_day_runs_in_it(api: AirflowApi, world: World, s3_server: S3Server, postgres_server: PostgresServer) -> None:
    day = sample_chain.days_in(postgres_server.dsn("image_stacks"))[0]
    api.trigger(DAGS[0], "first", {"day": str(day), "allow_unsettled": True})
    ends_well(api, "first")
    public = {item["Key"] for item in s3_server.objects(BUCKETS[1])}
    assert f"daily_txs/{day}.json.gz" in public


def test_a_shell_in_it_knows_the_database(container: Container) -> None:
    done = container.run("airflow", "pools", "list", "--output", "plain")
    rows = {tuple(line.split()[:2]) for line in done.stdout.splitlines()}
    assert rows >= {("stacks-pool", "4"), ("vendors-pool", "1")}, done.stdout + done.stderr


def test_it_knows_that_it_is_healthy(container: Container) -> None:
    done = container.run("python", "scripts/container/healthy.py")
    assert (done.returncode, done.stdout.strip()) == (0, "healthy")


def test_nothing_in_it_runs_as_root(container: Container) -> None:
    users = container.run("sh", "-c", "for status in /proc/[0-9]*/status; do grep ^Uid: $status; done").stdout
    assert users
    assert {line.split()[1] for line in users.splitlines()} == {"50000"}


def test_there_is_no_compiler_in_it(container: Container) -> None:
    look = " ".join(f"command -v {program} && found=1;" for program in COMPILERS)
    assert container.run("sh", "-c", f"{look} exit $found").stdout == ""


def test_its_code_cannot_be_changed_from_inside(container: Container) -> None:
    search = "find /opt /etc /usr -xdev -writable -not -type l -not -path '/opt/airflow/logs*'"
    assert container.run("sh", "-c", search).stdout == ""


def test_neither_files_nor_logs_nor_records_hold_a_secret(
    api: AirflowApi, container: Container, world: World, image: str, tmp_path: Path
) -> None:
    patterns = tmp_path / "secrets"
    patterns.write_text("\n".join(world.secrets))
    search = ["grep", "-rlF", "--devices=skip", "--file", str(patterns), str(container.files())]
    assert subprocess.run(search, capture_output=True, text=True, check=False).stdout == ""
    records = [container.logs(), container.described(), engine.history(image), str(engine.inspect(image))]
    assert [secret for secret in world.secrets for record in records if secret in record] == []


@contextmanager
def held(dsn: str, table: str) -> Iterator[None]:
    """Hold a table that a task reads."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.cursor().execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def test_it_stops_in_the_middle_of_a_task_and_another_user_goes_on(
    api: AirflowApi, container: Container, world: World, start: Callable[..., Container],
    postgres_server: PostgresServer,
) -> None:  # fmt: skip
    stacks = postgres_server.dsn("image_stacks")
    day = sample_chain.days_in(stacks)[1]
    with held(stacks, "stacks_blockchain_api.contract_logs"):
        api.trigger(DAGS[0], "second", {"day": str(day), "allow_unsettled": True})
        task = lambda: next(t for t in api.tasks(DAGS[0], "second") if t["task_id"] == "land_contract_logs")  # noqa: E731
        wait_until(lambda: task()["state"] == "running", "the task waits for the table", PATIENCE_SECONDS)
        began = time.monotonic()
        container.stop(seconds=30)
        assert time.monotonic() - began < 30
    assert container.state()["ExitCode"] == 0, container.logs()[-3000:]
    again = wait_until_healthy(start(options=STRANGER), world)
    api = log_in(world)
    ends_well(api, "second")
    # Handed back, not failed: the next try after the one that was ended did it.
    assert (task()["state"], task()["try_number"]) == ("success", 2)
    assert again.run("id", "-u").stdout.strip() == "123456"
    again.stop(seconds=30)
    assert again.state()["ExitCode"] == 0


def test_two_that_start_at_once_set_the_database_up_once(
    start: Callable[..., Container], postgres_server: PostgresServer
) -> None:
    postgres_server.create_database("image_race")
    other = postgres_server.parameters("image_race")
    options = [part for name, key in (("DB", "dbname"), ("USER", "user"), ("PASSWORD", "password"))
               for part in ("--env", f"POSTGRES_{name}={other[key]}")]  # fmt: skip
    both = [start("migrate", options=options) for _ in range(2)]
    assert [one.wait(PATIENCE_SECONDS) for one in both] == [0, 0], both[0].logs() + both[1].logs()
    assert ["The metadata database is set up." in one.logs() for one in both] == [True, True]
    with postgres_server.connect("image_race") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM ab_user), (SELECT count(*) FROM slot_pool)")
        assert cursor.fetchone() == (1, 3)


def test_a_component_that_dies_for_good_ends_the_container_with_an_error(
    container: Container, start: Callable[..., Container]
) -> None:
    broken = start("scheduler", "--no-such-option")
    assert broken.wait(PATIENCE_SECONDS) == 1
    assert "scheduler has died 4 times" in broken.logs()


def test_without_keys_it_refuses(start: Callable[..., Container]) -> None:
    refused = start(options=("--env", "AIRFLOW__CORE__FERNET_KEY="))
    assert refused.wait(PATIENCE_SECONDS) == 2
    assert "AIRFLOW__CORE__FERNET_KEY is not set" in refused.logs()
