"""What LunarCrush's answers say of themselves: when they were made, and that they hold rows of days."""

from typing import Any

import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.transformers.lunarcrush import closed_days, read_generated_at
from stacks_dataverse.window import Span
from tests.support.candles import DAY

YEAR_10000 = 253_402_300_800


@pytest.mark.parametrize(
    ("generated", "moment"),
    [
        pytest.param(0, None, id="nothing in the vendor's words"),
        pytest.param(1, 1, id="the first second"),
        pytest.param(1_764_473_870.9, 1_764_473_870, id="within a second"),
        pytest.param(YEAR_10000 - 1, YEAR_10000 - 1, id="the last second of the year 9999"),
        pytest.param(YEAR_10000, None, id="no moment of the calendar"),
        pytest.param(True, None, id="no number"),
    ],
)
def test_an_answer_was_made_at_a_moment_of_the_calendar(generated: Any, moment: int | None) -> None:
    assert read_generated_at({"config": {"generated": generated}}) == moment


@pytest.mark.parametrize("answer", [["row"], None, {"data": {}}, {"data": ["row"]}], ids=repr)
def test_an_answer_of_another_form_is_refused_and_says_what_to_look_at(answer: Any) -> None:
    says = r"^lunarcrush: the landed time series has no list of rows; check whether its API has changed\.$"
    with pytest.raises(Terminal, match=says):
        closed_days([{"answer": answer}], Span(0, DAY))
