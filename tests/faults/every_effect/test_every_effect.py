"""Every effect of every scenario goes wrong once in every way, and all ends as if nothing had.

Or nothing goes wrong, and another run of the task overtakes it there: Airflow took the first for dead, or somebody
triggered another. The first halts before the effect until the other has ended, or waits for a lock that it holds.

Some 25,000 cases take hours, so each test begins new cases for so long only, of different kinds: of effects that the
same lines of code have, one after another with nothing between that lasts, only one. Their order is that of a seed,
which it prints.

    EFFECT_SECONDS=inf ./scripts/run_tests.sh --all     every case of every scenario
    EFFECT_CASES='day:412:answer lost'                  a case again, or several with commas between
    EFFECT_SEED=2026-11-29                              the order of a day
    EFFECT_MATCHING=COMMIT                              only effects that have this in what they are called
    EFFECT_ONE_OF_A_KIND=1                              only one case of each kind, where there is time for all
"""

import math
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.faults.every_effect.cases import CATALOGUE, Case, Rehearsal
from tests.faults.every_effect.doors import Fault
from tests.faults.every_effect.scenarios import scenarios

Rehearse = Callable[[str], Rehearsal]
Judge = Callable[[Case], str | None]

SCENARIOS = sorted(scenarios({}))
# A migration makes no request that could come twice.
EVERY = [
    pytest.param(scenario, fault, id=f"{scenario}-{fault.value}")
    for scenario in SCENARIOS
    for fault in Fault
    if (scenario, fault) != ("migration", Fault.TWICE)
]
PUBLISHING = [name for name in SCENARIOS if CATALOGUE in scenarios({})[name].tasks]
SECONDS = 25.0
SECONDS_OF_A_SAMPLE = 10.0


def failures(rehearsal: Rehearsal, cases: Iterable[Case], judge: Judge | None = None) -> list[str]:
    """What is wrong in some cases; prints how many there were, and how long they took."""
    judge = judge or rehearsal.failure
    began, count = time.monotonic(), 0
    wrong: list[str] = []
    for case in cases:
        count += 1
        if failure := judge(case):
            print(f"[{count}] {failure}", flush=True)
            wrong.append(failure)
        if count % 20 == 0:
            print(f"{count} cases, {len(wrong)} failed, {(time.monotonic() - began) / 60:.1f} min", flush=True)
    minutes = (time.monotonic() - began) / 60
    done = f"{rehearsal.effects} effects, {count} cases, {len(wrong)} failed, {minutes:.1f} min"
    print(f"{rehearsal.name}: {done}", *sorted(rehearsal.errors), sep="\n  ", flush=True)
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "fault"), EVERY)
def test_every_effect(scenario: str, fault: Fault, rehearse: Rehearse) -> None:
    rehearsal = rehearse(scenario)
    cases = [*rehearsal.cases(fault, os.environ.get("EFFECT_MATCHING", ""))]
    assert not failures(rehearsal, as_time_permits(rehearsal, cases, chance_of_today()))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", PUBLISHING)
def test_a_catalogue_after_a_failure(scenario: str, rehearse: Rehearse) -> None:
    """A task that fails publishes the catalogue all the same: it names what is there, and the next run mends all.

    A failure is repeated by EFFECT_MATCHING.
    """
    rehearsal = rehearse(scenario)
    every = rehearsal.cases_of_publishing(os.environ.get("EFFECT_MATCHING", ""))
    cases = as_time_permits(rehearsal, every, chance_of_today())
    assert not failures(rehearsal, cases, rehearsal.failure_with_catalogue)


def test_a_sample_of_the_day(rehearse: Rehearse) -> None:
    """Another scenario and other cases each day, as many as there is time for."""
    if chosen := os.environ.get("EFFECT_CASES"):
        cases = [Case.parse(text) for text in chosen.split(",")]
        assert not [wrong for case in cases for wrong in failures(rehearse(case.scenario), [case])]
        return
    chance = chance_of_today()
    rehearsal = rehearse(chance.choice(SCENARIOS))
    cases = [case for fault in Fault for case in rehearsal.cases(fault)]
    assert not failures(rehearsal, as_time_permits(rehearsal, cases, chance, SECONDS_OF_A_SAMPLE))


def one_of_a_kind(rehearsal: Rehearsal, cases: Iterable[Case]) -> list[Case]:
    """The first case of each kind."""
    firsts: dict[Any, Case] = {}
    for case in cases:
        firsts.setdefault(rehearsal.kind(case), case)
    return [*firsts.values()]


def chance_of_today() -> random.Random:
    """What decides on the order of cases; another one each day."""
    seed = os.environ.get("EFFECT_SEED", f"{datetime.now(UTC):%Y-%m-%d}")
    print(f"EFFECT_SEED={seed}")
    return random.Random(seed)


def as_time_permits(
    rehearsal: Rehearsal, cases: list[Case], chance: random.Random, seconds: float = SECONDS
) -> Iterator[Case]:
    """All cases, task by task: a world that the same task has left is put back sooner.

    If there is no time for all of them, cases of different kinds in some order; none begins after EFFECT_SECONDS.
    """
    print(f"{len(cases)} cases in all")
    seconds = float(os.environ.get("EFFECT_SECONDS", seconds))
    end = time.monotonic() + seconds
    if seconds < math.inf:
        cases = chance.sample(cases, len(cases))
    if seconds < math.inf or "EFFECT_ONE_OF_A_KIND" in os.environ:
        cases = one_of_a_kind(rehearsal, cases)
        print(f"of {len(cases)} kinds")
    for case in cases:
        if time.monotonic() > end:
            return
        yield case
