"""Golden cases: a day's landed rows in, a table's rows out, both written by hand in tests/golden/<table>/<case>.json.

A case names landed rows by table under `raw`, and under `burn_ranges` the Bitcoin heights that the day owns; or, for
end-of-day figures, rows of the tables that they read (see `end_of_day`): of states `before` the first day, and of the
changes and inputs of each of `days`; the figure is of the last. A figure of no more than facts may name their `raw`
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

from scripts.new_golden_case import Empty, figure_case
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.raw_tables import RAW_TYPES
from stacks_dataverse.window import Span
from tests.support.raw import ARROW_TYPES, canonical_day

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*/*.json"))
TABLES = {table.name: table for table in catalog.TABLES}
FIGURES = catalog.tables(Kind.FIGURE)
STATES = engine.states_of(FIGURES)
MOMENTS = {"day": date.fromisoformat, "generated_at": datetime.fromisoformat}


def table_of(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of a case as typed columns."""
    columns = [pa.array([_value(row.get(field.name), field.type) for row in rows], field.type) for field in schema]
    return pa.table(columns, schema)


def made(table: catalog.Table, case: Mapping[str, Any], empty: Empty) -> list[dict[str, Any]]:
    """The rows that the table's transformer makes of a case."""
    if table.kind is Kind.SERIES:
        kinds = get_type_hints(table.transform)
        arguments = {name: _argument(value, kinds[name]) for name, value in case["arguments"].items()}
        return table.transform(**arguments).to_pylist()
    if table.kind is Kind.FIGURE:
        return made_at_the_end(table, case, empty)
    raw = {name: table_of(schema_of(RAW_TYPES[name]), rows) for name, rows in case["raw"].items()}
    with canonical_day(raw, table.reads, burn_ranges=case.get("burn_ranges", ())) as day:
        return table.transform(day).to_pylist()


def made_at_the_end(table: catalog.Table, case: Mapping[str, Any], empty: Empty) -> list[dict[str, Any]]:
    """The rows of an end-of-day figure."""
    days = case["days"] if "days" in case else [{name: made(TABLES[name], case, empty) for name in table.inputs}]
    with engine.open_state(_tables(empty.opening, case.get("before", {}))) as state:
        for day in days:
            engine.advance(state, STATES, _tables(empty.inputs, day))
        return table.transform(state).to_pylist()


def schema_of(columns: Mapping[str, str]) -> pa.Schema:
    """Columns of a table of the chain as Arrow has them."""
    return pa.schema([(name, ARROW_TYPES[kind]) for name, kind in columns.items()])


def _tables(empty: Mapping[str, pa.Table], rows: Mapping[str, Any]) -> dict[str, pa.Table]:
    assert rows.keys() <= empty.keys()
    return {name: table_of(nothing.schema, rows.get(name, [])) for name, nothing in empty.items()}


def _argument(value: Any, kind: Any) -> Any:
    if kind is Span:
        return Span(*(int(datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp()) for end in value))
    return pa.Table.from_pylist([_stored(row) for row in value]) if kind is pa.Table else value


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the warehouse holds it, with days and moments."""
    return {name: MOMENTS[name](value) if name in MOMENTS and value else value for name, value in row.items()}


def _value(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind) and isinstance(value, int):
        # A numeric lands as text.
        return str(value)
    if pa.types.is_date(kind) and value is not None:
        return date.fromisoformat(value)
    if pa.types.is_timestamp(kind) and isinstance(value, str):
        return datetime.fromisoformat(value)
    if not pa.types.is_binary(kind) or value is None or isinstance(value, bytes):
        return value
    return bytes.fromhex(value[2:]) if value.startswith("0x") else value.encode()


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_a_golden_case(path: Path, request: pytest.FixtureRequest) -> None:
    table, case = TABLES[path.parent.name], json.loads(path.read_text())
    empty = request.getfixturevalue("empty") if table.kind is Kind.FIGURE else Empty({}, {})
    rows = [_readable(row) for row in made(table, case, empty)]
    assert rows == [_within_rounding(row) for row in case["expected"]]


@pytest.mark.parametrize("table", FIGURES, ids=lambda table: table.name)
def test_a_figure_reads_what_it_declares(table: catalog.Table, empty: Empty) -> None:
    inputs = engine.daily_queries([table])
    states = {state.name: empty.opening[state.name] for state in table.end_of_day_states}
    case = figure_case(table, Empty(states, {name: empty.inputs[name] for name in inputs}))
    assert case["expected"][0].keys() <= table.fields.keys()
    assert all(rows == [dict.fromkeys(rows[0])] for rows in (*case["before"].values(), *case["days"][0].values()))
    assert (case["before"].keys(), case["days"][0].keys()) == (states.keys(), inputs.keys())


def test_every_table_that_a_transformer_makes_has_a_golden_case() -> None:
    made_by_transformers = {table.name for table in catalog.TABLES if table.transform}
    assert {path.parent.name for path in CASES} == made_by_transformers


def test_a_column_that_is_null_in_a_case_is_declared_so() -> None:
    declared = {(table.name, column.name) for table in catalog.TABLES for column in table.columns if column.null}
    found = {
        (path.parent.name, name)
        for path in CASES
        for row in json.loads(path.read_text())["expected"]
        for name, value in row.items()
        if value is None
    }
    assert found <= declared, found - declared


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
