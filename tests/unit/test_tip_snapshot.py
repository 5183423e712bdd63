"""A look covers what came after the last loaded day, at least 24 hours and at most 48, by the chain's own time."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from stacks_dataverse.tip_snapshot import TipWindow

TIP = int(datetime(2024, 10, 30, 15, 0, tzinfo=UTC).timestamp())
TAKEN = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def at(day: int, hour: int) -> int:
    return int(datetime(2024, 10, day, hour, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("last_day", "start", "since"),
    [
        pytest.param(date(2024, 10, 29), at(29, 15), at(30, 0), id="yesterday is loaded: 24 hours all the same"),
        pytest.param(date(2024, 10, 28), at(29, 0), at(29, 0), id="the day before: all that came after it"),
        pytest.param(date(2024, 10, 27), at(28, 15), at(28, 0), id="two days before: 48 hours, and a gap"),
        pytest.param(date(2024, 1, 1), at(28, 15), int(datetime(2024, 1, 2, tzinfo=UTC).timestamp()), id="long ago"),
        pytest.param(date(2024, 10, 30), at(29, 15), at(31, 0), id="the tip's own day"),
        pytest.param(None, at(28, 15), 0, id="no day is loaded"),
    ],
)
def test_the_window(last_day: date | None, start: int, since: int) -> None:
    window = TipWindow(TAKEN, TIP, last_day)
    assert (window.start, window.since) == (start, since)


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        pytest.param(date(2024, 10, 27), date(2024, 10, 30), id="the tip's day"),
        pytest.param(date(2024, 10, 30), date(2024, 10, 31), id="always after the last loaded day"),
        pytest.param(None, date(2024, 10, 30), id="no day is loaded"),
    ],
)
def test_the_day_of_its_rows(last_day: date | None, expected: date) -> None:
    assert TipWindow(TAKEN, TIP, last_day).day == expected


def test_its_key_is_in_utc() -> None:
    assert TipWindow(TAKEN.astimezone(timezone(timedelta(hours=-5))), TIP, None).at == "20261124T063000Z"


@pytest.mark.parametrize("last_day", [None, date(2024, 10, 29)])
def test_it_comes_back_from_a_manifest(last_day: date | None) -> None:
    window = TipWindow(TAKEN, TIP, last_day)
    assert TipWindow.from_json(json.loads(json.dumps(window.to_json()))) == window
