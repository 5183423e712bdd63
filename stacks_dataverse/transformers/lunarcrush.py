"""What LunarCrush's daily rows have in common, whatever they are read for."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from stacks_dataverse.errors import Terminal
from stacks_dataverse.window import SECONDS_PER_DAY, Span


def closed_days(answers: Iterable[Mapping[str, Any]], span: Span) -> dict[int, dict[str, Any]]:
    """Return the days of a span that were over when the vendor made the answer, by unix seconds, ascending.

    A day that comes twice is one: what the later row knows goes before the earlier one's. A row without time is
    left out, and a value that is null, missing or no number is not in the result.

    Raises:
        Terminal: an answer whose `data` is no list of rows.
    """
    days: dict[int, dict[str, Any]] = {}
    for answer in (landed["answer"] for landed in answers):
        until = min(span.end, generated(answer) or span.end)
        for row in _rows(answer):
            time = number(row.get("time"))
            if time is not None and time in span and time + SECONDS_PER_DAY <= until:
                midnight = int(time) // SECONDS_PER_DAY * SECONDS_PER_DAY
                days.setdefault(midnight, {}).update(_known(row))
    return dict(sorted(days.items()))


def generated(answer: Mapping[str, Any]) -> int | None:
    """Return when the vendor made an answer, in unix seconds; None where it does not say."""
    time = number(answer["config"].get("generated"))
    return None if time is None else int(time)


def number(value: Any) -> float | None:
    """Return a finite number as it is, and None for all else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else None


def _known(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: value for name, value in row.items() if number(value) is not None}


def _rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = answer.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Terminal("lunarcrush: the landed time series has no list of rows: see whether its API has changed.")
    return rows
