"""A published number has no more decimal places than its unit, wherever it stands in an object."""

import pyarrow as pa
import pytest

from stacks_dataverse.units import BTC, PERCENT, STX, USD, USD_PRICE, round_value

LONG = 2283106.3200000003


@pytest.mark.parametrize(
    ("value", "fields", "expected"),
    [
        pytest.param({"a": LONG}, {"a": STX("STX")}, {"a": 2283106.32}, id="a field"),
        pytest.param({"1": LONG, "2": None}, {"<day>": USD("USD")}, {"1": 2283106.32, "2": None}, id="any key; null"),
        pytest.param({"x": {"v": 1e-9, "c": "1.123"}}, {"<a.b>.v": BTC("BTC")},
                     {"x": {"v": 0.0, "c": "1.123"}}, id="deep"),
        pytest.param({"w": [0.1 + 0.2, 3]}, {"w.<position>": STX("STX")}, {"w": [0.3, 3]}, id="a list; whole numbers"),
        pytest.param({"a": {"v": 1 / 3}, "b": 1 / 3}, {"<any>.v": USD("USD"), "b": PERCENT("percent")},
                     {"a": {"v": 0.33}, "b": 0.333333}, id="two units"),
        pytest.param({"w": [1 / 3, 1 / 3]}, {"w.1": USD("USD")}, {"w": [1 / 3, 0.33]}, id="one place of a list"),
        pytest.param({"a": 1 / 3}, {"a.b": USD("USD")}, {"a": 1 / 3}, id="a number where the field is deeper"),
        pytest.param({"a": 5e-07}, {"a": USD_PRICE("USD")}, {"a": 0.0}, id="half of the last place, to the even"),
        pytest.param({"a": -1e-9}, {"a": PERCENT("percent")}, {"a": 0.0}, id="no minus zero"),
    ],
)  # fmt: skip
def test_fractions_are_rounded_by_unit(value: object, fields: dict[str, str], expected: object) -> None:
    assert repr(round_value(value, fields)) == repr(expected)


def test_columns_of_a_csv_are_rounded_too() -> None:
    rows = pa.table({"amount": [LONG, None], "height": [1, 2], "of_no_unit": [1 / 3, 0.5]})
    found = round_value(rows, {"amount": STX("STX"), "height": "height", "of_no_unit": "unmeasured"})
    assert found.equals(rows.set_column(0, "amount", pa.array([2283106.32, None])))


def test_a_column_in_which_nothing_is_known_keeps_its_type() -> None:
    rows = pa.table({"amount": pa.array([None], pa.float64())})
    assert round_value(rows, {"amount": STX("STX")}).schema == rows.schema


def test_a_measured_meaning_is_its_text() -> None:
    assert STX("STX; null for none") == "STX; null for none"
    assert f"{STX('STX')}" == "STX"
