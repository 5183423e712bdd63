"""The DAGs that go over many days load, say what an operator needs, and put their tasks in order."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import TriggerRule
from airflow.sdk.exceptions import ParamValidationError

from stacks_dataverse.task_wrappers.lazy import resolve

DAGS = Path(__file__).parents[2] / "dags"
BY_MONTH = ("land_month", "build_month", "check_month")


@pytest.fixture(scope="module")
def bag() -> DagBag:
    found = DagBag(str(DAGS))
    assert found.import_errors == {}
    return found


@pytest.fixture(scope="module")
def backfill(bag: DagBag) -> Any:
    return bag.dags["stacks_backfill"]


@pytest.fixture(scope="module")
def weekly(bag: DagBag) -> Any:
    return bag.dags["stacks_weekly"]


@pytest.mark.parametrize("dag_id", ["stacks_backfill", "stacks_weekly"])
def test_it_says_what_an_operator_needs(dag_id: str, bag: DagBag) -> None:
    dag = bag.dags[dag_id]
    assert dag.doc_md
    assert dag.description
    assert "stacks" in dag.tags
    assert dag.max_active_runs == 1


@pytest.mark.parametrize("dag_id", ["stacks_backfill", "stacks_weekly"])
def test_every_task_is_bounded_retried_and_in_the_pool(dag_id: str, bag: DagBag) -> None:
    for task in bag.dags[dag_id].tasks:
        assert task.pool == "stacks-pool", task.task_id
        assert task.retries >= 2, task.task_id
        assert task.retry_exponential_backoff, task.task_id
        assert task.execution_timeout <= timedelta(hours=12), task.task_id


def test_tasks_of_a_backfill_come_in_order_and_months_are_mapped(backfill: Any) -> None:
    ordered = [
        *("plan", "land_month", "plan_building", "build_month", "end_of_day_figures", "check_month"),
        *("publish", "invalidate_cdn"),
    ]
    assert {task.task_id for task in backfill.tasks} == {*ordered, "name_failed_tables"}
    for earlier, later in itertools.pairwise(ordered):
        assert later in backfill.get_task(earlier).downstream_task_ids
    assert [task.task_id for task in backfill.tasks if task.is_mapped] == list(BY_MONTH)
    assert backfill.get_task("land_month").map_index_template


@pytest.mark.parametrize("dag_id", ["stacks_backfill", "stacks_daily"])
def test_failed_tables_are_named_when_all_else_is_done_and_fail_the_run(dag_id: str, bag: DagBag) -> None:
    task = bag.dags[dag_id].get_task("name_failed_tables")
    assert (task.upstream_task_ids, task.downstream_task_ids) == ({"publish"}, set())
    assert task.trigger_rule == TriggerRule.ALL_DONE, "it names them as well where publishing failed"
    assert bag.dags[dag_id].get_task("invalidate_cdn").downstream_task_ids == set(), "or a failed upstream would pass"


def test_a_backfill_runs_only_when_it_is_asked_for_and_always_then(backfill: Any) -> None:
    """What the daily run hands over would else wait for somebody to unpause it."""
    assert backfill.schedule is None
    assert backfill.is_paused_upon_creation is False


@pytest.mark.parametrize(
    ("param", "value"),
    [
        pytest.param("from_day", None, id="no day"),
        pytest.param("to_day", "29/10/2024", id="no date"),
        pytest.param("what", ["land", "everything"], id="no such verb"),
        pytest.param("what", "land", id="no list"),
        pytest.param("force", "yes", id="no truth"),
        pytest.param("tables", "tenures", id="one table, no list"),
    ],
)
def test_airflow_refuses_params_that_cannot_be(param: str, value: Any, backfill: Any) -> None:
    with pytest.raises(ParamValidationError):
        backfill.params.get_param(param).resolve(value)


def test_a_backfill_does_everything_unless_told_otherwise(backfill: Any) -> None:
    assert backfill.params.get_param("what").resolve() == ["land", "build", "publish"]
    assert backfill.params.get_param("force").resolve() is False
    assert backfill.params.get_param("tables").resolve() == []


def test_the_weekly_check_repairs_and_then_raises_the_alarm(weekly: Any) -> None:
    assert weekly.get_task("compare_all_days").downstream_task_ids == {"rebuild_changed_days", "audit_day"}
    assert weekly.get_task("rebuild_changed_days").downstream_task_ids == {"raise_alarm"}
    assert weekly.get_task("rebuild_changed_days").trigger_dag_id == "stacks_backfill"
    assert weekly.catchup is False


def test_each_task_calls_a_wrapper(bag: DagBag) -> None:
    for dag_id in ("stacks_backfill", "stacks_weekly"):
        for task in bag.dags[dag_id].tasks:
            if task.task_id != "rebuild_changed_days":
                called = task.partial_kwargs["python_callable"] if task.is_mapped else task.python_callable
                assert hasattr(resolve(called), "__wrapped__"), f"{task.task_id} would retry what cannot help"
