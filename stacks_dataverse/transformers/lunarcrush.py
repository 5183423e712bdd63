"""What LunarCrush's daily rows have in common, whatever they are read for."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from stacks_dataverse.errors import Terminal
from stacks_dataverse.window import SECONDS_PER_DAY, Span

# The warehouse's whole numbers end there, and no figure of a coin comes near.
TOO_LARGE = 2**63
# The last second of the year 9999: what lies beyond is no moment.
LAST_MOMENT = 253_402_300_799


def closed_days(answers: Iterable[Mapping[str, Any]], span: Span) -> dict[int, dict[str, Any]]:
    """Return the days of a span that were over when the vendor made the answer, by unix seconds, ascending.

    A day that comes twice is one: what the later row knows goes before the earlier one's. A row without time is
    left out, and a value that is null, missing or no number is not in the result.

    Raises:
        Terminal: an answer whose `data` is no list of rows, or that says its rows are of another length than a day.
    """
    days: dict[int, dict[str, Any]] = {}
    for answer in (landed["answer"] for landed in answers):
        rows = _rows(answer)
        until = min(span.end, read_generated_at(answer) or span.end)
        for row in rows:
            time = as_number(row.get("time"))
            if time is not None and time in span and time + SECONDS_PER_DAY <= until:
                midnight = int(time) // SECONDS_PER_DAY * SECONDS_PER_DAY
                days.setdefault(midnight, {}).update(_drop_unknown(row))
    return dict(sorted(days.items()))


def read_generated_at(answer: Mapping[str, Any]) -> int | None:
    """Return when the vendor made an answer, in unix seconds; None where it does not say, or names no moment."""
    time = as_number(_config(answer).get("generated"))
    return int(time) if time is not None and 0 < time <= LAST_MOMENT else None


def as_number(value: Any) -> float | None:
    """Return a finite number as it is, however large, and None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # An int has no upper end, and isfinite would make a float of it.
    return value if isinstance(value, int) or math.isfinite(value) else None


def read_figure(row: Mapping[str, Any], name: str) -> float | None:
    """Return a row's figure of a name, with its unit as the vendor has it; None where it has none.

    Raises:
        Terminal: the figure is 2^63 or more, or as far below zero.
    """
    value = _read_bounded(row, name)
    # Arrow refuses whole numbers from 2^53 on where it expects a float.
    return None if value is None else float(value)


def read_count(row: Mapping[str, Any], name: str) -> int | None:
    """Return a row's figure of a name as a whole number; see `read_figure`."""
    value = _read_bounded(row, name)
    return None if value is None else round(value)


def _read_bounded(row: Mapping[str, Any], name: str) -> float | None:
    value = as_number(row.get(name))
    if value is not None and abs(value) >= TOO_LARGE:
        raise Terminal(f"{name} is 2^63 or more, which no figure of a coin can be; check the landed responses.")
    return value


def _drop_unknown(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: value for name, value in row.items() if as_number(value) is not None}


def _config(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    config = answer.get("config")
    return config if isinstance(config, dict) else {}


def _rows(answer: Any) -> list[dict[str, Any]]:
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Terminal("lunarcrush: the landed time series has no list of rows; check whether its API has changed.")
    # The vendor's default is the hour, and an hour's row would pass for its day's.
    bucket = _config(answer).get("bucket", "day")
    if bucket != "day":
        raise Terminal(f"lunarcrush: the landed rows are per {bucket}, not per day. Nothing was stored.")
    return rows
