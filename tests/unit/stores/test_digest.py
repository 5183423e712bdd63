"""The checksum over a day's rows."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from stacks_dataverse.stores.digest import rows_digest

ROWS = {"a": pa.table({"n": [1, 2]}), "b": pa.table({"n": [3]})}

# Rows as transformers make them, by a process of its own: a time zone is taken over when one starts.
DIGEST = """
from stacks_dataverse import chain
from stacks_dataverse.stores.digest import rows_digest
with chain.canonical_day({}, {}) as day:
    rows = day.sql("SELECT to_timestamp(1730160000) AS mined_at, to_timestamp(0)::date AS day").to_arrow_table()
    print(rows_digest({"t": rows}))
"""


def test_the_same_rows_give_the_same_checksum() -> None:
    assert rows_digest(ROWS) == rows_digest(dict(reversed(ROWS.items())))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ROWS | {"b": pa.table({"n": [4]})}, id="another value"),
        pytest.param({"a": ROWS["b"], "b": ROWS["a"]}, id="rows of another table"),
        pytest.param(ROWS | {"a": pa.table({"n": [2, 1]})}, id="another order"),
        pytest.param(ROWS | {"a": pa.table({"n": [1, 2, 2]})}, id="a row twice"),
        pytest.param(ROWS | {"b": pa.table({"n": pa.array([None], pa.int64())})}, id="not known"),
    ],
)
def test_other_rows_give_another_checksum(other: dict[str, pa.Table]) -> None:
    assert rows_digest(other) != rows_digest(ROWS)


def test_an_empty_text_is_not_an_unknown_one() -> None:
    empty, unknown = (pa.table({"t": pa.array([value], pa.string())}) for value in ("", None))
    assert rows_digest({"a": empty}) != rows_digest({"a": unknown})


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_a_moment_is_the_same_in_every_time_zone(zone: str) -> None:
    moments = pa.array([1730160000, None], pa.timestamp("s", "UTC"))
    here, there = (pa.table({"t": moments.cast(pa.timestamp("s", name))}) for name in ("UTC", zone))
    assert rows_digest({"a": here}) == rows_digest({"a": there})


def test_the_time_zone_of_the_process_changes_no_checksum() -> None:
    zones = ("UTC", "America/New_York", "Asia/Kathmandu")
    assert len({digest_in(zone) for zone in zones}) == 1


def digest_in(zone: str) -> str:
    """The checksum that a process in a time zone comes to."""
    environment = os.environ | {"TZ": zone}
    command = [sys.executable, "-c", DIGEST]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[3]
    ).stdout
