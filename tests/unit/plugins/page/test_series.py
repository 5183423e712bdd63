"""Series as charts have them, and their headline."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from plugins.page import series
from plugins.page.charts import Part, part_of_rows
from stacks_dataverse.units import PERCENT, USD_PRICE

DAY = 86_400


def of(meaning: str, *values: Any, step: timedelta = timedelta(days=1)) -> series.Series:
    """A series of values from 2024-10-01 on, a day or another step apart; `...` leaves one out."""
    first: Any = date(2024, 10, 1) if step.days else datetime(2024, 10, 1, tzinfo=UTC)
    rows = [{"day": first + step * number, "figure": value} for number, value in enumerate(values) if value is not ...]
    part: Part = part_of_rows({"day": "UTC day", "figure": meaning}, rows)
    return series.series_of(part, 1)


def texts(drawn: series.Series) -> list[tuple[str, str]]:
    """The headline of a series."""
    return [(number.label, number.text) for number in series.headline(drawn)]


def test_the_headline_is_the_latest_value_its_change_and_the_average_of_a_week() -> None:
    assert texts(of("transactions", 1, 10, 20, 30, 40, 50, 60, 2032)) == [
        ("Latest, 2024-10-08", "2,032"),
        ("Change, day on day", "+3286.7 %"),
        ("7-day average", "320.3"),
    ]


def test_the_latest_value_is_the_latest_known_one() -> None:
    assert texts(of("transactions", 5, 4, None))[0] == ("Latest, 2024-10-02", "4")


def test_without_the_day_before_there_is_no_change() -> None:
    assert [label for label, _ in texts(of("transactions", 5, ..., 4))] == ["Latest, 2024-10-03", "Average of 2 days"]


def test_a_percentage_changes_by_points() -> None:
    assert texts(of(PERCENT("percent"), 2.5, 4)) == [
        ("Latest, 2024-10-02", "4.00 %"),
        ("Change, day on day", "+1.50 points"),
        ("Average of 2 days", "3.25 %"),
    ]


def test_from_nothing_there_is_no_relative_change() -> None:
    assert texts(of("transactions", 0, 4))[1] == ("Change, day on day", "–")


def test_an_hour_is_compared_with_that_of_the_day_before() -> None:
    hours = of(USD_PRICE("USD"), *(1 + number / 100 for number in range(26)), step=timedelta(hours=1))
    assert texts(hours) == [("Latest, 2024-10-02 01:00 UTC", "1.25 USD"), ("Change, day on day", "+23.8 %")]


def test_what_is_not_known_has_no_headline() -> None:
    assert texts(of("transactions", None, None)) == []


def test_ustx_are_drawn_as_stx() -> None:
    drawn = series.as_json(of("balance, µSTX; null if history is missing", 1_500_000, None))
    assert (drawn["values"], drawn["unit"], drawn["places"]) == ([1.5, None], "STX", [1, 1])
    assert (drawn["meaning"], drawn["null"]) == ("balance", "if history is missing")


def test_a_moment_that_lacks_is_a_gap() -> None:
    drawn = series.as_json(of("n", 1, 2, 3, ..., ..., 7, 8))
    assert [at // DAY - drawn["x"][0] // DAY for at in drawn["x"]] == [0, 1, 2, 3, 5, 6]
    assert drawn["values"] == [1, 2, 3, None, 7, 8]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((1, 5), ""),
        ((0, 5), ""),
        ((None, 5), ""),
        ((0, 0), "No value is above zero."),
        ((-1, 5), "Some values are below zero."),
    ],
    ids=["above zero", "zero among them", "one not known", "nothing else than zero", "below zero"],
)
def test_a_logarithmic_scale_is_refused_with_a_reason(values: tuple[Any, Any], reason: str) -> None:
    assert series.as_json(of("n", *values))["no_logarithm"] == reason
