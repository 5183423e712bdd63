"""What the local stack's commands refuse at once, and what they put in order that a killed one left behind."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.local import cli, days, runs
from scripts.local.errors import StackError
from scripts.local.secrets import Secrets

DAG = {"dag_id": "stacks_daily", "is_paused": True}
MARKET = ["market", "2021-01-01", "2021-01-01"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing runs."""
    monkeypatch.setenv("DATAVERSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATAVERSE_ENV_FILE", "")
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["up", "--until", "2999-01-01"], "2999-01-01 is in the future", id="a sample until after today"),
        pytest.param(["up", "--until", "2021-01-15"], "would begin before Stacks did", id="a sample before Stacks"),
        pytest.param(["up", "--until", "soon"], "'soon' is not a valid day", id="a sample until no date"),
        pytest.param(["password"], "There is no user yet; `up` creates it", id="a password before there is any"),
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


@pytest.mark.parametrize(
    ("word", "guess"), [("stauts", "status"), ("use-stacks", "use-stacks-db"), ("dya", "day"), ("tips", "tip")]
)
def test_an_unknown_command_is_answered_with_what_may_be_meant_and_all_commands(
    word: str, guess: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([word]) == 2
    said = capsys.readouterr().err
    assert f"Unknown command {word!r}. Did you mean {guess!r}?" in said
    assert all(command in said for command in cli.COMMANDS)
    assert not home.exists()


def test_nothing_is_guessed_for_a_word_like_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bogus"]) == 2
    said = capsys.readouterr().err
    assert "Unknown command 'bogus'.\nCommands: up, " in said


@pytest.mark.parametrize("command", [name for name in cli.COMMANDS if name != "airflow"])
def test_each_command_explains_itself(command: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main([command, "--help"])
    assert done.value.code == 0
    assert f"usage: local.sh {command}" in capsys.readouterr().out
    assert not home.exists()


@pytest.mark.parametrize(
    "arguments",
    [["day"], ["day", "2024-10-28"], ["tip"], ["look"], ["market", "2021-01-01", "2021-01-01"]],
    ids=" ".join,
)
def test_what_can_be_needs_a_running_stack(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 1
    assert "Airflow is not running" in capsys.readouterr().err


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set when the first and the last block of the Stacks database are, in unix seconds; None for no block."""

    def hold(lowest: int | None, tip: int | None) -> None:
        blocks = [time and SimpleNamespace(time=time) for time in (lowest, tip)]
        source = SimpleNamespace(lowest=lambda: blocks[0], tip=lambda: blocks[1])
        monkeypatch.setattr(days.StacksDb, "open", lambda _dsn: nullcontext(source))

    return hold


MIDNIGHT = 1_795_737_600  # 2026-11-27


@pytest.mark.parametrize(
    ("tip", "newest"),
    [
        pytest.param(MIDNIGHT + 2 * 3600, "2026-11-26", id="two hours after its end"),
        pytest.param(MIDNIGHT + 2 * 3600 - 1, "2026-11-25", id="a second less"),
    ],
)
def test_a_day_that_is_not_named_is_the_newest_settled_one(tip: int, newest: str, chain: Any, source: Any) -> None:
    chain(MIDNIGHT - 3 * 86_400, tip)
    assert str(days.in_chain(source, None)) == newest


def test_of_a_chain_without_a_settled_day_it_is_the_last(chain: Any, source: Any) -> None:
    chain(MIDNIGHT + 60, MIDNIGHT + 3600)
    assert str(days.in_chain(source, None)) == "2026-11-27"


@pytest.mark.parametrize(("day", "is_there"), [(23, False), (24, True), (27, True), (28, False)])
def test_a_day_that_the_chain_does_not_have_is_refused(day: int, is_there: bool, chain: Any, source: Any) -> None:
    chain(MIDNIGHT - 3 * 86_400, MIDNIGHT + 60)
    refused = pytest.raises(StackError, match=f"the days 2026-11-24 to 2026-11-27; 2026-11-{day} is not among them")
    with nullcontext() if is_there else refused:
        assert days.in_chain(source, date(2026, 11, day)) == date(2026, 11, day)


def test_without_a_chain_there_is_no_day(chain: Any, source: Any) -> None:
    chain(None, None)
    with pytest.raises(StackError, match="has no block; `up` without --no-sample"):
        days.in_chain(source, None)


@pytest.fixture
def source(home: Path) -> Any:
    """A stack of which only the local Stacks database matters."""
    return SimpleNamespace(secrets=Secrets(home / "secrets.json"), postgres=SimpleNamespace(dsn=lambda _name: ""))


def test_ids_of_runs_say_what_they_are_about() -> None:
    day, last = date(2024, 10, 29), date(2024, 10, 30)
    found = [runs.of_day(day), runs.of_forgotten(day, raw=True), runs.of_market(day, last), runs.of_tip_snapshot()]
    assert [run.name for run in found] == ["day_2024-10-29", "forget_2024-10-29", "market_2024-10-29_2024-10-30", "tip"]


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


def test_a_mistyped_command_repeats_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["use-stacks-db", "host=db", "password=hush", "PASSWORD = 'hush hush'"])
    assert "hush" not in "".join(capsys.readouterr())
