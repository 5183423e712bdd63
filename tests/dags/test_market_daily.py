"""The market's DAG: after the chain's, apart from it, and a vendor's failure stays its own."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import CronDataIntervalTimetable
from airflow.sdk.exceptions import ParamValidationError

from stacks_dataverse.task_wrappers.lazy import resolve

DAGS = Path(__file__).parents[2] / "dags"

PRICES = {"land_prices", "build_prices"}
SOCIAL = {"land_social", "build_social"}
ALWAYS = {"make_indicators", "publish_market", "invalidate_cdn"}


@pytest.fixture(scope="module")
def dag() -> Any:
    bag = DagBag(str(DAGS))
    assert bag.import_errors == {}
    return bag.dags["market_daily"]


def upstream(dag: Any, task_id: str) -> set[str]:
    return {task.task_id for task in dag.get_task(task_id).get_flat_relatives(upstream=True)}


def test_it_says_what_an_operator_needs(dag: Any) -> None:
    assert dag.doc_md
    assert dag.description
    assert {"market", "daily"} <= set(dag.tags)
    for name in ("cryptocompare", "lunarcrush", "vendors-pool", "price_source", "from_day", "to_day"):
        assert name in dag.doc_md


def test_it_runs_each_morning_one_at_a_time_without_catching_up(dag: Any) -> None:
    assert isinstance(dag.schedule, CronDataIntervalTimetable)
    assert (dag.schedule.expression, str(dag.schedule.timezone)) == ("0 5 * * *", "UTC")
    assert dag.start_date.date() == date(2021, 1, 14)
    assert (dag.catchup, dag.max_active_runs) == (False, 1)


@pytest.mark.parametrize("name", ["from_day", "to_day"])
def test_days_may_be_given_or_left_out(name: str, dag: Any) -> None:
    assert dag.params[name] is None
    assert dag.params.get_param(name).resolve("2021-01-01") == "2021-01-01"
    with pytest.raises(ParamValidationError):
        dag.params.get_param(name).resolve("the beginning")


def test_every_task_is_bounded_and_retried_and_calls_a_wrapper(dag: Any) -> None:
    for task in dag.tasks:
        assert task.owner == "dataverse", task.task_id
        assert task.retries >= 2, task.task_id
        assert task.retry_exponential_backoff, task.task_id
        assert task.execution_timeout <= timedelta(hours=1), task.task_id
        assert task.python_callable.__module__.startswith("stacks_dataverse.task_wrappers."), task.task_id
        assert hasattr(resolve(task.python_callable), "__wrapped__"), f"{task.task_id} would retry what cannot help"


def test_whoever_asks_a_vendor_waits_for_the_vendors_pool(dag: Any) -> None:
    pools = {task.task_id: task.pool for task in dag.tasks}
    assert {name for name, pool in pools.items() if pool == "vendors-pool"} == {"land_prices", "land_social"}
    assert set(pools.values()) == {"vendors-pool", "stacks-pool"}


def test_a_vendor_holds_up_only_what_is_built_from_it(dag: Any) -> None:
    assert upstream(dag, "build_prices") == {"land_prices", "migrate_warehouse"}
    assert upstream(dag, "build_social") == {"land_social", "migrate_warehouse"}
    assert dag.get_task("build_prices").trigger_rule == dag.get_task("build_social").trigger_rule == "all_success"


def test_stored_prices_are_checked_and_nothing_waits_for_that(dag: Any) -> None:
    assert upstream(dag, "check_prices") == PRICES | {"migrate_warehouse"}
    assert dag.get_task("check_prices").downstream_task_ids == {"fail_if_any_failed"}
    assert dag.get_task("check_prices").trigger_rule == "all_success"


def test_indicators_and_publishing_go_on_with_what_is_there(dag: Any) -> None:
    assert upstream(dag, "make_indicators") == PRICES | {"migrate_warehouse"}
    assert upstream(dag, "publish_market") == PRICES | SOCIAL | {"migrate_warehouse", "make_indicators"}
    assert upstream(dag, "invalidate_cdn") > {"publish_market"}
    assert {dag.get_task(name).trigger_rule for name in ALWAYS} == {"all_done"}


def test_a_failure_anywhere_fails_the_run(dag: Any) -> None:
    last = dag.get_task("fail_if_any_failed")
    assert last.trigger_rule == "all_done", "one that waits for a failure is skipped on a healthy day"
    assert last.upstream_task_ids == {task.task_id for task in dag.tasks} - {"fail_if_any_failed"}
    assert {task.task_id for task in dag.leaves} == {"fail_if_any_failed"}


def test_lineage_shows(dag: Any) -> None:
    outlets = {task.task_id: [asset.name for asset in task.outlets] for task in dag.tasks if task.outlets}
    assert outlets == {
        "land_prices": ["raw_vendors"],
        "land_social": ["raw_vendors"],
        "make_indicators": ["warehouse_market"],
        "publish_market": ["public_market"],
    }
