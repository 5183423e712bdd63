"""Two workers, each with a home of its own, come to what one machine comes to."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.local import runs, sample, settings, stacks_database
from scripts.local.airflow_api import AirflowApi
from scripts.local.sample_chain import FIRST_DAY
from scripts.local.stack import Stack
from stacks_dataverse.stores.object_store import ObjectStore
from tests.ops.scaling import celery_stack
from tests.support.pipeline import Pipeline
from tests.support.servers import free_port_base

pytestmark = pytest.mark.slow

# The first day by stacks_daily, the others, of two months, by stacks_backfill.
DAYS = 6
SECOND, LAST = (FIRST_DAY + timedelta(days=number) for number in (1, DAYS - 1))
DAILY = runs.of_day(FIRST_DAY)
BACKFILL = runs.Run(
    "stacks_backfill", f"{SECOND} to {LAST}", "backfill", {"from_day": str(SECOND), "to_day": str(LAST)}
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole stack with LocalExecutor, over a sample chain."""
    celery_stack.require_redis()
    stack = Stack(settings.Settings(tmp_path_factory.mktemp("celery") / "home", free_port_base()))
    try:
        stack.start(say=print)
        sample.ensure(stack, DAYS, 200)
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def on_one_machine(stack: Stack) -> dict[str, Any]:
    """What the runs come to with LocalExecutor; the warehouse and the buckets are empty again afterwards."""
    runs.run_all(stack, [DAILY, BACKFILL])
    result = seen(stack)
    stack.airflow.stop()
    stacks_database.reset(stack)
    return result


def seen(stack: Stack) -> dict[str, Any]:
    """All that the warehouse says, and the bytes of every public object."""
    private, public = (ObjectStore(stack.s3.client(), bucket) for bucket in settings.BUCKETS.values())
    dsn = stack.postgres.dsn
    content = Pipeline(dsn("stacks"), dsn("warehouse"), private, public).content()
    return {"content": content, "published": {key: public.get(key) for key in public.list_keys()}}


def logs(home: Path) -> set[str]:
    """Where a worker logged, of tasks of both DAGs: a file a try."""
    folder = home / "logs"
    return {str(path.relative_to(folder)) for path in folder.glob("dag_id=stacks_*/**/attempt=*.log")}


def test_two_workers_come_to_what_one_machine_comes_to(
    stack: Stack, on_one_machine: dict[str, Any], tmp_path: Path
) -> None:
    assert on_one_machine["published"]
    with celery_stack.statsd() as (port, metrics), celery_stack.running(stack, tmp_path, port) as homes:
        runs.run_all(stack, [DAILY, BACKFILL])
        result = seen(stack)
        first, second = (logs(home) for home in homes.values())
        log_of_build = log_from_bucket(stack, first | second)

    assert result["content"] == on_one_machine["content"]
    assert result["published"] == on_one_machine["published"]
    assert first
    assert second
    assert not first & second
    assert {path.split("/")[0] for path in first | second} == {"dag_id=stacks_daily", "dag_id=stacks_backfill"}
    assert any(line.startswith("Built ") for line in log_of_build)
    assert {"land_table.rows", "build_day.duration", "land_month.done", "land_month.rows"} <= ours(metrics)
    assert any(line.startswith("airflow.ti_") for line in metrics), "Airflow's own metrics are not there"
    for name, home in homes.items():
        assert f"{name}@tests ready." in events(home / "logs" / f"worker-{name}.log")


def ours(metrics: list[str]) -> set[str]:
    """The names of our metrics that came, of tasks."""
    return {found[1] for line in metrics if (found := re.match(r"airflow\.dataverse\.([\w.]+):", line))}


def events(log: Path) -> list[str]:
    """What a process says in JSON, a line each; Celery's banner is not JSON."""
    return [json.loads(line)["event"] for line in log.read_text().splitlines() if line.startswith("{")]


def log_from_bucket(stack: Stack, attempts: set[str]) -> list[str]:
    """The log of the daily build, as the web UI shows it: from the bucket, for the workers' disks are their own."""
    [run] = {found[1] for path in attempts if (found := re.search(r"dag_id=stacks_daily/run_id=(\w+)/", path))}
    api = AirflowApi(stack.settings.web_url, stack.admin_password)
    return api.log(next(task for task in api.tasks("stacks_daily", run) if task["task_id"] == "build"))
