"""How many days a run compares with the chain."""

import pytest

from stacks_dataverse import connections
from stacks_dataverse.errors import Terminal


@pytest.mark.parametrize("text", ["0", "2.5", "three", "-1", "1000000", "1e300"])
def test_trailing_days_that_are_no_number_of_days_fail_at_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Variable, "get", lambda _name, default: text)
    with pytest.raises(Terminal, match="trailing_days"):
        connections.trailing_days()


def test_trailing_days_are_three_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Variable, "get", lambda _name, default: default)
    assert connections.trailing_days() == 3
