"""Numbers are shown by their unit, with as many places as a column needs."""

from decimal import Decimal

import pytest

from stacks_dataverse import catalog, units
from stacks_dataverse.dataset import Column
from stacks_dataverse.site.quantities import (
    OF_UNITS,
    Quantity,
    fit,
    format_number,
    is_number,
    quantity_of,
    without_unit,
)


def shown(meaning: str, *values: object) -> list[str]:
    """Numbers of one column as they are shown."""
    fitted = fit(quantity_of(meaning), values)
    return [format_number(value, fitted) for value in values]


@pytest.mark.parametrize(
    ("meaning", "values", "expected"),
    [
        (units.USD("USD"), (82301587.7265625, 50), ["82,301,587.73", "50.00"]),
        (units.USD_PRICE("USD"), (1.7296259, 1.5), ["1.729626", "1.500000"]),
        ("traded, USD", (82301587.7265625,), ["82,301,587.73"]),
        ("price at the hour's end, USD", (68123.45, 1.132456), ["68,123.450000", "1.132456"]),
        (units.PERCENT("percent"), (-1.2456021952196972, 3.5), ["-1.25", "3.50"]),
        (units.BTC("BTC"), (0.12590608000000003, 0.5), ["0.12590608", "0.50000000"]),
        (units.STX("STX"), (1384250821.0679846,), ["1,384,250,821.067985"]),
        ("balance, µSTX", (138001378686,), ["138,001.378686"]),
        ("balance, µSTX; null if history is missing", (5_000_000,), ["5"]),
        ("liquid_ustx, µSTX", (Decimal(10**30 + 1),), [f"{10**24:,}.000001"]),
        ("transactions", (14544,), ["14,544"]),
        ("supply, the token's smallest unit", (10**25,), [f"{10**25:,}"]),
        (units.PERCENT("percent"), (0.0000345,), ["0.000034"]),
        (units.SHARE("share"), (0.25, 0.333333), ["0.2500", "0.3333"]),
        (units.INDEX("index"), (16.819248076561994,), ["16.82"]),
    ],
)  # fmt: skip
def test_numbers_have_the_places_of_their_unit(meaning: str, values: tuple[object, ...], expected: list[str]) -> None:
    assert shown(meaning, *values) == expected


def test_every_unit_has_a_way_to_be_shown() -> None:
    assert set(OF_UNITS) == set(units.UNITS)


def test_units_in_words_are_known_where_tables_declare_them() -> None:
    unknown = {
        column.unit
        for dataset in (*catalog.TABLES, *catalog.OBJECTS)
        for column in dataset.columns
        if isinstance(column.unit, str) and column.unit and quantity_of(column.description) == Quantity()
    }
    assert unknown == set()


def test_a_unit_within_a_meaning_is_none_of_its_own() -> None:
    column = Column("fees", "bigint", "STX required for a reward slot", unit="µSTX", null="without signers, STX")
    assert quantity_of(column.description).shift == 6
    assert quantity_of("STX required for a reward slot").label == ""


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        ("balance, µSTX; null if history is missing", "balance"),
        ("µSTX; provisional until the reward matures", "provisional until the reward matures"),
        (units.STX("STX"), ""),
        ("STX required for a reward slot", "STX required for a reward slot"),
    ],
)
def test_a_meaning_is_said_without_its_unit(meaning: str, expected: str) -> None:
    assert without_unit(meaning) == expected


def test_yes_and_no_are_no_numbers() -> None:
    assert [is_number(value) for value in (1, 0.5, Decimal(1), True, "1", None)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
