"""One value as a reader sees it: formatted by its unit, the value itself behind it."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from plugins.page import formatting, identifiers
from plugins.page.charts import Column
from plugins.page.identifiers import EXPLORER, MAINNET
from stacks_dataverse.site.quantities import Quantity, format_number, is_number

NULL = "–"


@dataclass(frozen=True)
class Cell:
    """What is shown of a value: its text, and the value itself where that differs.

    An identifier is shown in short and copied whole; `address` is its page in the Stacks Explorer, if it has one.
    """

    text: str
    raw: str = ""
    is_number: bool = False
    is_identifier: bool = False
    address: str = ""


def make_cell(column: Column, value: Any, quantity: Quantity, chain: str = MAINNET) -> Cell:
    """A value of a column as it is shown.

    Args:
        column: of the value; one of unix seconds is shown as a time.
        quantity: of the column, fitted to all of its values.
        chain: the network whose transactions are linked.
    """
    if value is None:
        return Cell(NULL, "null", is_number=True)
    if column.is_time and isinstance(value, int):
        return Cell(formatting.moment(datetime.fromtimestamp(value, UTC)), f"{value} (unix seconds)")
    if isinstance(value, date):
        return time_cell(value)
    if is_number(value):
        return _number(value, quantity)
    return _text(column, value, chain)


def time_cell(value: date) -> Cell:
    """A day, or a moment to the minute."""
    if not isinstance(value, datetime):
        return Cell(value.isoformat())
    return Cell(formatting.moment(value), f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _number(value: Any, quantity: Quantity) -> Cell:
    text = format_number(value, quantity)
    raw = f"{value} µSTX" if quantity.shift else str(value)
    return Cell(text, "" if raw == text else raw, is_number=True)


def _text(column: Column, value: Any, chain: str) -> Cell:
    if isinstance(value, bool):
        return Cell("yes" if value else "no", str(value).lower())
    if not isinstance(value, str):
        return Cell(json.dumps(value, ensure_ascii=False, default=str))
    if value.startswith(f"{EXPLORER}/"):
        return Cell("Explorer", value, is_identifier=True, address=value)
    short = identifiers.shorten(value)
    if short is None:
        return Cell(value)
    return Cell(short, value, is_identifier=True, address=identifiers.explorer_page(value, column.name, chain) or "")
