"""What a reader may ask a table: values that its columns can have, and days of all time."""

from datetime import date

import pytest

from plugins.page import dataset_reader, table_query
from plugins.page.table_query import InvalidQuery, Storage, TableQuery
from stacks_dataverse import catalog
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group

SMALL = Storage(bytes=0)
TYPES = ("bigint", "integer", "smallint", "double precision", "numeric(78)", "text", "date")
NAMES = [kind.split("(")[0].split()[0] for kind in TYPES]
TABLE = Table(
    name="values_of_each_type",
    title="Values of each type",
    group=Group.OPERATIONS,
    kind=Kind.FACT,
    method="Made up.",
    columns=(Column("day", "date", "day"), *map(Column, NAMES, TYPES, NAMES)),
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("smallint", "32768"),
        ("smallint", "-32769"),
        ("integer", "2147483648"),
        ("integer", "-2147483649"),
        ("bigint", "9223372036854775808"),
        ("double", "1e400"),
        ("double", "\u0663"),
        ("double", "nan"),
        ("numeric", "\u0663"),
    ],
)
def test_what_a_column_cannot_hold_is_refused_before_the_warehouse_is_asked(name: str, text: str) -> None:
    with pytest.raises(InvalidQuery, match=f"{name} is of type"):
        table_query.parse(TABLE, SMALL, {name: text})


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("smallint", "-32768", -32768), ("bigint", "-9223372036854775808", -(2**63)), ("double", "1e-400", 0.0)],
)
def test_what_a_column_can_hold_is_a_value(name: str, text: str, value: float) -> None:
    assert table_query.parse(TABLE, SMALL, {name: text}).equal == {name: value}


@pytest.mark.parametrize("text", ["0000000999", "000000001" + "0" * 5000, "9" * 5000, "101", "\u0663", "-1", "1.0"])
def test_a_page_past_the_last_one_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(InvalidQuery, match="A page is a number"):
        table_query.parse(TABLE, SMALL, {"page": text})


def test_the_last_day_of_the_calendar_is_a_day_too() -> None:
    for parameter, condition in (("to", {}), ("day", {"first": date.max})):
        query = table_query.parse(TABLE, SMALL, {parameter: "9999-12-31"})
        assert dataset_reader._time_conditions(query)[1] == condition


@pytest.mark.parametrize("table", [table for table in catalog.TABLES if table.key], ids=lambda table: table.name)
def test_no_two_rows_have_one_place_in_the_order(table: Table) -> None:
    """Else a page may repeat rows of the one before, and lack others."""
    order = dataset_reader._order(TableQuery(table, Storage()))
    assert set(table.key) <= {each.split()[0] for each in order.split(", ")}
