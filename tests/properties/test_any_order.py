"""Whatever happened before, the warehouse and the public objects end as if each day had been run once, in order."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from stacks_dataverse import catalog
from tests.properties.sides import DAYS, MOMENTS, Side, digests
from tests.properties.steps import (
    Build,
    BuildInterrupted,
    BuildTogether,
    Check,
    Figures,
    FiguresInterrupted,
    Forget,
    Land,
    Publish,
    Release,
    Repair,
    Step,
    finish,
)
from tests.properties.world import FAILS, LOSES_ROWS, World
from tests.support.pipeline import Pipeline

# A few more than a build or the figures of three days have, so that some are not interrupted.
BUILD_STATEMENTS, FIGURE_STATEMENTS = 250, 200

SHOWN_ROWS = 3

AT_FIRST, FORKED, DEEPER, MICROBLOCK = MOMENTS
WHOLE = (BuildTogether(DAYS), Figures(), *map(Check, DAYS), Publish(DAYS[-1]))
FORKED_BUT_INTERRUPTED = (Land(DAYS, FORKED), BuildInterrupted(DAYS[1], 150), BuildInterrupted(DAYS[2], 190))
FORKED_WITHOUT_FIGURES = (Land(DAYS, FORKED), BuildTogether(DAYS), FiguresInterrupted(100))

# A function that is wrong in the middle of history, and one that fails; some days are built and published by either.
WRONG = (
    Release("stx_balance_changes", LOSES_ROWS),
    Release("daily_nft_totals", LOSES_ROWS),
    Repair(DAYS[1]),
    Figures(),
)
FAILED = (
    Release("nft_moves", FAILS), Release("daily_stacking", FAILS), Build(DAYS[1]), Figures(), *map(Check, DAYS),
    Publish(DAYS[-1]), Repair(DAYS[2], ("tenures",)),
)  # fmt: skip

table = st.sampled_from([table.name for table in catalog.built_tables()])
day, moment = st.sampled_from(DAYS), st.sampled_from(list(MOMENTS))
some_days = st.lists(day, min_size=1, unique=True).map(tuple)
step = st.one_of(
    st.builds(Land, some_days, moment),
    st.builds(Build, day),
    st.builds(BuildTogether, st.lists(day, min_size=2, max_size=4).map(tuple)),
    st.builds(BuildInterrupted, day, st.integers(0, BUILD_STATEMENTS)),
    st.builds(Figures),
    st.builds(FiguresInterrupted, st.integers(0, FIGURE_STATEMENTS)),
    st.builds(Forget, day),
    st.builds(Release, table, st.sampled_from([FAILS, LOSES_ROWS, ""])),
    st.builds(Repair, day, st.none() | st.lists(table, min_size=1, max_size=3).map(tuple)),
    st.builds(Check, day),
    st.builds(Publish, day),
)
history = given(first=moment, steps=st.lists(step, max_size=8), last=moment, order=st.permutations(DAYS).map(tuple))
usual = settings(
    deadline=None, database=None, report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@settings(usual, phases=[Phase.explicit])
@example(first=DEEPER, steps=(*WHOLE, *FORKED_BUT_INTERRUPTED), last=DEEPER, order=DAYS)
@example(first=FORKED, steps=(*FAILED, *WRONG, *WHOLE), last=DEEPER, order=DAYS)
@history
def test_any_history_ends_the_same(
    new_world: Callable[[], World],
    first: str,
    steps: Sequence[Step],
    last: str,
    order: tuple[str, ...],
) -> None:
    assert_ends_the_same(new_world(), first, steps, last, order)


@pytest.mark.slow
@settings(usual, max_examples=100)
@example(first=DEEPER, steps=WHOLE, last=AT_FIRST, order=DAYS)
@example(first=DEEPER, steps=(*WHOLE, *FORKED_WITHOUT_FIGURES), last=FORKED, order=DAYS)
@example(first=FORKED, steps=(*WHOLE, Forget(DAYS[1]), Figures(), Forget(DAYS[2])), last=DEEPER, order=DAYS)
@example(first=DEEPER, steps=(*WHOLE, *FAILED), last=DEEPER, order=DAYS[::-1])
@example(first=FORKED, steps=WHOLE, last=DEEPER, order=DAYS[::-1])
@example(first=DEEPER, steps=(Build(DAYS[0]), Figures(), *WHOLE, *WHOLE), last=MICROBLOCK, order=DAYS)
@example(first=DEEPER, steps=(BuildTogether(DAYS),), last=DEEPER, order=DAYS)
@example(first=DEEPER, steps=(*WHOLE, *WRONG, *WHOLE[2:]), last=DEEPER, order=DAYS[::-1])
@history
def test_many_histories_end_the_same(
    new_world: Callable[[], World],
    first: str,
    steps: Sequence[Step],
    last: str,
    order: tuple[str, ...],
) -> None:
    assert_ends_the_same(new_world(), first, steps, last, order)


def test_the_sides_differ_in_what_only_they_know(sides: Mapping[str, Side]) -> None:
    """Or the property would say nothing of forks."""
    keys = {
        "addresses": "address",
        "stx_balances": "address",
        "stx_locks": "address",
        "nft_owners": "asset_identifier || encode(token_value, 'hex')",
        "nft_collections": "asset_identifier",
    }
    for table, key in keys.items():
        known = []
        for side in (AT_FIRST, FORKED, DEEPER):
            rows = sides[side].loaded.read(f"SELECT DISTINCT {key} AS key FROM {table}")
            known.append(set(rows["key"].to_pylist()))
        at_first, forked, deeper = known
        assert forked - deeper - at_first, table
        assert deeper - forked - at_first, table


def assert_ends_the_same(world: World, first: str, steps: Sequence[Step], last: str, order: tuple[str, ...]) -> None:
    """Land all at a moment, take the steps, end at another moment; compare with a run from scratch."""
    Land(DAYS, first).run(world)
    for taken in steps:
        taken.run(world)
    finish(world, last, order)
    expected, published = world.sides[last].from_scratch
    if digests(world.pipeline) != expected:
        assert differences(world.pipeline, world.sides[last].landed) == {}
    assert world.pipeline.published() == published


def differences(found: Pipeline, scratch: Pipeline) -> dict[str, dict[str, list[str]]]:
    """A few rows of each table that the one has and the other has not."""
    ours, theirs = found.content(), scratch.content()
    return {
        table: {
            "only here": [str(row) for row in ours[table] if row not in theirs[table]][:SHOWN_ROWS],
            "only from scratch": [str(row) for row in theirs[table] if row not in ours[table]][:SHOWN_ROWS],
        }
        for table in theirs
        if ours[table] != theirs[table]
    }
