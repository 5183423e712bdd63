"""Whole UTC days."""

from datetime import date

import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.window import Window


def test_a_day_is_half_open_in_unix_seconds() -> None:
    assert (Window.parse("1970-01-02").start, Window.parse("1970-01-02").end) == (86_400, 172_800)


@pytest.mark.parametrize(("time", "day"), [(86_399, "1970-01-01"), (86_400, "1970-01-02")], ids=["last", "first"])
def test_a_moment_belongs_to_one_day(time: int, day: str) -> None:
    assert str(Window.containing(time)) == day


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01", "2024-10-29T00:00", "20241029"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(Terminal, match="YYYY-MM-DD"):
        Window.parse(text)


def test_today_is_possible_and_tomorrow_is_not() -> None:
    assert Window(date(2024, 1, 1)).refuse_after(date(2024, 1, 1))
    with pytest.raises(Terminal, match="in the future"):
        Window(date(2024, 1, 2)).refuse_after(date(2024, 1, 1))


@pytest.mark.parametrize(("hours_past_the_end", "settled"), [(1.99, False), (2, True)])
def test_a_day_settles_by_a_margin(hours_past_the_end: float, settled: bool) -> None:
    window = Window(date(2024, 1, 1))
    assert window.is_settled(int(window.end + hours_past_the_end * 3600), 2) is settled
