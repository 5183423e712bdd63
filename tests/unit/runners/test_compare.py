"""What a comparison found, in words, and what the page makes of them."""

from datetime import date, timedelta

import pytest

from plugins.page import calendar
from stacks_dataverse.runners.compare import Findings

FIRST = date(2024, 2, 27)


@pytest.mark.parametrize(
    ("places", "words"),
    [
        pytest.param([], "none", id="none"),
        pytest.param([0], "2024-02-27", id="a day"),
        pytest.param([3, 0, 1, 2], "2024-02-27 to 2024-03-01", id="days that follow one another"),
        pytest.param([0, 2, 3, 5], "2024-02-27, 2024-02-29 to 2024-03-01, 2024-03-03", id="days with others between"),
    ],
)
def test_changed_days_are_told_as_stretches_that_the_page_understands(places: list[int], words: str) -> None:
    changed = [FIRST + timedelta(days=place) for place in places]
    assert Findings([], changed, []).checks()["changed_days"] == words
    assert calendar.days_in(words) == sorted(changed)


def test_a_fork_of_any_depth_is_told_whole() -> None:
    changed = [FIRST + timedelta(days=place) for place in range(2000)]
    words = Findings([], changed, []).checks()["changed_days"]
    assert len(words) < 50
    assert calendar.days_in(words) == changed


def test_what_is_scattered_is_cut_short() -> None:
    scattered = [FIRST + timedelta(days=2 * place) for place in range(300)]
    loose = [(day, day, f"heights are missing on {day}") for day in scattered]
    checks = Findings(scattered, [], loose).checks()
    assert checks["missing_days"].endswith(" and 200 more")
    assert len(calendar.days_in(checks["missing_days"])) == 100
    assert checks["loose_blocks"].endswith(" and 290 more")
