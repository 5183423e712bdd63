"""What goes into a query as text."""

from datetime import date

import pytest

from stacks_dataverse.sql_values import render


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(date(2024, 10, 29), "'2024-10-29'", id="a date"),
        pytest.param(7, "7", id="a number"),
        pytest.param(True, "True", id="a truth"),
        pytest.param(-7, "-7", id="a number below zero"),
        pytest.param(None, "NULL", id="nothing"),
        pytest.param("µSTX \\", "'µSTX \\'", id="a backslash"),
        pytest.param("it's '; DROP TABLE x; --", "'it''s ''; DROP TABLE x; --'", id="text that would break out"),
    ],
)
def test_a_value_is_one_literal(value: object, text: str) -> None:
    assert render("SELECT {value}", {"value": value}) == f"SELECT {text}"


def test_other_braces_are_left_alone_with_values_as_without() -> None:
    assert render("SELECT '{}'::jsonb", {}) == "SELECT '{}'::jsonb"
    assert render("SELECT '{}'::jsonb, {value}", {"value": 1}) == "SELECT '{}'::jsonb, 1"


def test_a_value_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="value"):
        render("SELECT {value}", {})
