"""The shapes of the public objects: rows of a query in, a JSON value out."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse.transformers.balances import (
    HISTOGRAM_BIN_STX,
    HISTOGRAM_FIRST_STX,
    HISTOGRAM_LAST_STX,
)


def series(rows: pa.Table) -> dict[str, Any]:
    """`day`, `value` as unix seconds of UTC midnight, in a string, to the value; null is not known."""
    return {_midnight(row["day"]): row["value"] for row in rows.to_pylist()}


def wallet_balances_raw(rows: pa.Table) -> dict[str, Any]:
    """`whale_balance` in STX of each whale (null for none) beside `holders`, as one list and one count."""
    return {
        "whale_balances": [value for value in rows["whale_balance"].to_pylist() if value is not None],
        "nonzero_bals": rows["holders"][0].as_py(),
    }


def wallet_balances(rows: pa.Table) -> dict[str, int]:
    """`from_stx`, `holders` as every bin's lower edge, in a string, to its holders."""
    edges = range(HISTOGRAM_FIRST_STX, HISTOGRAM_LAST_STX + 1, HISTOGRAM_BIN_STX)
    filled = dict(zip(rows["from_stx"].to_pylist(), rows["holders"].to_pylist(), strict=True))
    return {str(edge): filled.get(edge, 0) for edge in edges}


def _midnight(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
