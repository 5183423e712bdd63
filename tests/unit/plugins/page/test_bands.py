"""A histogram of many bins is shown in a few bands."""

import json

import pytest

from plugins.page.bands import bands_of, short
from plugins.page.charts import BANDED, Part, parts_of_object

FIELDS = {"<lower edge of the bin, STX>": "accounts"}


def histogram(bins: dict[int, int | None]) -> Part:
    """The part of a histogram with these bins."""
    (part,) = parts_of_object("x.json.gz", FIELDS, json.dumps(bins).encode())
    return part


def test_bins_are_summed_into_bands_of_which_the_last_is_open() -> None:
    part = histogram(dict.fromkeys(range(10000, 1000001, 500), 0) | {10_000: 3, 24_500: 1, 25_000: 4, 1_000_000: 2})
    bands = bands_of(part, 1)
    assert part.axis == BANDED
    assert [(band.label, band.count) for band in bands] == [
        ("10k–25k", 4), ("25k–50k", 4), ("50k–100k", 0), ("100k–250k", 0), ("250k–500k", 0), ("500k–1M", 0),
        ("≥ 1M", 2),
    ]  # fmt: skip
    assert [round(band.cumulative, 2) for band in bands] == [0.4, 0.8, 0.8, 0.8, 0.8, 0.8, 1.0]
    assert sum(band.share for band in bands) == pytest.approx(1)


def test_what_is_not_known_has_no_share() -> None:
    bands = bands_of(histogram({0: None, 500: None}), 1)
    assert {(band.count, band.share, band.cumulative) for band in bands if band.low == 0} == {(None, None, None)}


def test_bins_that_are_all_empty_have_no_share() -> None:
    assert [(band.count, band.share) for band in bands_of(histogram({1: 0}), 1)] == [(0, None)]


def test_numbers_are_written_in_short() -> None:
    assert [short(number) for number in (0, 500, 10_000, 2_500_000, 10**9)] == ["0", "500", "10k", "2.5M", "1B"]
