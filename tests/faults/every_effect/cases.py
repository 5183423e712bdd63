"""Cases: one effect of a scenario goes wrong in one way, and the scenario ends all the same as if nothing had."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from tests.faults.every_effect.doors import Fault
from tests.faults.every_effect.runs import Run, overtake, run
from tests.faults.every_effect.scenarios import Task
from tests.faults.every_effect.world import Snapshot, State, World, digest_of_data, read_tables

# After these Airflow runs the task again, if it failed.
TRANSIENT = (Fault.REFUSED, Fault.ANSWER_LOST, Fault.TOO_LATE)

CATALOGUE = "publish_catalogue"

IN_A_SESSION = "PostgreSQL: "
COMMIT = f"{IN_A_SESSION}COMMIT"
# The effects that last as they are done; the other statements do when COMMIT is.
LASTING = (COMMIT, "S3: Put", "S3: Delete", "S3: Create", "S3: Complete", "S3: UploadPart", "S3: Abort")
# Effects that change nothing where they arrive: twice or late they are as once, or as one whose answer is lost.
READING = ("S3: Get", "S3: Head", "S3: List", "vendor: GET")
# Of these it is all the same to a run whether they are refused, or their answer is lost: see test_doors.
READING_S3 = READING[:3]
# Effects that read nothing and are not seen by others: to halt before one is to halt before the next.
OF_THE_SESSION = tuple(
    f"{IN_A_SESSION}{words}"
    for words in (
        "connect", "SELECT set_config", "BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT",
        "CREATE TEMP TABLE", "DROP TABLE new_rows", "DROP TABLE IF EXISTS pg_temp", "ANALYZE",
    )
)  # fmt: skip


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

    `kinds` are those of its effects: two of a kind were had from the same lines of code, with nothing between them that
    lasts. `healed` are states after a crash from which it was run again, and ended right.
    """

    name: str
    first_number: int
    before: Snapshot
    after: Snapshot
    labels: list[str]
    kinds: list[str]
    seen: set[str]
    healed: set[str] = field(default_factory=set)


def kinds(labels: Sequence[str], callers: Sequence[str]) -> list[str]:
    """The kind of each effect of a task."""
    lasting = accumulate((label.startswith(LASTING) for label in labels), initial=0)
    return [f"{done} {where}" for done, where in zip(lasting, callers, strict=False)]


def can_befall(fault: Fault, label: str, *, is_last: bool) -> bool:
    """Whether a fault of an effect, the last one of a task or not, differs from others.

    A session of PostgreSQL has each statement once. What a process leaves behind when it is killed changes with what
    lasts: the server undoes a transaction that is open, whichever was its last statement. To be killed after an effect
    is to be killed before the next. A run that is overtaken has read or changed what its last effect did.
    """
    if fault is Fault.KILLED_AFTER:
        return is_last
    if fault is Fault.TWICE:
        return IN_A_SESSION not in label and not label.startswith(READING)
    if fault is Fault.TOO_LATE:
        return not label.startswith(READING)
    if fault is Fault.ANSWER_LOST:
        return not label.startswith(READING_S3)
    if fault is Fault.OVERTAKEN:
        return not label.startswith(OF_THE_SESSION)
    return fault in TRANSIENT or label.startswith(LASTING)


class Rehearsal:
    """A scenario run once undisturbed, on a world of which every state between two tasks is kept.

    `errors` are what runs said that another one overtook.
    """

    def __init__(self, name: str, tasks: Mapping[str, Task], world: World) -> None:
        self.name, self._tasks, self._world = name, tasks, world
        self.stages: list[Stage] = []
        self.errors: set[str] = set()
        self._now: State | None = None
        for task in tasks:
            self.stages.append(self._rehearse(task))

    @property
    def effects(self) -> int:
        """How many effects the scenario has."""
        return sum(len(stage.labels) for stage in self.stages)

    def cases(self, fault: Fault, matching: str = "") -> Iterator[Case]:
        """Every case of a fault, of the effects that have a text in what they are called."""
        for stage in self.stages:
            for place, label in enumerate(stage.labels, 1):
                if matching in label and can_befall(fault, label, is_last=place == len(stage.labels)):
                    yield Case(self.name, stage.first_number + place - 1, fault)

    def kind(self, case: Case) -> tuple[str, Fault]:
        """What a case is an example of: two of a kind differ in what a loop is at."""
        stage, number = self._place(case)
        return f"{stage.name} {stage.kinds[number - 1]}", case.fault

    def failure(self, case: Case) -> str | None:
        """What is wrong in a case, in a sentence with the command that repeats it; nothing where all is right."""
        stage, number = self._place(case)
        faults = list(self._faults(stage, number, case.fault))
        where = f"{case} (in {stage.name}: {stage.labels[number - 1]})"
        return f"{where}: {'; '.join(faults)}. Repeat it with EFFECT_CASES='{case}'" if faults else None

    def cases_of_publishing(self, matching: str = "") -> list[Case]:
        """As `cases`, those in which the task before the catalogue may fail as Airflow learns of."""
        before, _ = self._publishing()
        cases = (case for fault in TRANSIENT for case in self.cases(fault, matching))
        return [case for case in cases if self._place(case)[0] is before]

    def failure_with_catalogue(self, case: Case) -> str | None:
        """As `failure`, where the catalogue is published after the task that failed, and after its next run."""
        before, after = self._publishing()
        number = self._place(case)[1]
        self._world.put_back(before.before, self._now)
        self._runs(before, [], number, case.fault)
        runs = [*self._runs(after, [])]
        faults = [f"{key} is in the catalogue and not in the bucket" for key in self._world.missing_files()]
        runs += (ran for stage in (before, after) for ran in self._runs(stage, []))
        self._now = self._world.state()
        faults += (f"a task fails: {ran.error}" for ran in runs if not ran.is_done)
        faults += _differences(self._now, after)
        where = f"{case} with the catalogue (in {before.name}: {before.labels[number - 1]})"
        return f"{where}: {'; '.join(faults)}" if faults else None

    def _publishing(self) -> tuple[Stage, Stage]:
        """The task before the catalogue, and that."""
        return next((before, after) for before, after in pairwise(self.stages) if after.name == CATALOGUE)

    def _place(self, case: Case) -> tuple[Stage, int]:
        """The task of a case, and the number of its effect in the task, from 1."""
        stage = next(each for each in reversed(self.stages) if each.first_number <= case.number)
        return stage, case.number - stage.first_number + 1

    def _rehearse(self, name: str) -> Stage:
        first = 1 + self.effects
        before = self.stages[-1].after if self.stages else self._world.save(f"{self.name}_begin")
        dsn = self._world.pipeline.warehouse_dsn
        ran = run(
            self._world.pipeline, self._tasks[name],
            after_each=lambda label: digest_of_data(read_tables(dsn)) if label == COMMIT else None,
        )  # fmt: skip
        assert ran.is_done, ran.error
        after = self._world.save(f"{self.name}_{name}", before)
        seen = {digest_of_data(before.state.tables), digest_of_data(after.state.tables), *ran.seen}
        return Stage(name, first, before, after, ran.labels, kinds(ran.labels, ran.callers), seen)

    def _faults(self, stage: Stage, number: int, fault: Fault) -> Iterator[str]:
        self._world.put_back(stage.before, self._now)
        half_visible: list[str] = []
        runs = self._runs(stage, half_visible, number, fault)
        self._now = self._world.state()
        half_visible += self._half_visible(stage, self._now)
        is_right = not self._now.differences(stage.after.state)
        for ran in runs:
            # A run that was overtaken may say of what the other has done that it cannot be done again.
            if not (ran.is_retried or (is_right and fault is Fault.OVERTAKEN)):
                yield f"Airflow would not run the task again after {ran.error}"
        # Nobody runs a task again of which the last run ended well.
        if runs[-1].is_done:
            yield from _differences(self._now, stage)
        elif self._now.digest not in stage.healed:
            yield from self._heal(stage, half_visible)
        if half_visible:
            yield f"readers saw {', '.join(sorted(set(half_visible)))}"

    def _heal(self, stage: Stage, half_visible: list[str]) -> Iterator[str]:
        """Run the task again after a crash; from another state than any from which it ended right before."""
        crashed = self._now
        [again] = self._runs(stage, half_visible)
        self._now = self._world.state()
        faults = list(_differences(self._now, stage))
        if not again.is_done:
            faults.append(f"the task fails when it is run again: {again.error}")
        if not faults:
            stage.healed.add(crashed.digest)
        yield from faults

    def _runs(
        self, stage: Stage, half_visible: list[str], number: int = 0, fault: Fault | None = None
    ) -> Sequence[Run]:
        """Run the task with a fault, or twice; each with how it ended, the one that Airflow knows of last."""
        pipeline, task = self._world.pipeline, self._tasks[stage.name]

        def look() -> None:
            half_visible.extend(self._half_visible(stage, self._world.state()))

        if fault is Fault.OVERTAKEN:
            runs = overtake(pipeline, task, number, look)
            self.errors |= {ran.error.splitlines()[-1] for ran in runs if ran.error}
            return runs
        return [run(pipeline, task, number, fault, look)]

    def _half_visible(self, stage: Stage, state: State) -> Iterator[str]:
        """What is neither as before the task nor as after: a reader must not see it."""
        now, *ends = (each.parts for each in (state, stage.before.state, stage.after.state))
        for name in sorted(now.keys() | ends[0].keys()):
            if now.get(name) not in [end.get(name) for end in ends]:
                yield name
        if digest_of_data(state.tables) not in stage.seen:
            others = state.differences(stage.before.state)
            yield f"tables that are neither as before nor as after ({', '.join(others)[:300]})"


def _differences(state: State, stage: Stage) -> Iterator[str]:
    if names := state.differences(stage.after.state):
        yield f"other than undisturbed are {', '.join(names)}"
