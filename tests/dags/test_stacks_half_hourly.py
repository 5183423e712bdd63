"""The DAG of looks at the tip: of the present only, short, and nothing waits for the sanity check."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import CronDataIntervalTimetable

from stacks_dataverse.task_wrappers.lazy import resolve

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def dag() -> Any:
    bag = DagBag(str(DAGS))
    assert bag.import_errors == {}
    return bag.dags["stacks_half_hourly"]


def test_it_says_what_an_operator_needs(dag: Any) -> None:
    assert dag.doc_md
    assert dag.description
    assert {"stacks", "half-hourly"} <= set(dag.tags)


def test_it_runs_every_half_hour_one_at_a_time_and_never_for_the_past(dag: Any) -> None:
    assert isinstance(dag.schedule, CronDataIntervalTimetable)
    assert (dag.schedule.expression, str(dag.schedule.timezone)) == ("*/30 * * * *", "UTC")
    assert dag.catchup is False
    assert dag.max_active_runs == 1


def test_only_the_newest_run_does_anything(dag: Any) -> None:
    gate = dag.get_task("latest_only")
    assert type(gate).__name__ == "LatestOnlyOperator"
    assert {task.task_id for task in gate.get_flat_relatives(upstream=False)} == set(dag.task_ids) - {"latest_only"}
    assert {task.trigger_rule for task in dag.tasks} == {"all_success"}


def test_every_task_is_short_retried_soon_and_in_the_pool(dag: Any) -> None:
    for task in dag.tasks:
        assert task.pool == "stacks-pool", task.task_id
        assert task.owner == "dataverse", task.task_id
        assert task.retries >= 1, task.task_id
        assert task.max_retry_delay <= timedelta(minutes=5), task.task_id
        assert task.execution_timeout < timedelta(minutes=30), task.task_id


def test_every_task_calls_a_wrapper(dag: Any) -> None:
    for task in dag.tasks:
        if task.task_id != "latest_only":
            assert task.python_callable.__module__.startswith("stacks_dataverse.task_wrappers."), task.task_id
            assert hasattr(resolve(task.python_callable), "__wrapped__"), f"{task.task_id} would retry what cannot help"


def test_tasks_come_in_order_and_none_waits_for_the_sanity_check(dag: Any) -> None:
    for earlier, later in itertools.pairwise(["migrate_warehouse", "land_tip", "publish_tip", "invalidate_cdn"]):
        assert dag.get_task(earlier).downstream_task_ids == {later}
    assert dag.get_task("sanity_check").upstream_task_ids == {"latest_only"}
    assert dag.get_task("sanity_check").downstream_task_ids == set()


def test_lineage_shows(dag: Any) -> None:
    outlets = {task.task_id: [asset.name for asset in task.outlets] for task in dag.tasks if task.outlets}
    assert outlets == {"land_tip": ["raw_stacks_live"], "publish_tip": ["public_stacks_live"]}
