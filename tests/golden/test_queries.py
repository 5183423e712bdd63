"""Golden cases of queries of the warehouse: its rows in, the rows of one query out.

A case of tests/golden/queries/<name>/<case>.json is of the input or state of end-of-day figures of that name, one of
tests/golden/queries/objects/<name> of a public object, whose rows have an order, one of snapshots/<name> of a snapshot,
one of checks/<name> of a check. It names the warehouse's `rows` by table, those of a tip snapshot by tip_<table>, the
`values` that go into the query (those of mainnet's reward cycles need not be named), and under `expected` the columns
and rows that must come out, or under `days` or `burn_block_heights` those of each. Columns left out are null, whatever
the table says of them; a number that exceeds 64 bits is text. A row of `times` stands for as many rows, in which a
column {"from": 5, "step": -1} is 5, 4, and so on; from a time it goes by hours.

Cases of checks share the days of days_of_checks.json, and what is built of them, unless they name these tables. In
cases of public objects all days are loaded of which there are rows, unless they name `loaded_days`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import Kind
from stacks_dataverse.network import MAINNET
from stacks_dataverse.runners.check import VALUES
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.versions import names_in

FOLDER = Path(__file__).parent / "queries"
CASES = sorted(FOLDER.rglob("*.json"))
OF_FIGURES = {name: sql for table in catalog.TABLES for name, sql in table.inputs.items()} | {
    state.name: state.opening_state for table in catalog.TABLES for state in table.end_of_day_states
}
CHECKS = {f"checks/{check.name}": check for check in catalog.RUNBOOK_CHECKS if check.query}
SERIES: dict[str, tuple[str, type]] = {"days": ("day", str), "burn_block_heights": ("burn_block_height", int)}
OF_TIP = {f"tip_{table.name}" for table in catalog.TABLES}
UNBUILT_DAYS = "checks/unbuilt_days"  # See test_unbuilt_days.
OF_CHECKS = json.loads((FOLDER.parent / "days_of_checks.json").read_text())
QUERIES = (
    OF_FIGURES
    | {f"objects/{obj.name}": obj.rows for obj in catalog.OBJECTS}
    | {f"snapshots/{table.name}": table.rows for table in catalog.tables(Kind.SNAPSHOT)}
    | {name: check.query for name, check in CHECKS.items()}
)


def name_of(path: Path) -> str:
    """The query that a case is of."""
    return str(path.parent.relative_to(FOLDER))


@contextmanager
def filled(warehouse: Warehouse, rows: Mapping[str, Any]) -> Iterator[None]:
    """Rows alone, for a while: temporary tables in the place of the warehouse's."""
    with warehouse.transaction():
        for table, content in rows.items():
            insert(warehouse, table, content)
        yield
        for table in rows:
            warehouse.execute(f"DROP TABLE pg_temp.{table}")


def insert(warehouse: Warehouse, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create a temporary table of rows alone."""
    like = table.removeprefix("tip_")
    of_json = f"SELECT * FROM json_populate_recordset(null::public.{like}, {{content}})"
    warehouse.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{like} LIMIT 0")
    warehouse.execute(f"INSERT INTO {table} {of_json}", content=json.dumps(each(rows)))


def each(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows, with as many for a row of `times` as it says."""
    return [
        {name: _at(value, number) for name, value in row.items() if name != "times"}
        for row in rows
        for number in range(row.get("times", 1))
    ]


def _at(value: Any, number: int) -> Any:
    match value:
        case {"from": str(time)}:
            return (datetime.fromisoformat(time) + number * timedelta(hours=1)).isoformat()
        case {"from": first}:
            return first + number * value.get("step", 1)
        case _:
            return value


def shared_rows(name: str, named: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows that cases of a query need not name.

    Of checks, their days; of a tip snapshot, no row of its tables; of public objects, the days of the rows that are
    named.
    """
    if name in CHECKS:
        return OF_CHECKS
    days = {row["day"] for rows in named.values() for row in each(rows) if row.get("day")}
    loaded = {"loaded_days": [{"day": day} for day in sorted(days)]} if "loaded_days" in names_in(QUERIES[name]) else {}
    return loaded | {table: [] for table in OF_TIP & names_in(QUERIES[name])}


def answer(warehouse: Warehouse, name: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a query answers."""
    of_check = dict.fromkeys(VALUES) | CHECKS[name].numbers if name in CHECKS else {}
    rows = warehouse.read(QUERIES[name], **MAINNET.values | of_check | values)
    return [_written(row) for row in rows.to_pylist()]


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
    case, name = json.loads(path.read_text()), name_of(path)
    of_series = [
        ({value: kind(key)}, rows) for of, (value, kind) in SERIES.items() for key, rows in case.get(of, {}).items()
    ]
    with filled(warehouse, shared_rows(name, case["rows"]) | case["rows"]):
        for value, rows in of_series or [({}, case["expected"])]:
            expected = each(rows)
            columns = expected[0] if expected else ()
            found = answer(warehouse, name, case.get("values", {}) | value)
            shown = [{column: row[column] for column in columns} for row in found]
            if name in OF_FIGURES:
                shown, expected = sorted(shown, key=repr), sorted(expected, key=repr)
            assert shown == expected, value


def test_every_query_of_a_figure_and_of_a_check_has_a_golden_case() -> None:
    assert {name_of(path) for path in CASES} >= OF_FIGURES.keys() | CHECKS.keys() - {UNBUILT_DAYS}
