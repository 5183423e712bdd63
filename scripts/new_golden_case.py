"""Write a golden case to be filled in, for a table of raw columns: `python -m scripts.new_golden_case TABLE`.

It has a row of each raw table that the table reads, in a canonical block, and a row of what its transformer returns. It
fails until the values are there; give the file the name of what it shows.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

from stacks_dataverse import catalog, chain
from stacks_dataverse.catalog import Table
from stacks_dataverse.raw_tables import with_keys

FOLDER = Path(__file__).parents[1] / "tests" / "golden"
FILE = "a_case_to_fill.json"

# What places a row in a canonical block; all else is to be filled in.
CANONICAL = {"index_block_hash": "main", "canonical": True, "microblock_canonical": True}


def text(table: Table) -> str:
    """The case as JSON, a row a line."""
    raw = ",\n".join(f'    "{name}": {_row(columns, None)}' for name, columns in with_keys(table.reads).items())
    with chain.canonical_day({}, table.reads) as day:
        returned = table.transform(day).column_names
    return f'{{\n  "raw": {{\n{raw}\n  }},\n  "expected": {_row(returned, "?")}\n}}\n'


def write(table: Table, folder: Path = FOLDER) -> Path:
    """Write the case into the folder of the table's cases; returns its file."""
    file = folder / table.name / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(table), encoding="utf-8")
    return file


def _row(columns: Iterable[str], unknown: str | None) -> str:
    return f"[\n      {json.dumps({name: CANONICAL.get(name, unknown) for name in columns})}\n    ]"


def main() -> None:
    """Write the case of the table that is named."""
    tables = {table.name: table for table in catalog.TABLES if table.reads}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=tables, metavar="TABLE")
    print(write(tables[parser.parse_args().table]))


if __name__ == "__main__":
    main()
