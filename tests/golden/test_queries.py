"""Golden cases of queries of the warehouse: its rows in, the rows of one query out.

A case of tests/golden/queries/<name>/<case>.json is of the input or state of end-of-day figures of that name, one of
tests/golden/queries/objects/<name> of a public object, whose rows have an order. It names the warehouse's
`rows` by table, the `values` that go into the query (those of mainnet's reward cycles need not be named), and under
`expected` the columns and rows that must come out. Columns left out are null, whatever the table says of
them; a number that exceeds 64 bits is text.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts.local.postgres import PostgresServer
from stacks_dataverse import catalog
from stacks_dataverse.network import MAINNET
from stacks_dataverse.stores.warehouse import Warehouse, migrate

FOLDER = Path(__file__).parent / "queries"
CASES = sorted(FOLDER.rglob("*.json"))
OF_FIGURES = {name: sql for table in catalog.TABLES for name, sql in table.inputs.items()} | {
    state.name: state.opening_state for table in catalog.TABLES for state in table.end_of_day_states
}
QUERIES = OF_FIGURES | {f"objects/{obj.name}": obj.rows for obj in catalog.OBJECTS}


def name_of(path: Path) -> str:
    """The query that a case is of."""
    return str(path.parent.relative_to(FOLDER))


@pytest.fixture(scope="module")
def warehouse(postgres_server: PostgresServer) -> Iterator[Warehouse]:
    """An empty warehouse."""
    postgres_server.create_database("golden_queries")
    migrate(postgres_server.dsn("golden_queries"))
    with Warehouse.open(postgres_server.dsn("golden_queries")) as opened:
        yield opened


def answer(warehouse: Warehouse, sql: str, rows: Mapping[str, Any], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a query answers of rows alone: of temporary tables in the place of the warehouse's."""
    with warehouse.transaction():
        for table, content in rows.items():
            warehouse.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT * FROM {table} LIMIT 0")
            rows_of_json = f"SELECT * FROM json_populate_recordset(null::public.{table}, {{content}})"
            warehouse.execute(f"INSERT INTO {table} {rows_of_json}", content=json.dumps(content))
        return [_written(row) for row in warehouse.read(sql, **MAINNET.values, **values).to_pylist()]


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    """Days, times and bytes as a case writes them."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return f"\\x{value.hex()}"
        case _:
            return value


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{name_of(path)}: {path.stem}")
def test_a_golden_case_of_a_query(path: Path, warehouse: Warehouse) -> None:
    case = json.loads(path.read_text())
    expected = case["expected"]
    found = answer(warehouse, QUERIES[name_of(path)], case["rows"], case["values"])
    columns = expected[0] if expected else ()
    shown = [{name: row[name] for name in columns} for row in found]
    if name_of(path) in OF_FIGURES:
        shown, expected = sorted(shown, key=repr), sorted(expected, key=repr)
    assert shown == expected


def test_every_query_of_a_figure_has_a_golden_case() -> None:
    assert {name_of(path) for path in CASES} >= OF_FIGURES.keys()
