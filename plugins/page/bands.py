"""A histogram in bands that grow: 10k to 25k, to 50k, to 100k, and so on."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from plugins.page.charts import Part, place

STEPS = (1, 2.5, 5)
SIZES = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))


@dataclass(frozen=True)
class Band:
    """A band with what is in it and in all bands up to it; None where not known. The last has no upper edge."""

    low: int
    high: int | None
    count: Any
    share: float | None
    cumulative: float | None

    @property
    def label(self) -> str:
        """Its edges, in short."""
        return f"≥ {short(self.low)}" if self.high is None else f"{short(self.low)}–{short(self.high)}"


def bands_of(part: Part, position: int) -> list[Band]:
    """The bands of a histogram of many bins; a band of which a bin is not known is not known.

    Args:
        part: by the lower edge of each bin.
        position: of the figure.
    """
    bins = sorted((place(row[0]), row[position]) for row in part.rows)
    if not bins:
        return []
    edges = _edges(bins[0][0], bins[-1][0])
    counts: list[Any] = [0] * len(edges)
    for edge, count in bins:
        index = bisect_right(edges, edge) - 1
        counts[index] = None if count is None or counts[index] is None else counts[index] + count
    return _with_shares(edges, counts)


def short(number: float) -> str:
    """A number in thousands, millions or billions."""
    size, unit = next(((size, unit) for size, unit in SIZES if number >= size), (1, ""))
    return f"{number / size:g}{unit}"


def _edges(first: int, last: int) -> list[int]:
    """The round numbers from the first bin's edge to the last one's, and that first edge."""
    powers = range(len(str(last)) + 1)
    round_numbers = [int(step * 10**power) for power in powers for step in STEPS if step * 10**power % 1 == 0]
    return [first, *(edge for edge in round_numbers if first < edge <= last)]


def _with_shares(edges: Sequence[int], counts: Sequence[Any]) -> list[Band]:
    is_known = None not in counts
    total = sum(counts) if is_known else 0
    sums = [*accumulate(counts)] if is_known else [None] * len(counts)
    return [
        Band(low, high, count, count / total if total else None, up_to / total if total else None)
        for low, high, count, up_to in zip(edges, [*edges[1:], None], counts, sums, strict=True)
    ]
