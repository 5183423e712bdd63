"""Rows in the types that are declared of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import Column
from stacks_dataverse.typed_rows import arrow_type, schema_of, typed
from stacks_dataverse.units import SHARE

COLUMNS = (
    Column("day", "date", "UTC day"),
    Column("seen_at", "timestamptz", "when it was seen", null="until it is seen"),
    Column("holders", "bigint", "holders"),
    Column("supply_units", "numeric(78)", "supply"),
    Column("top_share", "double precision", "share of the ten largest", SHARE, "of none"),
)
WIDE = "340282366920938463463374607431768211455"
ROWS = pa.table(
    {
        "top_share": [1 / 3, None],
        "day": [date(2026, 11, 27)] * 2,
        "seen_at": [datetime(2026, 11, 27, 23, 59, 1, tzinfo=UTC), None],
        "holders": pa.array([7, 8], pa.int32()),
        "supply_units": [WIDE, "0"],
        "more": [1, 2],
    }
)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("numeric(38)", pa.decimal128(38)),
        ("numeric(20,4)", pa.decimal128(20, 4)),
        pytest.param("numeric(78)", pa.string(), id="more digits than a decimal has"),
        ("integer", pa.int32()),
        ("timestamptz", pa.timestamp("us", "UTC")),
    ],
)
def test_a_type_of_the_warehouse_is_one_of_arrow(declared: str, expected: pa.DataType) -> None:
    assert arrow_type(declared) == expected


def test_rows_have_the_declared_columns_in_their_order_types_and_places() -> None:
    rows = typed(ROWS, COLUMNS)
    assert rows.schema == schema_of(COLUMNS)
    assert [field.nullable for field in rows.schema] == [False, True, False, False, True]
    assert rows.to_pylist()[0] == {
        "day": date(2026, 11, 27),
        "seen_at": datetime(2026, 11, 27, 23, 59, 1, tzinfo=UTC),
        "holders": 7,
        "supply_units": WIDE,
        "top_share": 0.333333,
    }
    assert ROWS["top_share"][0].as_py() == 1 / 3


def test_an_exact_number_that_comes_as_text_is_a_decimal() -> None:
    rows = typed(pa.table({"amount": ["1.25", None]}), (Column("amount", "numeric(20,4)", "amount", null="of none"),))
    assert rows["amount"].to_pylist() == [Decimal("1.2500"), None]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        pytest.param({"day": ["soon"]}, "soon", id="no date"),
        pytest.param({"other": [1]}, "day", id="no such column"),
    ],
)
def test_what_is_not_as_declared_is_refused(rows: dict[str, list], problem: str) -> None:
    with pytest.raises((ValueError, KeyError), match=problem):
        typed(pa.table(rows), COLUMNS[:1])


def test_every_public_dataset_has_types() -> None:
    assert all(schema_of(declared.columns).names for declared in catalog.OBJECTS if not declared.private)
