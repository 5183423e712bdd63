"""Write a golden case to be filled in, for a fact, a snapshot or a figure: `python -m scripts.new_golden_case TABLE`.

It has a row of each table that the transformer reads, of raw tables in a canonical block, and a row of what it
returns. It fails until the values are there; give the file the name of what it shows.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from scripts.new_migration import warehouse_at_head
from stacks_dataverse import catalog, chain
from stacks_dataverse.catalog import Kind, Table
from stacks_dataverse.dataset import CHAIN_BEGAN
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.network import MAINNET
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.stores.warehouse import Warehouse

FOLDER = Path(__file__).parents[1] / "tests" / "golden"
FILE = "a_case_to_fill.json"

# What places a row in a canonical block; all else is to be filled in.
CANONICAL = {"index_block_hash": "main", "canonical": True, "microblock_canonical": True}


@dataclass(frozen=True)
class Empty:
    """The tables that figures read, without rows, by name: states before a first day, and a day's inputs."""

    opening: dict[str, pa.Table]
    inputs: dict[str, pa.Table]

    @classmethod
    def of(cls, read: Callable[..., pa.Table], figures: Sequence[Table]) -> "Empty":
        """What an empty warehouse answers.

        Args:
            read: answers a query of the warehouse.
        """
        opening = engine.read_opening_state(read, engine.states_of(figures), CHAIN_BEGAN)
        queries = engine.daily_queries(figures).items()
        inputs = {name: read(sql, day=CHAIN_BEGAN, **MAINNET.values).slice(0, 0) for name, sql in queries}
        return cls(opening, inputs)


def raw_case(table: Table) -> dict[str, Any]:
    """The case of what is made of raw rows."""
    with chain.canonical_day({}, table.reads) as day:
        returned = table.transform(day).column_names
    return {"raw": _rows(with_keys(table.reads)), "expected": [dict.fromkeys(returned, "?")]}


def figure_case(figure: Table, empty: Empty) -> dict[str, Any]:
    """The case of an end-of-day figure: states before its days, and what each day brings."""
    with engine.open_state(empty.opening) as state:
        engine.advance(state, engine.states_of([figure]), empty.inputs)
        returned = figure.transform(state).column_names
    before, day = ({name: rows.column_names for name, rows in tables.items()} for tables in vars(empty).values())
    return {"before": _rows(before), "days": [_rows(day)], "expected": [dict.fromkeys(returned, "?")]}


def case_of(table: Table) -> dict[str, Any]:
    """The case of a table; that of a figure takes an empty warehouse, which is made for it and thrown away."""
    if table.kind is not Kind.FIGURE:
        return raw_case(table)
    with warehouse_at_head() as dsn, Warehouse.open(dsn) as warehouse:
        return figure_case(table, Empty.of(warehouse.read, [table]))


def write(table: str, case: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Write a case into the folder of the table's cases; returns its file."""
    file = folder / table / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(case, indent=2) + "\n", encoding="utf-8")
    return file


def _rows(tables: Mapping[str, Iterable[str]]) -> dict[str, list[dict[str, Any]]]:
    """A row of each table."""
    return {name: [{column: CANONICAL.get(column) for column in columns}] for name, columns in tables.items()}


def main() -> None:
    """Write the case of the table that is named."""
    tables = {table.name: table for table in catalog.TABLES if table.reads or table.kind is Kind.FIGURE}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=tables, metavar="TABLE")
    name = parser.parse_args().table
    print(write(name, case_of(tables[name])))


if __name__ == "__main__":
    main()
