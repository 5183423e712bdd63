"""Background processes, found again and stopped by what they are, not by their number alone."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from scripts.local.errors import StackError

# A process's start time is derived from the boot time, which clock corrections move a little.
START_TIME_TOLERANCE_SECONDS = 2.0
LOG_TAIL_LINES = 15


@dataclass(frozen=True)
class _Record:
    pid: int
    started: float


class Background:
    """A process in a session of its own, with its pid file and log in `folder`.

    `marker` is a text that its command line contains: a pid file is believed only when pid, start
    time and command line all fit, so a pid that went to somebody else is never taken for ours.
    """

    def __init__(self, name: str, folder: Path, marker: str) -> None:
        self.name = name
        self.marker = marker
        self.log = folder / "logs" / f"{name}.log"
        self._child: subprocess.Popen | None = None
        self._pid_file = folder / "run" / f"{name}.json"

    def start(self, command: Sequence[str], env: Mapping[str, str], **options: Any) -> psutil.Process:
        """Start it, ending what is left of an earlier one; `options` go to subprocess.Popen.

        A start that is interrupted before the pid is on record leaves no process behind.
        """
        self.stop()
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            child = self._child = subprocess.Popen(
                command, env=dict(env), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **options,
            )  # fmt: skip
        try:
            self._write(_Record(child.pid, psutil.Process(child.pid).create_time()))
        except BaseException:
            child.kill()
            raise
        return psutil.Process(child.pid)

    def find(self) -> psutil.Process | None:
        """Return the running process; None when it does not run or the pid is somebody else's."""
        record = self._read()
        if record is None:
            return None
        try:
            process = psutil.Process(record.pid)
            return process if self._is_ours(process, record) else None
        except psutil.NoSuchProcess:
            return None

    def stop(self, first: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
        """End it and its whole process group: `first`, and SIGKILL after `patience` seconds."""
        record = self._read()
        if record is not None:
            members = self._group(record)
            _signal(members, first)
            _wait_for_end(members, patience)
            members = self._group(record)
            _signal(members, signal.SIGKILL)
            _wait_for_end(members, patience)
        if self._child is not None:
            self._child.poll()
        self._pid_file.unlink(missing_ok=True)

    def wait(self, ready: Callable[[], bool], patience: float) -> None:
        """Return once `ready()`; StackError with the log's end if it ends or takes too long."""
        deadline = time.monotonic() + patience
        while not ready():
            if not self._may_start():
                raise StackError(f"{self.name} stopped while starting. {self.log_tail()}")
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} is not ready after {patience:.0f} s. {self.log_tail()}")
            time.sleep(0.05)

    def _may_start(self) -> bool:
        """Whether what we launched still lives; between fork and exec its command line is not yet ours."""
        record = self._read()
        return record is not None and _taken(record.pid)

    def log_tail(self) -> str:
        """Return the last lines of the log, with its path."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([f"The end of {self.log}:", *lines[-LOG_TAIL_LINES:]])

    def _is_ours(self, process: psutil.Process, record: _Record) -> bool:
        same_start = abs(process.create_time() - record.started) < START_TIME_TOLERANCE_SECONDS
        alive = process.status() != psutil.STATUS_ZOMBIE
        command = " ".join(process.cmdline())
        # While it is being launched it has no command line yet.
        return same_start and alive and (not command or self.marker in command)

    def _group(self, record: _Record) -> list[psutil.Process]:
        """Our processes of the group, the leader's children too when the leader was killed."""
        if self.find() is None and _taken(record.pid):
            return []
        return [p for p in psutil.process_iter() if _in_group(p, record)]

    def _write(self, record: _Record) -> None:
        partial = self._pid_file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(record)))
        partial.replace(self._pid_file)

    def _read(self) -> _Record | None:
        try:
            return _Record(**json.loads(self._pid_file.read_text()))
        except (OSError, ValueError, TypeError):
            return None


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _taken(pid: int) -> bool:
    try:
        return _is_alive(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def _wait_for_end(processes: Sequence[psutil.Process], patience: float) -> None:
    deadline = time.monotonic() + patience
    while any(_is_alive(process) for process in processes) and time.monotonic() < deadline:
        time.sleep(0.02)


def _in_group(process: psutil.Process, record: _Record) -> bool:
    try:
        started_later = process.create_time() > record.started - START_TIME_TOLERANCE_SECONDS
        zombie = process.status() == psutil.STATUS_ZOMBIE
        return os.getpgid(process.pid) == record.pid and started_later and not zombie
    except (psutil.Error, OSError):
        return False


def _signal(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
