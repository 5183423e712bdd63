"""Golden cases: a day's landed rows in, a table's rows out, both written by hand in tests/golden/<table>/<case>.json.

A case names landed rows by table under `raw`, and under `burn_ranges` the Bitcoin heights that the day owns; or, for
end-of-day figures, rows of the evening's tables (see `transformers.evening`): those carried from `before` the first
day, and what each of `days` brought; the figure is of the last. A figure of no more than facts may name their `raw`
instead: it is then of a day without a past. A vendor's series names the `arguments` of its function by name: landed
answers as JSON, a span as its two ends, stored rows. Columns left out are null; bytes are written as a short word, or
as hex after 0x. `expected` lists the rows that must come out.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.raw_tables import RAW_TYPES
from stacks_dataverse.transformers import evening
from stacks_dataverse.window import Span
from tests.support.raw import ARROW_TYPES, canonical_day

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*/*.json"))
TABLES = {table.name: table for table in catalog.TABLES}
MOMENTS = {"day": date.fromisoformat, "generated_at": datetime.fromisoformat}


def table_of(columns: Mapping[str, str], rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of a case as typed columns."""
    return pa.table(
        {
            name: pa.array([_value(row.get(name), kind) for row in rows], ARROW_TYPES[kind])
            for name, kind in columns.items()
        }
    )


def made(table: catalog.Table, case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows that the table's transformer makes of a case."""
    function = table.transform
    if table.kind is Kind.SERIES:
        kinds = get_type_hints(function)
        return function(
            **{name: _argument(value, kinds[name]) for name, value in case["arguments"].items()}
        ).to_pylist()
    if table.kind in (Kind.FACT, Kind.SNAPSHOT):
        raw = {name: table_of(RAW_TYPES[name], rows) for name, rows in case["raw"].items()}
        with canonical_day(raw, table.reads, burn_ranges=case.get("burn_ranges", ())) as day:
            return function(day).to_pylist()
    days = case["days"] if "days" in case else [{name: made(TABLES[name], case) for name in table.inputs}]
    with evening.open_evening(_tables(evening.CARRIED, case.get("before", {}))) as state:
        for day in days:
            evening.advance(state, _tables(evening.OF_THE_DAY, day))
        return function(state).to_pylist()


def _tables(declared: Mapping[str, Mapping[str, str]], rows: Mapping[str, Any]) -> dict[str, pa.Table]:
    return {name: table_of(declared[name], found) for name, found in rows.items()}


def _argument(value: Any, kind: Any) -> Any:
    if kind is Span:
        return Span(*(int(datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp()) for end in value))
    return pa.Table.from_pylist([_stored(row) for row in value]) if kind is pa.Table else value


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the warehouse holds it, with days and moments."""
    return {name: MOMENTS[name](value) if name in MOMENTS and value else value for name, value in row.items()}


def _value(value: Any, kind: str) -> Any:
    if kind != "BLOB" or value is None or isinstance(value, bytes):
        return value
    return bytes.fromhex(value[2:]) if value.startswith("0x") else value.encode()


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_a_golden_case(path: Path) -> None:
    case = json.loads(path.read_text())
    rows = [_readable(row) for row in made(TABLES[path.parent.name], case)]
    assert rows == [_within_rounding(row) for row in case["expected"]]


def test_every_table_that_a_transformer_makes_has_a_golden_case() -> None:
    made_by_transformers = {table.name for table in catalog.TABLES if table.transform}
    assert {path.parent.name for path in CASES} == made_by_transformers


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Bytes, times and days as a case writes them: hex after 0x, ISO 8601, times in UTC."""
    return {name: _written(value) for name, value in row.items()}


def _written(value: Any) -> Any:
    match value:
        case bytes():
            return f"0x{value.hex()}"
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case _:
            return value


def _within_rounding(row: Mapping[str, Any]) -> dict[str, Any]:
    """Whole numbers to the last digit; the others but for the rounding of a double."""
    return {
        name: pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value
        for name, value in row.items()
    }
