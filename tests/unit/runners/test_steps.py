"""Steps of which one that fails keeps no other from being taken."""

from collections.abc import Callable

import pytest

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.runners.steps import run_all


class Session:
    """A warehouse that knows how often it was made fit to use again."""

    given_up = 0

    def roll_back(self) -> None:
        self.given_up += 1


def failing(error: Exception) -> Callable[[], list[str]]:
    def step() -> list[str]:
        raise error

    return step


def test_steps_that_all_succeed_return_what_each_returns() -> None:
    session = Session()
    assert run_all(session, {"one": lambda: ["a"], "two": list, "three": lambda: ["b", "c"]}) == ["a", "b", "c"]
    assert session.given_up == 0


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        pytest.param([Terminal("no such table")], Terminal, id="for good"),
        pytest.param([Retryable("server gone")], Retryable, id="for now"),
        pytest.param([Terminal("no such table"), Retryable("server gone")], Retryable, id="one of them for now"),
        pytest.param([ValueError("not a number"), KeyError()], Terminal, id="what nobody expected"),
    ],
)
def test_a_step_that_fails_keeps_no_other_from_being_taken(errors: list[Exception], kind: type[Exception]) -> None:
    session, taken = Session(), []
    steps = {f"broken {number}": failing(error) for number, error in enumerate(errors)}
    steps["sound"] = lambda: taken.append("sound") or []
    with pytest.raises(kind, match=f"{len(errors)} of {len(steps)} failed") as raised:
        run_all(session, steps)
    assert taken == ["sound"]
    assert session.given_up == len(errors)
    for name, error in zip(steps, errors, strict=False):
        assert f"{name}: {str(error) or type(error).__name__}" in str(raised.value)
