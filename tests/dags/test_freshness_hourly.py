"""The DAG that watches over the age of objects: often, apart from the others, and loud."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import CronTriggerTimetable

from stacks_dataverse.task_wrappers import watch
from stacks_dataverse.task_wrappers.lazy import resolve

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def dag() -> Any:
    bag = DagBag(str(DAGS))
    assert bag.import_errors == {}
    return bag.dags["freshness_hourly"]


def test_it_says_what_an_operator_needs(dag: Any) -> None:
    assert dag.doc_md
    assert dag.description
    assert {"stacks", "market", "hourly"} <= set(dag.tags)


def test_it_runs_every_hour_one_at_a_time_and_never_for_the_past(dag: Any) -> None:
    assert isinstance(dag.schedule, CronTriggerTimetable)
    assert (dag.schedule.expression, str(dag.schedule.timezone)) == ("20 * * * *", "UTC")
    assert (dag.catchup, dag.max_active_runs) == (False, 1)


def test_a_backfill_that_fills_the_pool_does_not_silence_it(dag: Any) -> None:
    [task] = dag.tasks
    assert resolve(task.python_callable) is watch.check_freshness
    assert task.pool == "default_pool"
    assert task.retries >= 1
    assert task.execution_timeout < timedelta(hours=1)
