"""Objects under `v1/`: rows in an envelope that says what they are."""

import hashlib
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from stacks_dataverse import envelope
from stacks_dataverse.catalog.v1 import rows_object, series_object
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.public import json_schema
from stacks_dataverse.public.field_types import field_schema
from stacks_dataverse.typed_rows import typed
from stacks_dataverse.units import SHARE

COLUMNS = (
    Column("day", "date", "UTC day"),
    Column("seen_at", "timestamptz", "when it was seen", null="until it is seen"),
    Column("supply_units", "numeric(78)", "supply", unit="base units"),
    Column("top_share", "double precision", "share of the ten largest", unit=SHARE),
)
LABEL = {"title": "Supplies of a test", "group": Group.TOKENS}
OBJECT = rows_object("tokens", COLUMNS, "SELECT 1", "Supplies.", **LABEL, warnings=("Up to the tip.",))
AS_OF = "2026-11-28T00:00:00Z"
ROWS = pa.table(
    {
        "day": [date(2026, 11, 27)] * 2,
        "seen_at": [datetime(2026, 11, 27, 23, 59, 1, tzinfo=UTC), None],
        "supply_units": ["340282366920938463463374607431768211455", "0"],
        "top_share": [1 / 3, 1.0],
    }
)


def test_rows_are_records_beside_what_is_to_be_known_of_them() -> None:
    assert envelope.wrap(OBJECT, typed(ROWS, COLUMNS), AS_OF) == {
        "dataset": "tokens",
        "as_of": AS_OF,
        "schema": hashlib.sha256(json_schema.encode(envelope.schema(OBJECT))).hexdigest(),
        "method": "Supplies.",
        "method_url": "datasets/tokens.html",
        "warnings": ["Up to the tip."],
        "units": {"supply_units": "base units", "top_share": "shares, 0 to 1"},
        "data": [
            {
                "day": "2026-11-27",
                "seen_at": "2026-11-27T23:59:01Z",
                "supply_units": "340282366920938463463374607431768211455",
                "top_share": 0.333333,
            },
            {"day": "2026-11-27", "seen_at": None, "supply_units": "0", "top_share": 1.0},
        ],
    }


def test_a_moment_is_of_the_second_that_it_is_in() -> None:
    moments = [datetime(2026, 11, 27, 23, 59, 1, 999_999, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)]
    rows = pa.table({"seen_at": pa.array(moments, pa.timestamp("us", "UTC"))})
    assert [record["seen_at"] for record in envelope.records(rows)] == ["2026-11-27T23:59:01Z", "1969-12-31T23:59:59Z"]


def test_a_decimal_is_text_without_an_exponent() -> None:
    rows = pa.table(
        {"price": pa.array([Decimal("0.0000001"), Decimal(0), None, Decimal("-12.5")], pa.decimal128(20, 8))}
    )
    texts = [record["price"] for record in envelope.records(rows)]
    assert texts == ["0.00000010", "0.00000000", None, "-12.50000000"]
    assert all(re.search(field_schema("decimal")["pattern"], text) for text in texts if text)


def test_what_is_not_known_is_null() -> None:
    assert envelope.wrap(OBJECT, None, AS_OF)["data"] is None


def test_the_metadata_of_a_parquet_file_say_whether_its_rows_are_known() -> None:
    known = {"dataset": "tokens", "as_of": AS_OF, "is_known": "true"}
    assert envelope.summary(OBJECT, typed(ROWS, COLUMNS), AS_OF) == known
    assert envelope.summary(OBJECT, None, None) == {"dataset": "tokens", "as_of": "", "is_known": "false"}


def test_its_fields_are_those_of_the_envelope_and_of_the_rows() -> None:
    assert list(OBJECT.fields) == [
        *("dataset", "as_of", "schema", "method", "method_url", "warnings.<number>", "units.<column>"),
        *("data.<row>.day", "data.<row>.seen_at", "data.<row>.supply_units", "data.<row>.top_share"),
    ]
    plain = rows_object("days", COLUMNS[:1], "SELECT 1", "Days.", **LABEL)
    assert list(plain.fields) == ["dataset", "as_of", "schema", "method", "method_url", "data.<row>.day"]


@pytest.mark.parametrize(("is_dated", "path"), [(False, "v1/tokens.json.gz"), (True, "v1/tokens/{version}.json.gz")])
def test_every_version_has_its_key(is_dated: bool, path: str) -> None:
    declared = rows_object("tokens", COLUMNS, "SELECT 1", "Supplies.", **LABEL, is_dated=is_dated)
    assert (declared.path, declared.is_dated) == (path, is_dated)


def test_a_series_has_all_columns_of_its_table() -> None:
    table = Table("daily_tokens", Kind.FACT, "Supplies.", COLUMNS, **LABEL, warnings=("Up to the tip.",))
    declared = series_object(table, "tokens", title="Supplies by day")
    assert (declared.title, declared.group) == ("Supplies by day", Group.TOKENS)
    assert declared.rows == (
        "SELECT day, seen_at, supply_units, top_share FROM daily_tokens WHERE day <= {day} "
        "AND day IN (SELECT loaded.day FROM loaded_days AS loaded) ORDER BY day"
    )
    assert declared.warnings == ("A day that is not loaded has no row.", "Up to the tip.")
