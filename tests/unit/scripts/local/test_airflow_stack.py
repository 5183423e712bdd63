"""Starting Airflow's four processes, of which some are found and about to end."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.local.airflow_stack import ARGUMENTS, AirflowStack
from scripts.local.errors import StackError
from scripts.local.secrets import Secrets
from scripts.local.settings import Settings


class Process:
    """A stand-in for a process on record; `ends` is how often it ends while it is waited for."""

    def __init__(self, is_found: bool, ends: int = 0) -> None:
        self.is_found, self.ends, self.starts = is_found, ends, 0

    def find(self) -> object | None:
        return self if self.is_found else None

    def start(self, command: list[str], **options: object) -> None:
        self.is_found, self.starts = True, self.starts + 1


class Stack(AirflowStack):
    """Waits for nothing: one process that is about to end does so in each wait."""

    def require_port(self) -> None:
        pass

    def environment(self) -> dict[str, str]:
        return {}

    def wait_until_healthy(self) -> None:
        for name, process in self.processes.items():
            if process.ends:
                process.ends, process.is_found = process.ends - 1, False
                raise StackError(f"{name} has ended.")


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """All four are found."""
    made = Stack(Settings(tmp_path, 20_000), SimpleNamespace(), Secrets(tmp_path / "secrets.json"))
    made.processes = {name: Process(is_found=True) for name in ARGUMENTS}
    return made


def test_what_ends_one_after_another_is_started_again(stack: Stack) -> None:
    for name in ("scheduler", "dag-processor", "triggerer"):
        stack.processes[name].ends = 1
    stack.start()
    starts = {name: process.starts for name, process in stack.processes.items()}
    assert starts == {"api-server": 0, "scheduler": 1, "dag-processor": 1, "triggerer": 1}


def test_what_was_started_and_ends_is_an_error(stack: Stack) -> None:
    stack.processes["scheduler"] = Process(is_found=False, ends=1)
    with pytest.raises(StackError, match="scheduler has ended"):
        stack.start()
    assert stack.processes["scheduler"].starts == 1


def test_what_ends_again_is_an_error(stack: Stack) -> None:
    stack.processes["scheduler"].ends = 2
    with pytest.raises(StackError, match="scheduler has ended"):
        stack.start()
    assert stack.processes["scheduler"].starts == 1
