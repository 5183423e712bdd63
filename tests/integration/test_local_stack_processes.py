"""Processes are known by what they are: never by a pid file alone, nor by an open port."""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scripts.local import ports
from scripts.local.errors import StackError
from scripts.local.processes import Background
from tests.faults.moments import wait_until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
FAMILY = [
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('ready', flush=True); time.sleep(600)",
]


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Background]:
    background = Background("sleeper", tmp_path / "a folder", marker="time.sleep")
    yield background
    background.stop()


@pytest.fixture
def stranger() -> Iterator[psutil.Popen]:
    process = psutil.Popen(SLEEPER)
    # For a moment after its start the kernel does not tell a process's command line yet.
    wait_until(process.cmdline, "the stranger has a command line")
    yield process
    process.kill()
    process.wait()


def write_pid_file(folder: Path, pid: int, started: float) -> None:
    (folder / "a folder" / "run").mkdir(parents=True)
    content = json.dumps({"pid": pid, "started": started})
    (folder / "a folder" / "run" / "sleeper.json").write_text(content)


def test_a_started_process_is_found_again_by_another_reader(sleeper: Background, tmp_path: Path) -> None:
    started = sleeper.start(SLEEPER, env=os.environ)
    again = Background("sleeper", tmp_path / "a folder", marker="time.sleep")
    assert again.find() == started


def test_a_reused_pid_is_neither_believed_nor_killed(
    sleeper: Background, stranger: psutil.Popen, tmp_path: Path
) -> None:
    write_pid_file(tmp_path, stranger.pid, stranger.create_time() - 3600)
    assert sleeper.find() is None
    sleeper.stop()
    assert stranger.is_running()


def test_another_command_under_our_pid_is_neither_believed_nor_killed(stranger: psutil.Popen, tmp_path: Path) -> None:
    write_pid_file(tmp_path, stranger.pid, stranger.create_time())
    background = Background("sleeper", tmp_path / "a folder", marker="airflow")
    assert background.find() is None
    background.stop()
    assert stranger.is_running()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_pid_file_means_not_running(sleeper: Background, tmp_path: Path, content: str) -> None:
    write_pid_file(tmp_path, 1, 0.0)
    (tmp_path / "a folder" / "run" / "sleeper.json").write_text(content)
    assert sleeper.find() is None
    sleeper.stop()


def test_stop_ends_the_children_of_a_killed_process(sleeper: Background) -> None:
    leader = sleeper.start(FAMILY, env=os.environ)
    sleeper.wait(lambda: "ready" in sleeper.log.read_text(), patience=20)
    (child,) = leader.children()
    leader.kill()
    leader.wait()
    sleeper.stop()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_ignores_the_request_to_end_is_killed(sleeper: Background) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True);"
    process = sleeper.start([sys.executable, "-c", f"{deaf} time.sleep(600)"], env=os.environ)
    sleeper.wait(lambda: "ready" in sleeper.log.read_text(), patience=20)
    sleeper.stop(signal.SIGTERM, patience=0.2)
    assert not process.is_running()


def test_a_process_that_ends_while_starting_shows_its_log(sleeper: Background) -> None:
    sleeper.start([sys.executable, "-c", "raise SystemExit('no such luck')"], env=os.environ)
    with pytest.raises(StackError, match="no such luck"):
        sleeper.wait(lambda: False, patience=20)


def test_a_taken_port_names_its_holder() -> None:
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=rf"Port {port}.*the tests.*process {os.getpid()} "):
            ports.require_free(port, "the tests")
    ports.require_free(port, "the tests")
