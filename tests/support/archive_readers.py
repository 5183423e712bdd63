"""The ways to read the archive that docs/archive.md names, run as they stand there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "archive.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

# What each way comes to as rows of names and values.
AS_ROWS: dict[str, Callable[[Any], list[dict[str, Any]]]] = {
    "duckdb": lambda rows: rows.to_arrow_table().to_pylist(),
    "pyarrow": lambda rows: rows.to_table().to_pylist(),
    "pandas": lambda rows: rows.astype(object).where(rows.notna(), None).to_dict("records"),
    "polars": lambda rows: rows.collect().to_dicts(),
}

each_reader = pytest.mark.parametrize("reader", AS_ROWS)


def read(reader: str) -> list[dict[str, Any]]:
    """The rows of the table txs, by what the page says up to a reader's lines; the bucket is the current folder."""
    last = next(number for number, block in enumerate(BLOCKS) if f"import {reader}" in block)
    names: dict[str, Any] = {}
    # pandas takes the schema that pyarrow found.
    for block in BLOCKS[last - (reader == "pandas") : last + 1]:
        exec(block, names)
    return AS_ROWS[reader](names["rows"])
