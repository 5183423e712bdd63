"""How many rows of some days each table has, by the column that it has its days in."""

from datetime import date

import duckdb
import pytest

from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.queries.row_counts import row_counts


def table(name: str, kind: Kind, day_key: str = "day") -> Table:
    """A table of days alone."""
    columns = (Column(day_key, "date", "UTC day"),)
    return Table(name, kind, "Days.", columns, (day_key,), title=name, group=Group.NETWORK, day_key=day_key)


BY_DAY = (table("facts", Kind.FACT), table("figures", Kind.FIGURE), table("seconds", Kind.FIGURE, "timestamp"))
OTHERS = tuple(table(kind.name.lower(), kind) for kind in Kind if kind not in (Kind.FACT, Kind.FIGURE))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(2, 3, {"facts": 3, "figures": 2, "seconds": 2}, id="two days"),
        pytest.param(1, 1, {"facts": 1, "figures": 1, "seconds": 1}, id="one day"),
        pytest.param(5, 9, {"facts": 0, "figures": 0, "seconds": 0}, id="days without a row"),
    ],
)
def test_rows_are_counted_from_the_first_day_to_the_last(first: int, last: int, expected: dict[str, int]) -> None:
    days = {name: f"DATE '{date(2024, 10, day)}'" for name, day in (("first", first), ("last", last))}
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute("CREATE TABLE facts AS SELECT DATE '2024-10-01' + i AS day FROM unnest([0, 1, 2, 2, 3]) t(i)")
        database.execute("CREATE TABLE figures AS SELECT DATE '2024-10-01' + i::INTEGER AS day FROM range(4) AS t(i)")
        database.execute("CREATE TABLE seconds AS SELECT extract(epoch FROM day)::BIGINT AS timestamp FROM figures")
        found = database.sql(row_counts((*OTHERS, *BY_DAY)).format(**days)).to_arrow_table().to_pylist()
    assert {row["name"]: row["rows"] for row in found} == expected
