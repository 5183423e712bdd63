"""Cases: one effect of a scenario goes wrong in one way, and the scenario ends all the same as if nothing had."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.faults.every_effect.doors import Fault
from tests.faults.every_effect.runs import Run, run
from tests.faults.every_effect.scenarios import Scenario
from tests.faults.every_effect.world import Snapshot, State, World, digest_of_data, read_tables

# An empty answer, a request that is made twice: what does not fail need not be run again.
TRANSIENT = {Fault.REFUSED, Fault.ANSWER_LOST, Fault.TOO_LATE}


@dataclass(frozen=True)
class Case:
    """The `number`-th effect of a scenario, counted from 1, and what befalls it."""

    scenario: str
    number: int
    fault: Fault

    def __str__(self) -> str:
        return f"{self.scenario}:{self.number}:{self.fault.value}"

    @classmethod
    def parse(cls, text: str) -> "Case":
        """The case of a text like `day:412:answer lost`."""
        scenario, number, fault = text.split(":")
        return cls(scenario, int(number), Fault(fault))


@dataclass
class Stage:
    """A task undisturbed: what there was before and after, its effects, and the states of the tables that were seen.

    `healed` are states after a crash from which it was run again, and ended right.
    """

    name: str
    first_number: int
    before: Snapshot
    after: Snapshot
    labels: list[str]
    seen: set[str]
    healed: set[str] = field(default_factory=set)


class Rehearsal:
    """A scenario run once undisturbed, on a world of which every state between two tasks is kept."""

    def __init__(self, name: str, scenario: Scenario, world: World) -> None:
        self.name, self._scenario, self._world = name, scenario, world
        self.stages: list[Stage] = []
        self.runs = 0
        self._now: State | None = None
        for task in scenario:
            self.stages.append(self._rehearse(task))

    @property
    def effects(self) -> int:
        """How many effects the scenario has."""
        return sum(len(stage.labels) for stage in self.stages)

    def cases(self) -> Iterator[Case]:
        """Every case. A process killed before an effect is the one killed after the effect before."""
        for number in range(1, self.effects + 1):
            yield from (Case(self.name, number, fault) for fault in Fault)

    def failure(self, case: Case) -> str | None:
        """What is wrong in a case, in a sentence with the command that repeats it; nothing where all is right."""
        stage = next(each for each in reversed(self.stages) if each.first_number <= case.number)
        number = case.number - stage.first_number + 1
        faults = list(self._faults(stage, number, case.fault))
        where = f"{case} (in {stage.name}: {stage.labels[number - 1]})"
        return f"{where}: {'; '.join(faults)}. Repeat it with EFFECT_CASES='{case}'" if faults else None

    def _rehearse(self, name: str) -> Stage:
        first = 1 + self.effects
        before = self.stages[-1].after if self.stages else self._world.save(f"{self.name}_begin")
        dsn = self._world.pipeline.warehouse_dsn
        ran = run(
            self._world.pipeline, self._scenario[name],
            after_each=lambda label: digest_of_data(read_tables(dsn)) if label == "COMMIT" else None,
        )  # fmt: skip
        assert ran.is_done, ran.error
        after = self._world.save(f"{self.name}_{name}")
        seen = {digest_of_data(before.state.tables), digest_of_data(after.state.tables), *ran.seen}
        return Stage(name, first, before, after, ran.labels, seen)

    def _faults(self, stage: Stage, number: int, fault: Fault) -> Iterator[str]:
        self._world.put_back(stage.before, self._now)
        self._now = None
        half_visible: list[str] = []
        ran = self._run(stage, half_visible, number, fault)
        crashed = self._world.state()
        half_visible += self._half_visible(stage, crashed)
        if fault in TRANSIENT and not ran.is_retried:
            yield f"Airflow would not run the task again after {ran.error}"
        if not ran.is_done and crashed.digest not in stage.healed:
            again = self._run(stage, half_visible)
            if not again.is_done:
                yield f"the task fails when it is run again: {again.error}"
            crashed = self._world.state()
        if ran.is_done or crashed.digest not in stage.healed:
            if differences := crashed.differences(stage.after.state):
                yield f"other than undisturbed are {', '.join(differences)}"
        self._now = crashed
        if half_visible:
            yield f"readers saw {', '.join(sorted(set(half_visible)))}"

    def _run(self, stage: Stage, half_visible: list[str], number: int = 0, fault: Fault | None = None) -> Run:
        self.runs += 1

        def look() -> None:
            half_visible.extend(self._half_visible(stage, self._world.state()))

        return run(self._world.pipeline, self._scenario[stage.name], number, fault, look)

    def _half_visible(self, stage: Stage, state: State) -> Iterator[str]:
        """What is neither as before the task nor as after: a reader must not see it."""
        ends: list[Mapping[str, str]] = [stage.before.state.objects, stage.after.state.objects]
        for name in sorted(state.objects.keys() | ends[0].keys()):
            if state.objects.get(name) not in [end.get(name) for end in ends]:
                yield name
        if digest_of_data(state.tables) not in stage.seen:
            others = state.differences(stage.before.state)
            yield f"tables that are neither as before nor as after ({', '.join(others)[:300]})"
