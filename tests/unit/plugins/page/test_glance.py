"""What the catalogue shows of a dataset at a glance: its days, its latest value, its change, and its line."""

from datetime import date, timedelta

import pytest

from plugins.page import glance
from stacks_dataverse import catalog
from stacks_dataverse.labels import Group

TABLES = {table.name: table for table in catalog.TABLES}
FIRST = date(2024, 10, 1)


def headline(*values: float | None) -> glance.Headline:
    """A figure with a value for each day."""
    days = tuple(FIRST + timedelta(days=number) for number in range(len(values)))
    return glance.Headline("what it is", "STX", days, values)


def test_days_that_are_not_here_are_counted() -> None:
    assert glance.Coverage(FIRST, FIRST + timedelta(days=9), 7).missing == 3
    assert glance.Coverage(FIRST, FIRST, 1).missing == 0


@pytest.mark.parametrize(
    ("values", "latest", "change"),
    [
        pytest.param((10, 0, 0, 0, 0, 0, 0, 15), 15, 50, id="a week before"),
        pytest.param((10, 0, 0, 0, 0, 0, 0, 5, None), 5, -50, id="of the last that is known"),
        pytest.param((0, 1, 1, 1, 1, 1, 1, 5), 5, None, id="of nothing there is no change"),
        pytest.param((1, 2), 2, None, id="no week"),
        pytest.param((-4, 0, 0, 0, 0, 0, 0, -2), -2, 50, id="less below zero is more"),
        pytest.param((None, None), None, None, id="never known"),
    ],
)
def test_the_latest_value_and_its_change(
    values: tuple[float | None, ...], latest: float | None, change: float | None
) -> None:
    assert (headline(*values).latest, headline(*values).change) == (latest, change)


def test_a_line_has_a_gap_where_a_value_is_not_known() -> None:
    assert headline(0, 10, None, 0, 10).points == ["0,22.0 25,2.0", "75,22.0 100,2.0"]
    assert headline(5, 5, 5).points == ["0,22.0 50,22.0 100,22.0"]
    assert headline(5).points == headline(None, None).points == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0"),
        (0.126, "0.126"),
        (2055, "2,055"),
        (-1234.5, "-1,234"),
        (10_100, "10,100"),
        (140_000_000, "140 M"),
        (1_384_250_821, "1.384 B"),
        (999_999_999, "1,000 M"),
        (5e15, "5,000 T"),
    ],
)
def test_a_number_is_written_short(value: float | None, written: str) -> None:
    assert glance.compact(value) == written


@pytest.mark.parametrize(
    ("name", "value", "shown", "unit"),
    [
        pytest.param("daily_stacking.stacked_ustx", 2_500_000, 2.5, "STX", id="µSTX"),
        pytest.param("daily_sbtc.liquid_sats", 150_000_000, 1.5, "BTC", id="satoshis"),
        pytest.param("daily_indicators.close_usd", 2.5, 2.5, "USD", id="USD"),
        pytest.param("daily_indicators.rsi_7", 61.5, 61.5, "", id="an index has no unit"),
        pytest.param("daily_balances.holders", 7, 7, "", id="a count"),
    ],
)
def test_a_figure_is_in_the_unit_that_people_read(name: str, value: float, shown: float, unit: str) -> None:
    found = glance.make_headline(name, [{"day": FIRST, "value": value}], TABLES)
    assert (found.latest, found.unit, found.day) == (shown, unit, FIRST)


def test_a_dataset_without_a_daily_figure_has_no_headline() -> None:
    assert glance.headline_of(TABLES["nft_moves"]) == ""
    assert glance.headline_of(TABLES["daily_blocks"]) == "daily_blocks.blocks"
    assert {table.group for table in catalog.TABLES} == set(Group)
