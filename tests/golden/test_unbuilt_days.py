"""The check of days that are not built: rows of every table, while days are built and not."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.golden.test_queries import UNBUILT_DAYS, answer, insert

TABLES = [*catalog.tables(Kind.FACT), *catalog.tables(Kind.FIGURE)]
# Rows of every table, with a day between; and two days of each table alone.
BOTH_ENDS = (date(2024, 10, 28), date(2024, 10, 30))
FIRST_DAYS = [date(2025, 1, 1) + timedelta(days=3 * number) for number in range(len(TABLES))]
NEXT_DAY = timedelta(days=1)
ALL_DAYS = {*BOTH_ENDS, *chain(*((day, day + NEXT_DAY) for day in FIRST_DAYS))}


@pytest.fixture(scope="module")
def full_tables(warehouse: Warehouse) -> Warehouse:
    """A session with rows in every table of days."""
    for table, first in zip(TABLES, FIRST_DAYS, strict=True):
        days = (*BOTH_ENDS, first + NEXT_DAY, first)
        insert(warehouse, table.name, [{table.day_key: day_of(table, day)} for day in days])
    return warehouse


def day_of(table: Table, day: date) -> str:
    """A day as a table has it, in some as seconds."""
    return str(Window(day).key(table.day_key))


def unbuilt(full_tables: Warehouse, built: Iterable[date]) -> list[dict[str, Any]]:
    """What the check of days that are not built answers."""
    full_tables.execute("DROP TABLE IF EXISTS pg_temp.built_days")
    insert(full_tables, "built_days", [{"day": str(day)} for day in built])
    return answer(full_tables, UNBUILT_DAYS, {})


def test_rows_of_built_days_are_not_counted(full_tables: Warehouse) -> None:
    assert unbuilt(full_tables, ALL_DAYS) == [{"expected": "0", "actual": "0", "example": None}]


@pytest.mark.parametrize(
    ("built", "holes", "first"),
    [("", 1, "2024-10-28"), ("2024-10-29", 2, "2024-10-28"), ("2024-10-28 2024-10-29", 1, "2024-10-30")],
)
def test_each_table_is_counted_once_between_built_days(
    built: str, holes: int, first: str, full_tables: Warehouse
) -> None:
    (found,) = unbuilt(full_tables, map(date.fromisoformat, built.split()))
    assert found["actual"] == str(holes * len(TABLES))
    assert found["example"] == f"{min(table.name for table in TABLES)} on {first}"


def test_the_first_row_of_a_table_on_a_day_that_is_not_built_is_named(full_tables: Warehouse) -> None:
    for table, first in zip(TABLES, FIRST_DAYS, strict=True):
        example = f"{table.name} on {day_of(table, first)}"
        expected = [{"expected": "0", "actual": "1", "example": example}]
        assert unbuilt(full_tables, ALL_DAYS - {first, first + NEXT_DAY}) == expected
