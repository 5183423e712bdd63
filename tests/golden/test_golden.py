"""Golden cases: a day's landed rows in, a table's rows out, both written by hand in tests/golden/<table>/<case>.json.

A case names landed rows by table under `raw` (a block's hash is a short word, columns left out are null), or, for
end-of-day figures, `balances` before the day and what the day brought; `expected` lists the rows that must come out.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pytest

from stacks_dataverse import catalog, chain
from stacks_dataverse.catalog import Kind
from stacks_dataverse.transformers import evening, transformer

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*/*.json"))
TABLES = {table.name: table for table in catalog.TABLES}
ARROW_TYPES = {
    "BLOB": pa.binary(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
}


def landed(table: str, rows: list[dict[str, Any]]) -> pyarrow.dataset.Dataset:
    """A landed file of a table, as the archive hands it out."""
    columns = {}
    for name, kind in chain.REQUIRED_COLUMNS[table].items():
        values = [row.get(name) for row in rows]
        if kind == "BLOB":
            values = [None if value is None else value.encode() for value in values]
        columns[name] = pa.array(values, ARROW_TYPES[kind])
    return pyarrow.dataset.dataset(pa.table(columns))


def made(table: catalog.Table, case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that the table's transformer makes of a case."""
    function = transformer(table.subject, table.name)
    if table.kind is Kind.FACT:
        raw = {name: landed(name, rows) for name, rows in case["raw"].items()}
        with chain.canonical_day(raw) as day:
            return function(day).to_pylist()
    pairs = pa.schema([("address", pa.string()), ("balance_ustx", pa.int64())])
    changes = pa.schema([("address", pa.string()), ("change_ustx", pa.int64())])
    before = pa.Table.from_pylist(case.get("balances", []), pairs)
    with evening.open_evening(before, case.get("supply_ustx", 0), case.get("total_accounts", 0)) as state:
        for day in case["days"]:
            activity = {"active_accounts": 0, "active_contracts": 0, "initiators": 0} | day.get("activity", {})
            evening.advance(
                state,
                pa.Table.from_pylist(day.get("changes", []), changes),
                day.get("supply_change_ustx", 0),
                day.get("new_accounts", 0),
                pa.Table.from_pylist([activity]),
            )
        return function(state).to_pylist()


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_a_golden_case(path: Path) -> None:
    case = json.loads(path.read_text())
    rows = made(TABLES[path.parent.name], case)
    assert rows == [_within_rounding(row) for row in case["expected"]]


def test_every_fact_and_figure_has_a_golden_case() -> None:
    made_by_transformers = {table.name for table in catalog.TABLES if table.kind in (Kind.FACT, Kind.FIGURE)}
    assert {path.parent.name for path in CASES} == made_by_transformers


def _within_rounding(row: Mapping[str, Any]) -> dict[str, Any]:
    """Whole numbers to the last digit; the others but for the rounding of a double."""
    return {
        name: pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value
        for name, value in row.items()
    }
