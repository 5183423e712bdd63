"""The rows of a public object under `v1/`, as the page shows them."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from plugins.page import charts
from stacks_dataverse.dataset import PublicObject, fields_of

PARSERS: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
    "numeric(78)": int,
}


def parts_of_envelope(obj: PublicObject, text: bytes) -> list[charts.Part]:
    """Return the rows of an enveloped object as one part; none for null.

    Args:
        text: its bytes, unzipped.
    """
    rows = json.loads(text)["data"]
    if rows is None:
        return []
    parsers = {column.name: PARSERS[column.type] for column in obj.columns if column.type in PARSERS}
    return [charts.part_of_rows(fields_of(obj.columns), [_parse(row, parsers) for row in rows])]


def _parse(row: Mapping[str, Any], parsers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    return {name: parsers[name](value) if value and name in parsers else value for name, value in row.items()}
