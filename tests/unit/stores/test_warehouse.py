"""What goes into a query as text."""

from datetime import date

import pytest

from stacks_dataverse.stores.warehouse import _render_sql


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(date(2024, 10, 29), "'2024-10-29'", id="a date"),
        pytest.param(7, "7", id="a number"),
        pytest.param(True, "True", id="a truth"),
        pytest.param(None, "NULL", id="nothing"),
        pytest.param("it's '; DROP TABLE x; --", "'it''s ''; DROP TABLE x; --'", id="text that would break out"),
    ],
)
def test_a_value_is_one_literal(value: object, text: str) -> None:
    assert _render_sql("SELECT {value}", {"value": value}) == f"SELECT {text}"


def test_a_query_without_values_is_left_alone() -> None:
    assert _render_sql("SELECT '{}'::jsonb", {}) == "SELECT '{}'::jsonb"
