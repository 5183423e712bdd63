"""What a run asks of the vendors: only what is over, and whole days."""

from datetime import UTC, datetime

import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.window import MarketWindow, Span

FIVE_O_CLOCK = datetime(2024, 11, 1, 5, tzinfo=UTC)


def test_a_span_is_half_open_and_names_a_folder() -> None:
    span = Span(86_400, 90_000)
    assert (86_399 in span, 86_400 in span, 89_999 in span, 90_000 in span) == (False, True, True, False)
    assert str(span) == "1970-01-02T00_1970-01-02T01"
    assert not Span(5, 5)


def test_a_scheduled_run_asks_for_what_trails_its_interval() -> None:
    asked = MarketWindow.of(None, None, FIVE_O_CLOCK, FIVE_O_CLOCK)
    assert str(asked.hours) == "2024-10-28T00_2024-11-01T05"
    assert str(asked.days) == "2024-01-06T00_2024-11-01T00"
    assert str(asked.social) == "2024-10-02T00_2024-11-01T00"


def test_an_hour_that_was_open_when_the_run_was_asked_for_is_not_in_it() -> None:
    requested_at = datetime(2024, 11, 1, 9, 59, 59, tzinfo=UTC)
    assert str(MarketWindow.of(None, None, requested_at, requested_at).hours) == "2024-10-28T00_2024-11-01T09"
    ahead = datetime(2024, 11, 2, 5, tzinfo=UTC)
    assert MarketWindow.of(None, None, ahead, requested_at) == MarketWindow.of(None, None, requested_at, requested_at)


def test_chosen_days_are_whole_and_both_included() -> None:
    asked = MarketWindow.of("2021-01-01", "2024-10-31", FIVE_O_CLOCK, FIVE_O_CLOCK)
    assert str(asked.hours) == str(asked.days) == str(asked.social) == "2021-01-01T00_2024-11-01T00"


def test_today_is_asked_for_as_far_as_it_is_over() -> None:
    asked = MarketWindow.of("2024-10-31", "2024-11-01", FIVE_O_CLOCK, FIVE_O_CLOCK)
    assert (str(asked.hours), str(asked.days)) == ("2024-10-31T00_2024-11-01T05", "2024-10-31T00_2024-11-01T00")
    assert not MarketWindow.of("2024-11-01", "2024-11-01", FIVE_O_CLOCK, FIVE_O_CLOCK).days


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        pytest.param("2024-10-01", None, "needs both from_day and to_day", id="no last day"),
        pytest.param(None, "2024-10-01", "needs both from_day and to_day", id="no first day"),
        pytest.param("2024-10-02", "2024-10-01", "swap them", id="the wrong way round"),
        pytest.param("2024-10-01", "2024-11-02", "is in the future", id="after today"),
        pytest.param("2024-10-01", "yesterday", "is not a valid day", id="no day"),
    ],
)
def test_days_that_cannot_be_asked_for(first: str | None, last: str | None, words: str) -> None:
    with pytest.raises(Terminal, match=words):
        MarketWindow.of(first, last, FIVE_O_CLOCK, FIVE_O_CLOCK)
