"""Heights without a hole and parents that match, from day to day; a day that is missing; a node that is behind."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from stacks_dataverse import paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.network import MAINNET
from stacks_dataverse.runners import compare, land
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.integration.conftest import Outcome
from tests.integration.test_forks import mend
from tests.support.pipeline import Pipeline

DAYS = ["2024-10-28", "2024-10-29", "2024-10-30"]
FIRST, SECOND, THIRD = (date.fromisoformat(day) for day in DAYS)

# Heights by day, of blocks named for their height; a letter makes another block of it, on a parent of that letter.
GAPS: dict[str, tuple[dict[date, str], list[tuple[date, date, str]]]] = {
    "none": ({FIRST: "1 2 3", SECOND: "4 5", THIRD: "6"}, []),
    "none above the lowest block held": ({SECOND: "104 105", THIRD: "106 107"}, []),
    "none where times step back over midnight": ({FIRST: "1 2 4", SECOND: "3 5 6", THIRD: "7"}, []),
    "none over a day without blocks": ({FIRST: "1 2", SECOND: "", THIRD: "3 4"}, []),
    "none where a block may be of the day to come": ({FIRST: "1 2", SECOND: "3 5"}, []),
    "none where a block may be of the day before the first": ({SECOND: "3 5 6", THIRD: "7"}, []),
    "a day that is missing": (
        {FIRST: "1 2 3", THIRD: "6 7"},
        [(FIRST, THIRD, f"heights 4 to 5 between {FIRST} and {THIRD} are missing")],
    ),
    "the end of a day": (
        {FIRST: "1 2 3", SECOND: "4", THIRD: "6 7"},
        [(SECOND, THIRD, f"heights 5 to 5 between {SECOND} and {THIRD} are missing")],
    ),
    "the middle of a day": (
        {FIRST: "1 2 3", SECOND: "4 7", THIRD: "8"},
        [(SECOND, SECOND, f"heights 5 to 6 between {SECOND} and {SECOND} are missing")],
    ),
    "a day of another fork": (
        {FIRST: "1 2 3", SECOND: "4b 5b", THIRD: "6 7"},
        [
            (FIRST, SECOND, f"the parent of block 4 on {SECOND} is not block 3 in {FIRST}"),
            (SECOND, THIRD, f"the parent of block 6 on {THIRD} is not block 5 in {SECOND}"),
        ],
    ),
    "a day that begins within the day before": (
        {FIRST: "1 2 3 4 5", SECOND: "4b 5b 6b"},
        [(FIRST, SECOND, f"the parent of block 4 on {SECOND} is not block 3 in {FIRST}")],
    ),
}

EDGE = pa.schema(
    [
        ("day", pa.date32()),
        ("block_height", pa.int32()),
        ("index_block_hash", pa.string()),
        ("parent_index_block_hash", pa.string()),
        ("parent_is_elsewhere", pa.bool_()),
        ("child_is_elsewhere", pa.bool_()),
    ]
)
BUILT = """
    INSERT INTO built_days VALUES ({day}, {low}, {high}, 1, 1, '', true, {day}, {day}, '', true, 1, 1)
"""


def blocks(text: str) -> dict[str, tuple[int, str]]:
    """Height and parent of each block of a day, by its name."""
    found = {}
    for name in text.split():
        height = int(name.rstrip("b"))
        found[name] = (height, f"{height - 1}{name.removeprefix(str(height))}")
    return found


def edges(day: date, text: str) -> Iterator[dict[str, object]]:
    """The rows that a day's blocks leave in block_edges."""
    found = blocks(text)
    parents = {parent for _, parent in found.values()}
    for name, (height, parent) in found.items():
        elsewhere = {"parent_is_elsewhere": parent not in found, "child_is_elsewhere": name not in parents}
        if any(elsewhere.values()):
            row = {"day": day, "block_height": height, "index_block_hash": name, "parent_index_block_hash": parent}
            yield row | elsewhere


@pytest.mark.parametrize(("days", "expected"), GAPS.values(), ids=GAPS)
def test_a_gap_is_named(
    days: dict[date, str], expected: Sequence[tuple[date, date, str]], warehouse: Warehouse
) -> None:
    for day, text in days.items():
        heights = [height for height, _ in blocks(text).values()]
        ends = {"low": min(heights, default=None), "high": max(heights, default=None)}
        with warehouse.transaction():
            warehouse.execute(BUILT, day=day, **ends)
            warehouse.append("block_edges", pa.Table.from_pylist(list(edges(day, text)), EDGE))
    assert compare.read_unlinked_blocks(warehouse, Window(FIRST), Window(THIRD)) == list(expected)


def test_a_missing_day_is_named(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(sample)
    pipeline.load(DAYS[0], DAYS[2])
    found = pipeline.compare(DAYS[0], DAYS[2])
    assert found.missing == [SECOND]
    assert [(first, last) for first, last, _ in found.unlinked] == [(FIRST, THIRD)]
    checks = pipeline.read(
        "SELECT name, passed, actual, kind FROM quality_checks"
        " WHERE expected = 'none' AND name <> 'missing_history' ORDER BY name"
    )
    assert [tuple(check.values()) for check in checks.to_pylist()] == [
        ("changed_days", True, "none", "warning"),
        ("loose_blocks", False, found.unlinked[0][2], "warning"),
        ("missing_days", False, DAYS[1], "warning"),
    ]


@pytest.mark.slow
def test_a_missing_day_is_mended(sample: str, outcome: Outcome, new_pipeline: Callable[[str], Pipeline]) -> None:
    """By the days that a comparison names; `test_history` mends one by the command that the page names."""
    pipeline = new_pipeline(sample)
    pipeline.run(DAYS[0], DAYS[2])
    pipeline.backfill(*map(str, pipeline.compare(DAYS[0], DAYS[2]).days))
    assert pipeline.compare(DAYS[0], DAYS[2]).days == []
    assert (pipeline.content(), pipeline.published()) == outcome


def test_a_day_that_settled_since_it_was_landed_is_landed_again(
    sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = new_pipeline(sample)
    key = paths.RAW_MANIFEST.format(day=DAYS[0])
    pipeline.archive.put_json(key, pipeline.land(DAYS[0]).to_json() | {"settled": False})
    pipeline.build_days(DAYS[0], DAYS[0])
    pipeline.check_days(DAYS[0], DAYS[0])
    assert mend(pipeline, DAYS[0], trailing_days=1).changed == [FIRST]
    assert pipeline.archive.get_json(key)["settled"] is True


@pytest.mark.parametrize("step", ["land", "land_days", "compare"])
def test_a_node_that_is_behind_overwrites_nothing(
    step: str, stacks_dump: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    """An older dump in the place of the database: its tip is at height 30, and height 47 is held."""
    day = "2021-01-15"
    pipeline = new_pipeline(stacks_dump("stacks_reorg1"), MAINNET)
    pipeline.land_days(day, day)
    pipeline.build_days(day, day)
    pipeline.check_days(day, day)
    held = {key: pipeline.archive.get(key) for key in pipeline.archive.list_keys()}
    behind = replace(pipeline, stacks_dsn=stacks_dump("stacks_reorg1_before"))
    attempt = {
        "land": lambda: behind.land(day),
        "land_days": lambda: behind.land_days(day, day),
        "compare": lambda: behind.compare(day, day),
    }[step]
    with pytest.raises(Retryable, match=r"node is behind.*height 30.*height 47 is already landed or loaded"):
        attempt()
    assert {key: pipeline.archive.get(key) for key in pipeline.archive.list_keys()} == held


def test_a_node_that_has_caught_up_heals_by_itself(
    stacks_dump: Callable[[str], str], new_pipeline: Callable[[str], Pipeline]
) -> None:
    day = "2021-01-15"
    pipeline = new_pipeline(stacks_dump("stacks_reorg1"), MAINNET)
    manifest = pipeline.land(day)
    with pytest.raises(Retryable, match="node is behind"):
        replace(pipeline, stacks_dsn=stacks_dump("stacks_reorg1_before")).land(day)
    assert pipeline.land(day).tables == manifest.tables


def test_tables_of_blocks_that_the_node_does_not_have_yet_are_not_landed(
    sample: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    """A replica that answers for one table may be behind the one that answered for the blocks."""
    pipeline = new_pipeline(sample)
    head = pipeline.land(DAYS[2])
    part = paths.RAW_PART.format(day=DAYS[2], part="blocks")
    higher = {"last_block_height": head.last_block_height + 1}
    pipeline.archive.put_json(part, pipeline.archive.get_json(part) | higher)
    with StacksDb.open(sample) as source, pytest.raises(Retryable, match="node is behind"):
        land.land_tables(source, pipeline.archive, Window(THIRD), "txs", ["txs"])
