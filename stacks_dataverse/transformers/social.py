"""Social figures of Stacks: LunarCrush's daily series, and its current values."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers.lunarcrush import closed_days, read_count, read_figure, read_generated_at
from stacks_dataverse.window import Span

RATED = ("galaxy_score", "sentiment", "social_dominance")
COUNTED = ("alt_rank", "interactions", "posts_active", "contributors_active")
MOMENT = pa.timestamp("us", "UTC")

DAILY = pa.schema(
    [
        ("day", pa.date32()),
        *((name, pa.float64()) for name in RATED),
        *((name, pa.int64()) for name in COUNTED),
        ("generated_at", MOMENT),
    ]
)
SNAPSHOT = pa.schema([("taken_at", MOMENT), ("galaxy_score", pa.float64()), ("alt_rank", pa.int64())])


def daily_social(answers: Sequence[Mapping[str, Any]], span: Span, stored: pa.Table) -> pa.Table:
    """Return the closed days of a span as they are to be stored, by day.

    A later answer revises an earlier one; values that it does not have stay. A day that was stored from a still later
    answer is left out.

    Args:
        answers: landed answers, `asked` and `answer`.
        stored: rows of the table.
    Raises:
        Terminal: an answer without a list of rows, or a figure of 2^63 or more.

    Columns: day, galaxy_score, alt_rank, sentiment, social_dominance, interactions, posts_active, contributors_active,
        generated_at.
    """
    held = {row["day"]: row for row in stored.to_pylist()}
    days = closed_days(answers, span)
    made_at = _moment(max((read_generated_at(landed["answer"]) or 0 for landed in answers), default=0))
    rows = []
    for at, figures in days.items():
        new = _figures(figures) | {"day": datetime.fromtimestamp(at, UTC).date(), "generated_at": made_at}
        old = held.get(new["day"], {})
        if not _is_older(new, old):
            rows.append(old | {name: value for name, value in new.items() if value is not None})
    return pa.Table.from_pylist(rows, DAILY)


def social_snapshots(landed: Mapping[str, Any], requested_at: int) -> pa.Table:
    """Return the snapshot's row, of the moment that the vendor made it; no row without either figure.

    Args:
        requested_at: unix seconds; the time of the row where the vendor gives none.
    Raises:
        Terminal: an answer whose `data` is no object, or a figure of 2^63 or more.

    Columns: taken_at, galaxy_score, alt_rank.
    """
    data = landed["answer"].get("data")
    if not isinstance(data, dict):
        raise Terminal("lunarcrush: the landed snapshot has no figures; check whether its API has changed.")
    made_at = read_generated_at(landed["answer"]) or requested_at
    row = {"galaxy_score": read_figure(data, "galaxy_score"), "alt_rank": read_count(data, "alt_rank")}
    known = [row | {"taken_at": _moment(made_at)}] if any(value is not None for value in row.values()) else []
    return pa.Table.from_pylist(known, SNAPSHOT)


def _figures(row: Mapping[str, Any]) -> dict[str, float | int | date | None]:
    return {name: read_figure(row, name) for name in RATED} | {name: read_count(row, name) for name in COUNTED}


def _is_older(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    made_at, held_at = new["generated_at"], old.get("generated_at")
    return made_at is not None and held_at is not None and made_at < held_at


def _moment(time: int) -> datetime | None:
    return datetime.fromtimestamp(time, UTC) if time else None
