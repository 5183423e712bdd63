"""Run a benchmark of this checkout on the code of this or of another one, each with its own environment."""

import json
import os
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parents[2]
NAMES = "from stacks_dataverse import catalog as c; print(*(each.name for each in (*c.TABLES, *c.OBJECTS, *c.CHECKS)))"


def measure(checkout: Path, script: str, options: Sequence[str]) -> dict[str, float]:
    """What a benchmark of this checkout prints as JSON, run on the code of a checkout."""
    return json.loads(_run(checkout, [script, *options]).splitlines()[-1])


def names(checkout: Path) -> str:
    """The names of the tables, public objects and checks of a checkout, with spaces between."""
    return _run(checkout, ["-c", NAMES]).strip()


def compare(before: Sequence[Mapping[str, float]], now: Sequence[Mapping[str, float]]) -> str:
    """A Markdown table of the medians of several rounds of two checkouts, and of their ratio, by what was measured."""
    lines = ["| median of " + f"{len(now)} | before | now | ratio |", "|---|---|---|---|"]
    for name in now[0]:
        old, new = (statistics.median(each[name] for each in rounds) for rounds in (before, now))
        lines.append(f"| {name} | {old:.3f} | {new:.3f} | {new / old:.2f} |")
    return "\n".join(lines)


def _run(checkout: Path, arguments: Sequence[str]) -> str:
    python, home = checkout / ".local/venv/bin/python", checkout / ".local"
    environment = os.environ | {"PYTHONPATH": str(checkout), "DATAVERSE_HOME": str(home)}
    # -P: the folder of the script is of this checkout, and nothing may be imported from it.
    command = [str(python), "-P", *arguments]
    return subprocess.run(command, cwd=checkout, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
