"""Which last day a sample chain has, whatever the time of day, and what is said of an older one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.local import days, sample, sample_chain, stacks_database
from scripts.local.connections import SETTLE_HOURS
from scripts.local.errors import StackError
from scripts.local.secrets import Secrets
from stacks_dataverse.window import Window

TODAY = datetime(2026, 11, 28, tzinfo=UTC)
YESTERDAY, THE_DAY_BEFORE = date(2026, 11, 27), date(2026, 11, 26)


class Made(Exception):
    """A chain that would be made, with its size."""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stack without a chain; one that is to be made is only noted."""
    made: list[dict[str, Any]] = []

    def generate(_dsn: str, **size: Any) -> None:
        made.append(size)

    monkeypatch.setattr(sample_chain, "generate", generate)
    monkeypatch.setattr(stacks_database, "blocks_schema", lambda *_: "public" if made else None)
    monkeypatch.setattr(stacks_database, "replace", lambda _server, _source, fill: fill())
    monkeypatch.setattr(stacks_database, "reset", lambda _stack: None)
    return SimpleNamespace(
        postgres=SimpleNamespace(dsn=lambda *_, **__: ""), secrets=Secrets(tmp_path / "secrets.json"), made=made,
        choices=Secrets(tmp_path / "choices.json"), provision_if_set_up=lambda: None,
    )  # fmt: skip


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the time of day."""
    return lambda hour, minute, second=0: monkeypatch.setattr(
        days, "now", lambda: TODAY + timedelta(hours=hour, minutes=minute, seconds=second)
    )


def end_of(size: dict[str, Any]) -> int:
    """When the interval of the chain's last Bitcoin block ends."""
    whole = size["days"] * 144 + size["tail"]
    return Window(size["first_day"]).start + whole * sample_chain.BURN_INTERVAL


@pytest.mark.parametrize(
    ("time", "last"),
    [
        pytest.param((0, 0), THE_DAY_BEFORE, id="midnight"),
        pytest.param((0, 5), THE_DAY_BEFORE, id="the first minutes of a day"),
        pytest.param((2, 19, 59), THE_DAY_BEFORE, id="before yesterday is settled"),
        pytest.param((2, 20), YESTERDAY, id="as soon as it is"),
        pytest.param((12, 34), YESTERDAY, id="noon"),
        pytest.param((23, 59, 59), YESTERDAY, id="the last second of a day"),
    ],
)
def test_a_chain_ends_with_the_newest_settled_day_and_goes_on_to_the_present(
    time: tuple[int, ...], last: date, stack: Any, at: Any
) -> None:
    at(*time)
    sample.ensure(stack, 3, 2000, None)
    (size,) = stack.made
    assert size["first_day"] == last - timedelta(days=2)
    assert sample.last_day(stack) == last
    # Any block comes within its interval, and one of the last two has a Stacks block.
    assert 0 <= days.now().timestamp() - end_of(size) < sample_chain.BURN_INTERVAL
    assert Window(last).is_settled(end_of(size) - 2 * sample_chain.BURN_INTERVAL, SETTLE_HOURS)


def test_a_last_day_makes_the_same_chain_at_any_time(stack: Any, at: Any) -> None:
    for time in ((3, 0), (23, 0)):
        at(*time)
        stack.choices.put("chain", "sample")
        sample.renew(stack, 3, 600, THE_DAY_BEFORE)
    assert (
        stack.made
        == [{"days": 3, "txs_per_day": 600, "first_day": date(2026, 11, 24), "tail": sample_chain.SETTLED_BURNS}] * 2
    )


@pytest.mark.parametrize(
    ("until", "count", "words"),
    [
        pytest.param(date(2026, 11, 28), 3, "the newest last day of a sample is 2026-11-27", id="today"),
        pytest.param(date(2021, 1, 15), 3, "would begin before Stacks did, on 2021-01-14", id="before Stacks"),
        pytest.param(None, 4_000, "would begin before Stacks did", id="too many days"),
        pytest.param(None, 5_000_000, "would begin before Stacks did", id="before the calendar"),
        pytest.param(None, 10**12, "would begin before Stacks did", id="more days than a difference can have"),
    ],
)
def test_a_chain_that_cannot_be_is_refused(until: date | None, count: int, words: str, at: Any) -> None:
    at(12, 0)
    with pytest.raises(StackError, match=words):
        sample.require_possible(until, count)


def test_the_first_and_the_last_chain_that_can_be_are_not_refused(at: Any) -> None:
    at(12, 0)
    sample.require_possible(YESTERDAY, 3)
    sample.require_possible(date(2021, 1, 16), 3)


def test_a_chain_that_is_there_is_kept_and_how_to_renew_it_is_said(stack: Any, at: Any) -> None:
    at(12, 0)
    sample.ensure(stack, 3, 2000, None)
    assert sample.how_to_renew(stack) == []
    at(36, 0)
    sample.ensure(stack, 3, 2000, None)
    assert len(stack.made) == 1
    assert sample.how_to_renew(stack) == [
        "`up --renew` replaces it by one that ends on 2026-11-28, and empties warehouse and buckets"
    ]
    with pytest.raises(StackError, match="holds a chain already; `up --renew --until DAY`"):
        sample.ensure(stack, 3, 2000, THE_DAY_BEFORE)
    sample.ensure(stack, 3, 2000, YESTERDAY)


@pytest.mark.parametrize("chain", ["dump", None])
def test_only_a_sample_is_renewed(chain: str | None, stack: Any) -> None:
    if chain:
        stack.choices.put("chain", chain)
    with pytest.raises(StackError, match="replaces a sample chain"):
        sample.renew(stack, 3, 2000, None)
    assert stack.made == []
