"""The DAG loads, says what an operator needs, and puts its tasks in order."""

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import CronDataIntervalTimetable
from airflow.sdk.exceptions import ParamValidationError

from stacks_dataverse.chain import LARGE_TABLES
from stacks_dataverse.task_wrappers import daily
from stacks_dataverse.task_wrappers.lazy import resolve

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def dag() -> Any:
    bag = DagBag(str(DAGS))
    assert bag.import_errors == {}
    return bag.dags["stacks_daily"]


def downstream(dag: Any, task_id: str) -> set[str]:
    return {task.task_id for task in dag.get_task(task_id).get_flat_relatives(upstream=False)}


def test_it_says_what_an_operator_needs(dag: Any) -> None:
    assert dag.doc_md
    assert dag.description
    assert {"stacks", "daily"} <= set(dag.tags)
    assert dag.params["day"] is None
    assert dag.params["allow_unsettled"] is False


@pytest.mark.parametrize("day", ["2024-10-29", None])
def test_the_day_may_be_given_or_left_out(dag: Any, day: str | None) -> None:
    assert dag.params.get_param("day").resolve(day) == day


@pytest.mark.parametrize("day", ["yesterday", 20241029])
def test_airflow_refuses_a_param_that_is_no_day(dag: Any, day: Any) -> None:
    with pytest.raises(ParamValidationError):
        dag.params.get_param("day").resolve(day)


def test_it_runs_daily_on_whole_utc_days_without_catching_up(dag: Any) -> None:
    assert isinstance(dag.schedule, CronDataIntervalTimetable)
    assert (dag.schedule.expression, str(dag.schedule.timezone)) == ("0 0 * * *", "UTC")
    assert dag.start_date.date() == date(2021, 1, 14)
    assert dag.catchup is False


def test_every_task_is_bounded_retried_and_in_the_pool(dag: Any) -> None:
    for task in dag.tasks:
        assert task.pool == "stacks-pool", task.task_id
        assert task.owner == "dataverse", task.task_id
        assert task.retries >= 2, task.task_id
        assert task.retry_exponential_backoff, task.task_id
        assert task.max_retry_delay, task.task_id
        assert task.execution_timeout <= timedelta(hours=1), task.task_id


def test_every_task_calls_a_wrapper(dag: Any) -> None:
    for task in dag.tasks:
        if task.task_id != "rebuild_changed_days":
            assert task.python_callable.__module__.startswith("stacks_dataverse.task_wrappers."), task.task_id
            assert hasattr(resolve(task.python_callable), "__wrapped__"), f"{task.task_id} would retry what cannot help"


def test_the_wait_holds_no_slot(dag: Any) -> None:
    sensor = dag.get_task("wait_until_settled")
    assert sensor.mode == "reschedule"
    assert sensor.timeout > timedelta(days=1).total_seconds()


def test_tasks_come_in_order(dag: Any) -> None:
    tables = {f"land_{table}" for table in LARGE_TABLES} | {"land_small_tables"}
    assert tables <= downstream(dag, "land_blocks")
    for table in tables:
        assert dag.get_task(table).upstream_task_ids == {"land_blocks"}
        assert "write_manifest" in dag.get_task(table).downstream_task_ids
    ordered = ["wait_until_settled", "land_blocks", "write_manifest", "build", "end_of_day_figures", "check", "publish"]
    ordered.append("invalidate_cdn")
    for earlier, later in itertools.pairwise(ordered):
        assert later in downstream(dag, earlier)
    assert "wait_until_settled" in downstream(dag, "migrate_warehouse"), "the wait asks what is loaded"


def test_what_changed_is_handed_over_after_publishing(dag: Any) -> None:
    assert "find_changed_days" in downstream(dag, "publish")
    assert dag.get_task("find_changed_days").downstream_task_ids == {"rebuild_changed_days"}
    handed_over = dag.get_task("rebuild_changed_days")
    assert handed_over.trigger_dag_id == "stacks_backfill"
    assert handed_over.logical_date is None, "two runs by hand at one moment would collide"
    assert handed_over.days_from == "find_changed_days"


def test_the_cdn_is_told_whatever_the_trailing_days_say(dag: Any) -> None:
    assert "invalidate_cdn" not in downstream(dag, "find_changed_days")


def test_each_large_table_lands_in_a_task_of_its_own(dag: Any) -> None:
    tasks = [task for task in dag.tasks if getattr(task, "op_args", None)]
    assert {resolve(task.python_callable) for task in tasks} == {daily.land_table}
    assert {task.task_id: list(task.op_args) for task in tasks} == {f"land_{t}": [t] for t in LARGE_TABLES}


def test_lineage_shows(dag: Any) -> None:
    outlets = {task.task_id: [asset.name for asset in task.outlets] for task in dag.tasks if task.outlets}
    assert outlets == {
        "write_manifest": ["raw_stacks"],
        "check": ["warehouse_stacks"],
        "publish": ["public_stacks"],
    }
