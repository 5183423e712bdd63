"""The runbook knows every task, every check and every command, and none that is not there."""

import re
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag

from scripts.docs import runbook
from scripts.local import cli
from stacks_dataverse import catalog

ROOT = Path(__file__).parents[2]
TEXT = runbook.PAGE.read_text(encoding="utf-8")
DAG_IDS = sorted(path.stem for path in (ROOT / "dags").glob("*.py"))
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


def entries(section: str) -> set[str]:
    """The tasks in the first cells of a section's table."""
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_every_task_has_an_entry(dag_id: str, dags: dict[str, Any]) -> None:
    assert set(dags[dag_id].task_ids) - entries(SECTIONS[dag_id]) == set()


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_every_entry_is_of_a_task(dag_id: str, dags: dict[str, Any]) -> None:
    unknown = entries(SECTIONS[dag_id]) - set(dags[dag_id].task_ids)
    if SECTIONS.keys() == set(DAG_IDS):
        assert unknown == set()
    assert unknown <= {"find_changed_days", "rebuild_changed_days"}


def test_the_checks_are_those_of_the_catalogue() -> None:
    assert runbook.page() == TEXT, "docs/runbook.md is stale: run python -m scripts.docs.runbook"
    for check in (*catalog.CHECKS, *catalog.MARKET_CHECKS):
        assert f"| `{check.name}` | {check.kind.value} |" in TEXT


def test_every_command_of_the_local_stack_exists() -> None:
    commands = set(re.findall(r"\./scripts/local\.sh ([a-z]\S*)", TEXT))
    assert commands
    assert commands <= set(cli.COMMANDS)


def test_every_param_that_a_command_gives_is_declared(dags: dict[str, Any]) -> None:
    triggers = re.findall(r"dags trigger (\w+) --conf '\{([^}]*)\}'", TEXT)
    assert triggers
    for dag_id, conf in triggers:
        given = set(re.findall(r'"(\w+)": ', conf))
        assert given <= (dags[dag_id].params.keys() if dag_id in dags else given)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (runbook.PAGE.parent / target).exists(), target
