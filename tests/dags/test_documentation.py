"""DAGs and tasks explain themselves in the web UI, with links that lead somewhere; a healthy day skips none."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.providers.standard.operators.python import ShortCircuitOperator
from airflow.sdk import TriggerRule
from airflow.sdk.exceptions import DagRunTriggerException

from plugins.dag_parts import documentation
from plugins.dag_parts.trigger_backfill import TriggerBackfill

ROOT = Path(__file__).parents[2]
DAG_IDS = sorted(path.stem for path in (ROOT / "dags").glob("*.py"))
BAG = DagBag(str(ROOT / "dags"))
TASKS = [pytest.param(task, id=f"{dag_id}.{task.task_id}") for dag_id in DAG_IDS for task in BAG.dags[dag_id].tasks]
# Groups of these are shown folded; what is alone needs no group.
GROUPS = {
    "freshness_hourly": set(),
    "market_daily": {"Prices", "Social figures", "Publish"},
    "stacks_backfill": {"Land", "Build", "Publish"},
    "stacks_daily": {"Prepare", "Land", "Build", "Publish", "Handle reorgs"},
    "stacks_forget_day": {"Publish"},
    "stacks_half_hourly": {"Land", "Publish"},
    "stacks_weekly": set(),
}


def argument(task: Any, name: str) -> Any:
    """An argument of a task, mapped or not."""
    return task.partial_kwargs.get(name) if task.is_mapped else getattr(task, name)


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_a_dag_has_a_name_for_people_and_explains_its_schedule(dag_id: str) -> None:
    dag = BAG.dags[dag_id]
    assert dag.dag_display_name != dag_id
    assert "* **Schedule**: " in dag.doc_md
    assert ("has this DAG paused" in dag.doc_md) is (dag.schedule is not None)
    assert f"({documentation.RUNBOOK}#{dag_id})" in dag.doc_md
    assert f"({documentation.PAGE}/)" in dag.doc_md


def test_names_for_people_are_all_different() -> None:
    assert len({BAG.dags[dag_id].dag_display_name for dag_id in DAG_IDS}) == len(DAG_IDS)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_has_a_name_for_people_and_says_what_it_does(task: Any) -> None:
    assert argument(task, "task_display_name") not in (None, task.task_id)
    text, links = argument(task, "doc_md").rsplit("\n\n", 1)
    assert re.fullmatch(r"[A-Z].{20,}\.", text)
    assert f"({documentation.RUNBOOK}#{task.dag_id})" in links


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_groups_leave_the_ids_of_tasks_alone(dag_id: str) -> None:
    """Alerts and the runbook name tasks by their ids."""
    groups = [group for group in BAG.dags[dag_id].task_group.get_task_group_dict().values() if group.group_id]
    assert {group.group_display_name for group in groups} == GROUPS[dag_id]
    assert not [task_id for task_id in BAG.dags[dag_id].task_ids if "." in task_id]


def test_links_lead_to_what_the_page_has() -> None:
    texts = [BAG.dags[dag_id].doc_md for dag_id in DAG_IDS] + [argument(each.values[0], "doc_md") for each in TASKS]
    documents = {name for text in texts for name in re.findall(r"/guide/(\w+\.md)", text)}
    assert documents == {"runbook.md", "airflow.md"}
    assert all((ROOT / "docs" / name).is_file() for name in documents)
    headings = re.findall(r"^### (\w+)$", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    assert set(headings) == set(DAG_IDS)


@pytest.mark.parametrize("task", TASKS)
def test_a_healthy_day_skips_nothing(task: Any) -> None:
    assert not isinstance(task, ShortCircuitOperator)
    assert task.trigger_rule not in (TriggerRule.ONE_FAILED, TriggerRule.ALL_FAILED)


def operator(days: dict[str, Any] | None) -> tuple[TriggerBackfill, dict[str, Any]]:
    """The operator, and the context of a run whose comparison returned days."""
    ti = SimpleNamespace(xcom_pull=lambda task_ids: days if task_ids == "find_changed_days" else "other")
    return TriggerBackfill(task_id="rebuild", days_from="find_changed_days"), {"ti": ti}


def test_without_changed_days_no_backfill_is_triggered() -> None:
    trigger, context = operator(None)
    assert trigger.execute(context) is None


def test_changed_days_are_handed_over_to_a_backfill() -> None:
    trigger, context = operator({"from_day": "2024-10-28", "to_day": "2024-10-29", "days": 2, "loose": 0})
    with pytest.raises(DagRunTriggerException) as raised:
        trigger.execute(context)
    assert raised.value.trigger_dag_id == "stacks_backfill"
    assert raised.value.conf == {"from_day": "2024-10-28", "to_day": "2024-10-29"}
    assert raised.value.logical_date is None
