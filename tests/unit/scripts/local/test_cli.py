"""What the local stack's commands refuse at once, and what they put in order that a killed one left behind."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.local import cli, runs
from scripts.local.errors import StackError
from scripts.local.secrets import Secrets

DAG = {"dag_id": "stacks_daily", "is_paused": True}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing runs."""
    monkeypatch.setenv("DATAVERSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATAVERSE_ENV_FILE", "")
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["day", "yesterday"], "'yesterday' is not a valid day; use YYYY-MM-DD", id="no date"),
        pytest.param(["day", "2024-02-30"], "'2024-02-30' is not a valid day", id="a day that no month has"),
        pytest.param(["day", "20241028"], "'20241028' is not a valid day", id="another way to write a date"),
        pytest.param(["day", "2999-01-01"], "2999-01-01 is in the future", id="after today"),
        pytest.param(["market", "2024-10-02", "2024-10-01"], "swap them", id="the wrong way round"),
        pytest.param(["market", "2024-10-02", "2999-01-01"], "2999-01-01 is in the future", id="prices after today"),
        pytest.param(["market", "2024-10-02", "soon"], "'soon' is not a valid day", id="prices until no date"),
        pytest.param(["market", "2020-12-31", "2021-01-02"], "start on 2021-01-01", id="before prices began"),
        pytest.param(["s3", "cat", "public"], "key of the object is missing", id="an object without a key"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_started(
    arguments: list[str], words: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 1
    assert words in capsys.readouterr().err
    assert not home.exists()


@pytest.mark.parametrize("arguments", [["day", "2024-10-28"], ["market", "2021-01-01", "2021-01-01"]], ids=" ".join)
def test_what_can_be_needs_a_running_stack(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 1
    assert "Airflow is not running" in capsys.readouterr().err


class Airflow:
    """Airflow with one DAG, of which a scheduled run waits, and what was done to it."""

    def __init__(self) -> None:
        self.dags, self.done = {"stacks_daily": dict(DAG)}, []

    def __call__(self, *_: Any) -> "Airflow":
        return self

    def dag(self, dag_id: str) -> dict[str, Any] | None:
        return self.dags.get(dag_id)

    def pause(self, dag_id: str, paused: bool) -> None:
        self.dags[dag_id]["is_paused"] = paused

    def unfinished_scheduled_runs(self, _dag_id: str, since: str) -> list[str]:
        return [f"scheduled since {since}"]

    def end_run(self, _dag_id: str, run: str) -> None:
        self.done.append(f"ended {run}")

    def delete_run(self, _dag_id: str, run: str) -> None:
        self.done.append(f"deleted {run}")


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Airflow:
    found = Airflow()
    monkeypatch.setattr(runs, "AirflowApi", found)
    return found


@pytest.fixture
def stack(home: Path) -> Any:
    """A stack whose processes are all well."""
    return SimpleNamespace(
        settings=SimpleNamespace(web_url=""),
        admin_password="",
        airflow=SimpleNamespace(unhealthy=list),
        choices=Secrets(home / "choices.json"),
    )


def test_a_refused_address_is_not_repeated_and_its_form_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["use-stacks-db", "postgresql://joe:hush%zz@host/stacks"]) == 1
    said = capsys.readouterr().err
    assert "postgresql://user:password@host" in said
    assert "hush" not in said
    assert {path.name for path in home.iterdir()} == {"run"}, "something was started"


def test_a_dag_is_unpaused_for_a_command_alone_and_that_is_on_record(stack: Any, airflow: Airflow) -> None:
    with runs._unpaused(stack, airflow, dict(DAG)):
        assert not airflow.dags["stacks_daily"]["is_paused"]
        assert list(runs.left_unpaused(stack)) == ["stacks_daily"]
    assert airflow.dags["stacks_daily"]["is_paused"]
    assert runs.left_unpaused(stack) == {}


def test_a_dag_that_its_owner_unpaused_stays_so(stack: Any, airflow: Airflow) -> None:
    airflow.pause("stacks_daily", False)
    with runs._unpaused(stack, airflow, DAG | {"is_paused": False}):
        assert runs.left_unpaused(stack) == {}
    assert not airflow.dags["stacks_daily"]["is_paused"]


def test_what_a_killed_command_left_unpaused_is_paused_without_what_came_up_meanwhile(
    stack: Any, airflow: Airflow, capsys: pytest.CaptureFixture[str]
) -> None:
    airflow.pause("stacks_daily", False)
    stack.choices.put("unpaused_since stacks_daily", "2024-10-29")
    stack.choices.put("unpaused_since a_dag_of_an_older_version", "2024-10-29")
    runs.pause_again(stack)
    assert airflow.dags["stacks_daily"]["is_paused"]
    assert airflow.done == ["ended scheduled since 2024-10-29", "deleted scheduled since 2024-10-29"]
    assert runs.left_unpaused(stack) == {}
    assert "Paused stacks_daily: an interrupted command" in capsys.readouterr().out


def test_while_airflow_does_not_run_what_is_left_unpaused_stays_on_record(stack: Any, airflow: Airflow) -> None:
    stack.airflow.unhealthy = lambda: ["scheduler"]
    stack.choices.put("unpaused_since stacks_daily", "2024-10-29")
    runs.pause_again(stack)
    assert runs.left_unpaused(stack) == {"stacks_daily": "2024-10-29"}


def test_a_stack_of_which_a_dag_cannot_be_paused_can_be_stopped(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_stack: Any) -> None:
        raise StackError("Airflow rejected the log-in of admin")

    monkeypatch.setattr(runs, "pause_again", refuse)
    assert cli.main(["down"]) == 0
    said = capsys.readouterr()
    assert ("Stopped." in said.out, "failed: Airflow rejected" in said.err) == (True, True)
