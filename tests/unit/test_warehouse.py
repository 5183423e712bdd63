"""What goes into a query as text, and the checksum over a day's rows."""

from datetime import date

import pyarrow as pa
import pytest

from stacks_dataverse.stores.warehouse import _filled, rows_digest

ROWS = {"a": pa.table({"n": [1, 2]}), "b": pa.table({"n": [3]})}


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
    assert _filled("SELECT {value}", {"value": value}) == f"SELECT {text}"


def test_a_query_without_values_is_left_alone() -> None:
    assert _filled("SELECT '{}'::jsonb", {}) == "SELECT '{}'::jsonb"


def test_the_same_rows_give_the_same_checksum() -> None:
    assert rows_digest(ROWS) == rows_digest(dict(reversed(ROWS.items())))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ROWS | {"b": pa.table({"n": [4]})}, id="another value"),
        pytest.param({"a": ROWS["b"], "b": ROWS["a"]}, id="rows of another table"),
        pytest.param(ROWS | {"a": pa.table({"n": [2, 1]})}, id="another order"),
        pytest.param(ROWS | {"a": pa.table({"n": [1, 2, 2]})}, id="a row twice"),
        pytest.param(ROWS | {"b": pa.table({"n": pa.array([None], pa.int64())})}, id="not known"),
    ],
)
def test_other_rows_give_another_checksum(other: dict[str, pa.Table]) -> None:
    assert rows_digest(other) != rows_digest(ROWS)


def test_an_empty_text_is_not_an_unknown_one() -> None:
    empty, unknown = (pa.table({"t": pa.array([value], pa.string())}) for value in ("", None))
    assert rows_digest({"a": empty}) != rows_digest({"a": unknown})
