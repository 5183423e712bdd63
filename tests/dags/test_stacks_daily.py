"""The DAG loads, says what an operator needs, and its wrappers know which day they are about."""

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import CronDataIntervalTimetable
from airflow.sdk.exceptions import AirflowFailException

from stacks_dataverse import task_wrappers
from stacks_dataverse.chain import LARGE_TABLES
from stacks_dataverse.errors import Retryable, Terminal

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


def test_it_runs_daily_on_whole_utc_days_without_catching_up(dag: Any) -> None:
    assert isinstance(dag.schedule, CronDataIntervalTimetable)
    assert dag.catchup is False


def test_every_task_is_bounded_retried_and_in_the_pool(dag: Any) -> None:
    for task in dag.tasks:
        assert task.pool == "stacks-pool", task.task_id
        assert task.owner == "dataverse", task.task_id
        assert task.retries >= 2, task.task_id
        assert task.retry_exponential_backoff, task.task_id
        assert task.execution_timeout <= timedelta(hours=1), task.task_id


def test_the_wait_holds_no_slot(dag: Any) -> None:
    assert dag.get_task("wait_until_settled").mode == "reschedule"


def test_tasks_come_in_order(dag: Any) -> None:
    tables = {f"land_{table}" for table in LARGE_TABLES} | {"land_small_tables"}
    assert tables <= downstream(dag, "land_blocks")
    for table in tables:
        assert dag.get_task(table).upstream_task_ids == {"land_blocks"}
        assert "write_manifest" in dag.get_task(table).downstream_task_ids
    ordered = ["wait_until_settled", "land_blocks", "write_manifest", "build", "end_of_day_figures", "check", "publish"]
    for earlier, later in itertools.pairwise(ordered):
        assert later in downstream(dag, earlier)
    assert "build" in downstream(dag, "migrate_warehouse")


@pytest.mark.parametrize("task_id", ["write_manifest", "check", "publish"])
def test_lineage_shows(dag: Any, task_id: str) -> None:
    assert dag.get_task(task_id).outlets


def test_the_param_names_the_day_of_a_run_by_hand() -> None:
    assert task_wrappers.window({"params": {"day": "2024-10-29"}}).day == date(2024, 10, 29)


def test_a_scheduled_run_is_about_its_data_interval() -> None:
    context = {"params": {"day": None}, "data_interval_start": datetime(2024, 10, 29, tzinfo=UTC)}
    assert task_wrappers.window(context).day == date(2024, 10, 29)


def test_the_param_wins_over_the_interval() -> None:
    context = {"params": {"day": "2024-10-01"}, "data_interval_start": datetime(2024, 10, 29, tzinfo=UTC)}
    assert task_wrappers.window(context).day == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        pytest.param({"day": None}, "has no day", id="by hand without a day"),
        pytest.param({"day": "29/10/2024"}, "is not a day", id="no date"),
        pytest.param({"day": "2024-02-30"}, "is not a day", id="no such date"),
        pytest.param({"day": str(date.today() + timedelta(days=2))}, "is after today", id="after today"),
    ],
)
def test_a_run_without_a_possible_day_fails_at_once(params: dict[str, Any], words: str) -> None:
    with pytest.raises(AirflowFailException, match=words):
        task_wrappers.day_is_settled(params=params)


def test_airflow_retries_only_what_is_worth_it() -> None:
    @task_wrappers.wrapper
    def fails(error: Exception, **_: Any) -> None:
        raise error

    with pytest.raises(AirflowFailException, match="wrong key"):
        fails(Terminal("wrong key"))
    with pytest.raises(Retryable):
        fails(Retryable("slow server"))


def test_an_unsettled_day_may_be_asked_for_without_looking_at_the_chain() -> None:
    assert task_wrappers.day_is_settled(params={"day": "2024-10-29", "allow_unsettled": True})


def test_what_landing_hands_on_is_small() -> None:
    tables = {f"table_{n}": {"rows": 10**9, "bytes": 10**12, "sha256": "0" * 64, "key": "k" * 80} for n in range(60)}
    assert len(json.dumps(task_wrappers._landed({"tables": tables}))) < 1024
