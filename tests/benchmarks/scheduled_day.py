"""What a scheduled day and a half-hourly run cost: `local.sh day` and `local.sh tip` on the sample chain.

    python -m tests.benchmarks.scheduled_day --rounds 5 --against ../before

Starts the local stack of this checkout, and of another with `--against`, each in a temporary folder with a sample chain
of its own; runs one day and one half-hourly run of each in turn. Prints Markdown: medians, over the rounds, of the
command's wall time, of the CPU time of the command and of every process of the stack, and of the largest memory of all
these processes together, where pages that several share count once; and the ratios.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread

import psutil

from scripts.local.processes import Background
from scripts.local.settings import REPOSITORY

PORT_BASE = 25710
PORTS_OF_A_STACK = 4
# Names of pid files of the stack, in this checkout and in older ones.
PROCESSES = ("airflow-api-server", "airflow-dag-processor", "airflow-scheduler", "airflow-triggerer")
SERVERS = ("postgres", "s3", "vendors")
SAMPLE_SECONDS = 0.25
MEGABYTE = 1 << 20
LAST_DAY = date(2026, 1, 31)


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time, seconds of CPU time, and megabytes."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class LocalStack:
    """The local stack of a checkout, with all state in `home`."""

    checkout: Path
    home: Path
    port_base: int

    def run(self, *arguments: str) -> Cost:
        """Run a command of `local.sh` to its end, and measure it."""
        with _largest_memory(self) as megabytes:
            cpu_before, began = self._cpu(), time.monotonic()
            command_cpu = _run([sys.executable, "-m", "scripts.local", *arguments], self.checkout, self._environment())
            wall = time.monotonic() - began
            cpu = self._cpu() - cpu_before + command_cpu
        return Cost(wall, cpu, max(megabytes))

    def processes(self) -> list[psutil.Process]:
        """Every process of the stack that runs now."""
        roots = [Background(name, self.home, marker="").find() for name in (*PROCESSES, *SERVERS)]
        return [each for root in roots if root for each in (root, *root.children(recursive=True))]

    def _cpu(self) -> float:
        """Seconds of CPU time so far; those of a process that has ended are in its parent's."""
        seconds = 0.0
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                seconds += sum(process.cpu_times()[:4])
        return seconds

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DATAVERSE_HOME": str(self.home),
            "DATAVERSE_PORT_BASE": str(self.port_base),
            "DATAVERSE_ENV_FILE": "",
            "PYTHONPATH": str(self.checkout),
        }


def _run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> float:
    """Run a command; its seconds of CPU time. SystemExit, with its output, where it fails."""
    before = os.times()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@contextmanager
def _largest_memory(stack: LocalStack) -> Iterator[list[float]]:
    """The megabytes of all processes of a stack, taken again and again until the end of the block."""
    taken, ended = [_memory(stack)], Event()

    def take() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            taken.append(_memory(stack))

    thread = Thread(target=take)
    thread.start()
    try:
        yield taken
    finally:
        ended.set()
        thread.join()


def _memory(stack: LocalStack) -> float:
    """Proportional set size: a page that several processes share counts once."""
    total = 0
    for process in stack.processes():
        with suppress(psutil.Error, OSError):
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / MEGABYTE


@contextmanager
def started(checkout: Path, port_base: int, days: int, txs: int) -> Iterator[LocalStack]:
    """The running stack of a checkout, with a chain of so many days of which the first is loaded."""
    with tempfile.TemporaryDirectory() as folder:
        stack = LocalStack(checkout.resolve(), Path(folder), port_base)
        stack.home.chmod(0o711)
        (stack.home / "s3-venv").symlink_to(Path(os.environ.get("DATAVERSE_HOME", REPOSITORY / ".local")) / "s3-venv")
        try:
            stack.run("up", "--no-run", f"--days={days}", f"--txs-per-day={txs}", f"--until={LAST_DAY}")
            # What the API server does at its first requests is no part of a scheduled day.
            stack.run("day", str(LAST_DAY - timedelta(days=days - 1)))
            stack.run("tip")
            yield stack
        finally:
            stack.run("down")


def main() -> None:
    """Start the stacks, run days and half-hourly runs in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--txs", type=int, default=2_000, help="transactions a day")
    parser.add_argument("--against", type=Path, help="another checkout, which is measured in turn with this one")
    options = parser.parse_args()
    checkouts = [REPOSITORY, *([options.against] if options.against else [])]
    costs: dict[tuple[str, int], list[Cost]] = defaultdict(list)
    with ExitStack() as running:
        stacks = [
            running.enter_context(started(path, PORT_BASE + PORTS_OF_A_STACK * i, options.rounds + 1, options.txs))
            for i, path in enumerate(checkouts)
        ]
        for later in range(options.rounds - 1, -1, -1):
            for i, stack in enumerate(stacks):
                costs["day", i].append(stack.run("day", str(LAST_DAY - timedelta(days=later))))
                costs["tip", i].append(stack.run("tip"))
        load = os.getloadavg()[1]
    print(f"{options.rounds} rounds on {os.cpu_count()} cores, load average {load:.1f}\n")
    print("| command | seconds | CPU seconds | MB in all |\n|---|--:|--:|--:|")
    for name in ("day", "tip"):
        rows = [_medians(costs[name, i]) for i in range(len(stacks))]
        for stack, row in zip(stacks, rows, strict=True):
            print(f"| {name}, {stack.checkout.name} | {row.wall:.1f} | {row.cpu:.1f} | {row.memory:,.0f} |")
        if len(rows) == 2:
            new, old = rows
            ratios = (new.wall / old.wall, new.cpu / old.cpu, new.memory / old.memory)
            print(f"| {name}, ratio | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")


def _medians(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "memory")))


if __name__ == "__main__":
    main()
