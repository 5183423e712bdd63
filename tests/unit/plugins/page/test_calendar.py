"""The state of each day, and its place in the calendar."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from plugins.page.calendar import Cell, DayState, finality, make_calendar, reorged_at, shown_range, state_of
from stacks_dataverse.source import Source

DAY = date(2024, 10, 29)
BUILT_AT = datetime(2024, 10, 30, 4, tzinfo=UTC)
BEFORE, AFTER = BUILT_AT - timedelta(hours=1), BUILT_AT + timedelta(hours=1)


def built(day: date = DAY, **facts: Any) -> dict[str, Any]:
    """A day that is published, but for what is said otherwise."""
    good = {"settled": True, "built_at": BUILT_AT, "is_loaded": True, "is_due": False, "has_failed": False}
    return {"day": day} | good | facts


@pytest.mark.parametrize(
    ("row", "changed", "is_landed", "state"),
    [
        pytest.param(built(), [], True, DayState.PUBLISHED, id="published"),
        pytest.param(built(), [BEFORE], True, DayState.REBUILT, id="built since a fork changed it"),
        pytest.param(built(), [BEFORE, AFTER], True, DayState.REORGED, id="changed by a fork since it was built"),
        pytest.param(built(settled=False), [], True, DayState.PROVISIONAL, id="provisional"),
        pytest.param(built(is_loaded=False), [], True, DayState.BUILT, id="not checked yet"),
        pytest.param(built(is_due=True), [], True, DayState.BUILT, id="not published yet"),
        pytest.param(built(is_loaded=False, has_failed=True), [AFTER], True, DayState.FAILED, id="failed a check"),
        pytest.param(None, [], True, DayState.LANDED, id="landed only"),
        pytest.param(None, [AFTER], False, DayState.MISSING, id="missing"),
    ],
)
def test_a_day_is_in_one_state(
    row: dict[str, Any] | None, changed: list[datetime], is_landed: bool, state: DayState
) -> None:
    assert state_of(row, changed, is_landed=is_landed) is state


def test_states_differ_by_more_than_colour() -> None:
    assert len({state.sign for state in DayState}) == len({state.word for state in DayState}) == len(DayState)


def test_the_calendar_has_every_day_to_the_one_before_the_tips() -> None:
    made = make_calendar([built(), built(DAY + timedelta(days=2))], [], {"2024-10-27"}, date(2024, 11, 3))
    assert (made.first, made.last) == (date(2024, 10, 27), date(2024, 11, 2))
    assert [state.word for state in made.states.values()] == [
        *("landed", "missing", "published", "missing", "published"),
        *("missing", "missing"),
    ]


def test_days_past_the_tip_are_not_missing() -> None:
    far = date(2025, 1, 5)
    made = make_calendar([built(), built(far, settled=False)], [], (), DAY + timedelta(days=2))
    assert {day: state.word for day, state in made.states.items()} == {
        DAY: "published", DAY + timedelta(days=1): "missing", far: "provisional",
    }  # fmt: skip


def test_without_a_look_at_the_tip_nothing_is_said_of_later_days() -> None:
    assert make_calendar([built()], []).last == DAY


def test_an_empty_warehouse_has_no_days() -> None:
    made = make_calendar([], [], (), date(2024, 11, 3))
    assert (made.states, made.first, made.years) == ({}, None, [])


def test_a_month_is_a_row_of_31_places_the_newest_first() -> None:
    made = make_calendar([built(date(2024, 1, 31)), built(date(2024, 3, 1))], [])
    months = made.months(date(2024, 1, 1), date(2024, 3, 31))
    assert [month.first.month for month in months] == [3, 2, 1]
    assert [len(month.cells) for month in months] == [31, 31, 31]
    assert months[0].cells[0] == Cell(date(2024, 3, 1), DayState.PUBLISHED)
    assert months[1].cells[28] == Cell(date(2024, 2, 29), DayState.MISSING)
    assert months[1].cells[29] is None
    assert months[2].cells[29] is None


def test_a_year_is_summed_up_the_worst_first() -> None:
    made = make_calendar(
        [built(date(2023, 12, 31)), built(date(2024, 1, 2)), built(date(2024, 1, 3), has_failed=True)], []
    )
    assert [(year.year, year.summary, year.is_good) for year in made.years] == [
        (2024, "1 missing, 1 failed a check, 1 published", False),
        (2023, "1 published", True),
    ]


def test_a_year_of_which_a_day_is_unsettled_needs_nobody() -> None:
    (year,) = make_calendar([built(DAY, settled=False)], []).years
    assert (year.summary, year.is_good) == ("1 provisional", True)


def test_a_comparison_tells_which_days_a_fork_changed() -> None:
    actual = "2024-02-28 to 2024-03-01, 2024-10-29 and 3 more"
    leap = (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1))
    assert reorged_at([{"actual": actual, "checked_at": AFTER}]) == {day: [AFTER] for day in (*leap, DAY)}


@pytest.mark.parametrize(
    ("year", "last", "expected"),
    [
        pytest.param(None, DAY, (date(2023, 11, 1), DAY), id="twelve months"),
        pytest.param(None, date(2024, 12, 1), (date(2024, 1, 1), date(2024, 12, 1)), id="from January on"),
        pytest.param(2021, DAY, (date(2021, 1, 1), date(2021, 12, 31)), id="a year"),
    ],
)
def test_so_much_of_the_calendar_is_shown_range(year: int | None, last: date, expected: tuple[date, date]) -> None:
    assert shown_range(year, last) == expected


def test_coverage_is_from_the_first_to_the_last_day_here_with_its_gaps() -> None:
    days = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=4), DAY + timedelta(days=6)]
    failed = built(DAY + timedelta(days=7), is_loaded=False, has_failed=True)
    coverage = make_calendar([*map(built, days), failed], [], (), DAY + timedelta(days=20)).coverage
    assert (coverage.first, coverage.last, coverage.days) == (DAY, days[-1], 4)
    assert coverage.gaps == (
        (DAY + timedelta(days=2), DAY + timedelta(days=3)),
        (DAY + timedelta(days=5), DAY + timedelta(days=5)),
    )
    assert make_calendar([], []).coverage is None


@pytest.mark.parametrize(
    ("tip_time", "source", "expected"),
    [
        pytest.param(datetime(2024, 10, 30, 1, tzinfo=UTC), Source.LIVE, "It will be final once", id="moving"),
        pytest.param(None, Source.LIVE, "It will be final once", id="not polled"),
        pytest.param(datetime(2024, 10, 30, 2, tzinfo=UTC), Source.LIVE, "Its day is final by now", id="past it"),
        pytest.param(datetime(2024, 10, 30, 1, tzinfo=UTC), Source.SAMPLE, "It stays provisional", id="a sample"),
        pytest.param(datetime(2024, 10, 30, 3, tzinfo=UTC), Source.DUMP, "Its day is final by now", id="a dump"),
    ],
)
def test_a_provisional_day_says_when_it_is_final(tip_time: datetime | None, source: Source, expected: str) -> None:
    said = finality(DAY, 2.0, tip_time, source)
    assert said.startswith(expected)
    assert ("2024-10-30 02:00 UTC" in said) is not expected.startswith("Its day")


def test_a_legend_has_the_states_that_are_there() -> None:
    made = make_calendar([built(), built(DAY + timedelta(days=2))], [])
    assert made.shown_states == [DayState.PUBLISHED, DayState.MISSING]
