"""The verdict: one sentence of how far the data go, whether the source moves, and what failed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from plugins.page.overview import Issue, Lag
from plugins.page.verdict import Motion, Tone, make_verdict
from stacks_dataverse.source import Source

NOW = datetime(2024, 10, 31, 12, tzinfo=UTC)
DAY = date(2024, 10, 30)
ERROR, WARNING = (Issue(kind, "", "", "", "") for kind in ("error", "warning"))


def lag(tip_hours: float = 0.1, polled_hours: float = 0.1, last_day: date | None = DAY) -> Lag:
    """How far the loaded days are behind a tip and a poll of so many hours ago."""
    return Lag(last_day, 1, 2, NOW - timedelta(hours=tip_hours), NOW - timedelta(hours=polled_hours))


@pytest.mark.parametrize(
    ("behind", "source", "expected"),
    [
        pytest.param(lag(), Source.LIVE, Motion.MOVING, id="a node that follows the chain"),
        pytest.param(lag(2.1), Source.LIVE, Motion.STALLED, id="a node that stalled"),
        pytest.param(lag(2.2, 2.1), Source.LIVE, Motion.UNPOLLED, id="no poll for hours"),
        pytest.param(Lag(DAY, 1, None, None, None), Source.LIVE, Motion.UNKNOWN, id="no poll yet"),
        pytest.param(Lag(DAY, 1, None, None, NOW), Source.LIVE, Motion.UNREAD, id="a poll that cannot be read"),
        pytest.param(lag(757 * 24), Source.SAMPLE, Motion.DECLARED, id="a sample"),
    ],
)
def test_whether_the_source_moves(behind: Lag, source: Source, expected: Motion) -> None:
    assert make_verdict(behind, source, [], 0, NOW).motion is expected


@pytest.mark.parametrize(
    ("source", "issues", "last_day", "expected"),
    [
        pytest.param(Source.LIVE, [], DAY, Tone.GOOD, id="all well"),
        pytest.param(Source.DUMP, [], DAY, Tone.STILL, id="a dump"),
        pytest.param(Source.DUMP, [WARNING, ERROR], DAY, Tone.BAD, id="an error"),
        pytest.param(Source.LIVE, [WARNING], DAY, Tone.WARNING, id="a warning"),
        pytest.param(Source.LIVE, [], None, Tone.EMPTY, id="nothing loaded"),
    ],
)
def test_the_verdict_is_of_the_worst_issue(
    source: Source, issues: list[Issue], last_day: date | None, expected: Tone
) -> None:
    assert make_verdict(lag(last_day=last_day), source, issues, 0, NOW).tone is expected


@pytest.mark.parametrize(
    ("issues", "source", "expected"),
    [
        ([], Source.LIVE, Tone.UNKNOWN),
        ([], Source.SAMPLE, Tone.UNKNOWN),
        ([WARNING], Source.LIVE, Tone.WARNING),
        ([ERROR], Source.LIVE, Tone.BAD),
    ],
)
def test_all_is_not_well_while_a_store_does_not_answer(issues: list[Issue], source: Source, expected: Tone) -> None:
    assert make_verdict(lag(), source, issues, 0, NOW, is_complete=False).tone is expected


def test_the_age_is_that_of_the_data_not_of_the_poll() -> None:
    assert make_verdict(lag(), Source.LIVE, [], 0, NOW).age == "12 hours"
    assert make_verdict(lag(15), Source.LIVE, [], 0, NOW).age == "15 hours"
    assert make_verdict(lag(last_day=NOW.date()), Source.LIVE, [], 0, NOW).age == "6 minutes"
    assert make_verdict(lag(last_day=None), Source.LIVE, [], 0, NOW).age == ""


def test_a_source_that_never_moves_says_what_it_is() -> None:
    assert make_verdict(lag(), Source.SAMPLE, [], 0, NOW).source_text == "source stands still (sample chain)"
    assert make_verdict(lag(), Source.LIVE, [], 0, NOW).source_text == "source moving"
