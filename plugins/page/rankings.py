"""Which tables are rankings, by what, and of what sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from plugins.page.charts import NAMED, PLAIN, Part
from stacks_dataverse import units
from stacks_dataverse.site.quantities import OF_TEXT, OF_UNITS, SHARE, Quantity

# Amounts and counts have a sum of which each is a share; prices, percentages and indexes have none.
WITHOUT_SUM = {OF_UNITS[unit] for unit in units.UNITS if unit not in (units.STX, units.BTC, units.USD)}
WITHOUT_SUM.add(OF_TEXT["basis points"])
IDENTIFIERS, RANK = ("contract", "address"), "rank"


@dataclass(frozen=True)
class Ranking:
    """The positions of name, identifier beneath it, ranked value and own rank, where there are such; ranks by row.

    `total` is the sum of the values, None where they have none or the rows have a share already, `longest` the largest.
    """

    name: int
    value: int
    note: int | None
    rank: int | None
    ranks: Sequence[int]
    total: float | None
    longest: float


def ranking_of(part: Part) -> Ranking | None:
    """How a part is a ranking: rows that each have a name of their own, the largest value first; else None."""
    if part.axis not in (NAMED, PLAIN) or len(part.rows) < 2 or isinstance(part.rows[0][0], date):
        return None
    columns = [list(cells) for cells in zip(*part.rows, strict=True)]
    name = next((n for n, cells in enumerate(columns) if _are_names(cells)), None)
    value = next((n for n, cells in enumerate(columns) if _falls(cells, may_be_equal=part.axis == NAMED)), None)
    if name is None or value is None:
        return None
    names = {column.name: position for position, column in enumerate(part.columns)}
    note = next((names[of] for of in IDENTIFIERS if of in names and names[of] != name), None)
    values = [cell or 0 for cell in columns[value]]
    has_share = any(column.quantity == SHARE for column in part.columns)
    total = None if has_share else _total(values, part.columns[value].quantity)
    longest = float(max(map(abs, values))) or 1.0
    return Ranking(name, value, note, names.get(RANK), _ranks(values), total, longest)


def _are_names(cells: Sequence[Any]) -> bool:
    return all(isinstance(cell, str) for cell in cells) and len(set(cells)) == len(cells)


def _falls(cells: Sequence[Any], may_be_equal: bool) -> bool:
    """Whether numbers only fall from the first to the last row, nulls last."""
    known = [cell for cell in cells if cell is not None]
    if not known or any(isinstance(cell, str | bool | date) for cell in known) or cells[: len(known)] != known:
        return False
    return (may_be_equal or known[0] > known[-1]) and all(first >= second for first, second in pairwise(known))


def _ranks(values: Sequence[Any]) -> list[int]:
    """Places from 1; equal values share theirs."""
    first: dict[Any, int] = {}
    return [first.setdefault(value, place) for place, value in enumerate(values, 1)]


def _total(values: Sequence[Any], quantity: Quantity) -> float | None:
    total = float(sum(values))
    return None if quantity in WITHOUT_SUM or total <= 0 or any(value < 0 for value in values) else total
