"""What `up` says before it starts: the time and disk that it needs, and what it does."""

from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.local import expectations

DEFAULTS = {"days": 3, "txs_per_day": 2000, "renew": False, "no_run": False, "no_sample": False}


def said(tmp_path: Path, chain: str | None = None, **given: Any) -> list[str]:
    """The lines that are printed over a chain, or none."""
    stack = SimpleNamespace(choices={"chain": chain}, secrets={}, settings=SimpleNamespace(home=tmp_path))
    return expectations.of_up(stack, Namespace(**DEFAULTS | given)).splitlines()


def test_a_first_start_names_time_disk_folder_and_each_step(tmp_path: Path) -> None:
    first, *steps, last = said(tmp_path)
    assert first.startswith("This takes about ")
    assert first.endswith(f" GB in {tmp_path}:")
    assert [step.split(" are ")[0].split(" is ")[0].strip() for step in steps[:2]] == [
        "PostgreSQL, an S3 server, stub vendors and Airflow",
        "a sample chain of 3 days",
    ]
    assert "the days that are missing" in steps[2]
    assert "Ctrl-C" in last


@pytest.mark.parametrize(
    ("chain", "given", "steps"),
    [
        pytest.param("sample", {}, 2, id="a chain is there"),
        pytest.param("sample", {"renew": True}, 3, id="it is replaced"),
        pytest.param("dump", {}, 1, id="a dump, of which no day is run"),
        pytest.param(None, {"no_sample": True, "no_run": True}, 1, id="servers alone"),
    ],
)
def test_what_is_not_done_is_not_named(chain: str | None, given: dict[str, Any], steps: int, tmp_path: Path) -> None:
    assert len(said(tmp_path, chain, **given)) == steps + 2


def test_more_days_take_longer_and_more_disk(tmp_path: Path) -> None:
    def numbers(days: int) -> list[float]:
        first = said(tmp_path, days=days)[0].removesuffix(f"{tmp_path}:")
        return [float(word) for word in first.split() if word.replace(".", "").isdigit()]

    assert all(few < many for few, many in zip(numbers(3), numbers(30), strict=True))
