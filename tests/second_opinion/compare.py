"""What differs between the rows of a table and a second opinion on them."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.dataset import Table
from tests.second_opinion.chain import Opinion

# Columns of type double precision, whose last digits depend on the order of additions.
TOLERANCE = 1e-12
SHOWN = 5


def differences(table: Table, actual: Iterable[Mapping[str, Any]], expected: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rows that only one has, and the values that differ, by key; empty where both are the same."""
    columns = [column.name for column in table.columns]
    numbers = {column.name for column in table.columns if column.type.startswith("numeric")}
    actual_rows, expected_rows = ([_plain(row, numbers) for row in rows] for rows in (actual, expected))
    wrong = [f"opinion has columns {sorted(row)}" for row in expected_rows[:1] if sorted(row) != sorted(columns)]
    sides = [Counter(tuple(row[name] for name in table.key) for row in rows) for rows in (actual_rows, expected_rows)]
    wrong += [f"twice: {key}" for side in sides for key, count in side.items() if count > 1]
    wrong += [f"only in the warehouse: {key}" for key in sides[0] - sides[1]]
    wrong += [f"only in the opinion: {key}" for key in sides[1] - sides[0]]
    by_key = {tuple(row[name] for name in table.key): row for row in expected_rows}
    for row in actual_rows:
        key = tuple(row[name] for name in table.key)
        other = by_key.get(key, row)
        wrong += [
            f"{key}: {name} is {row[name]!r}, in the opinion {other[name]!r}"
            for name in columns
            if name in row and name in other and not is_same(row[name], other[name])
        ]
    return wrong


def is_same(one: Any, other: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two values are the same; floats but for rounding."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    return one == other


def _plain(row: Mapping[str, Any], numbers: Collection[str]) -> dict[str, Any]:
    """A row with times in UTC, and numerics, which are read as text, as numbers."""
    return {
        name: int(value) if name in numbers and value is not None else _in_utc(value) for name, value in row.items()
    }


def _in_utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def disagreements(actual: Opinion, expected: Opinion) -> dict[str, list[str]]:
    """The first differences of each table that has any."""
    tables = {table.name: table for table in catalog.TABLES}
    wrong = {name: differences(tables[name], actual[name], rows) for name, rows in expected.items()}
    return {name: some[:SHOWN] for name, some in wrong.items() if some}
