"""Every effect of every scenario goes wrong once in every way, and all ends as if nothing had.

EFFECT_CASES='day:412:answer lost' repeats a case, or several with commas between; EFFECT_SEED the sample of a day;
EFFECT_SECONDS makes it longer.
EFFECT_MATCHING='COMMIT' leaves out all effects but those that have this in what they are called.
"""

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import pytest

from tests.faults.every_effect.cases import Case, Rehearsal
from tests.faults.every_effect.doors import Fault
from tests.faults.every_effect.scenarios import scenarios

Rehearse = Callable[[str], Rehearsal]

SCENARIOS = sorted(scenarios({}))
# A migration makes no request that could come twice.
EVERY = [
    pytest.param(scenario, fault, id=f"{scenario}-{fault.value}")
    for scenario in SCENARIOS
    for fault in Fault
    if (scenario, fault) != ("migration", Fault.TWICE)
]
# A sample begins no more cases after so long.
SAMPLE_SECONDS = 45


def failures(rehearsal: Rehearsal, cases: Iterable[Case]) -> list[str]:
    """What is wrong in some cases; prints how many there were, and how long they took."""
    began, count = time.monotonic(), 0
    wrong: list[str] = []
    for case in cases:
        count += 1
        if failure := rehearsal.failure(case):
            print(f"[{count}] {failure}", flush=True)
            wrong.append(failure)
        if count % 100 == 0:
            print(f"{count} cases, {len(wrong)} failed, {(time.monotonic() - began) / 60:.1f} min", flush=True)
    minutes = (time.monotonic() - began) / 60
    done = f"{rehearsal.effects} effects, {count} cases, {len(wrong)} failed, {minutes:.1f} min"
    print(f"{rehearsal.name}: {done}", flush=True)
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "fault"), EVERY)
def test_every_effect(scenario: str, fault: Fault, rehearse: Rehearse) -> None:
    rehearsal = rehearse(scenario)
    assert not failures(rehearsal, rehearsal.cases(fault, os.environ.get("EFFECT_MATCHING", "")))


def test_a_sample_of_the_day(rehearse: Rehearse) -> None:
    """Another scenario and other cases each day, as many as there is time for."""
    if chosen := os.environ.get("EFFECT_CASES"):
        cases = [Case.parse(text) for text in chosen.split(",")]
        assert not [wrong for case in cases for wrong in failures(rehearse(case.scenario), [case])]
        return
    seed = os.environ.get("EFFECT_SEED", f"{datetime.now(UTC):%Y-%m-%d}")
    print(f"EFFECT_SEED={seed}")
    chance = random.Random(seed)
    rehearsal = rehearse(chance.choice(SCENARIOS))
    cases = [case for fault in Fault for case in rehearsal.cases(fault)]
    print(f"{len(cases)} cases in all")
    chance.shuffle(cases)
    seconds = float(os.environ.get("EFFECT_SECONDS", SAMPLE_SECONDS))
    assert not failures(rehearsal, begun_within(seconds, cases))


def begun_within(seconds: float, cases: Iterable[Case]) -> Iterator[Case]:
    """The first case, and those that follow until so much time has passed."""
    end = time.monotonic() + seconds
    for case in cases:
        yield case
        if time.monotonic() > end:
            return
