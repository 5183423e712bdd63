"""What may happen to a warehouse, one thing after another; each step prints as one reads it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from scripts.local.sample_chain import NETWORK
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.dataset import Table
from stacks_dataverse.errors import Terminal
from stacks_dataverse.postgres import connect
from stacks_dataverse.runners import backfill, build, check, figures, forget, publish
from stacks_dataverse.stores.warehouse import SETTINGS, Warehouse
from stacks_dataverse.window import Window
from tests.properties.sides import DAYS
from tests.properties.world import World


class Interrupted(BaseException):
    """The process ended here."""


class Step(Protocol):
    """Something that happens."""

    def run(self, world: World) -> None:
        """Let it happen; nothing, where it could not."""


@dataclass(frozen=True)
class Land:
    """The days are landed again, as the chain is at some moment."""

    days: tuple[str, ...]
    moment: str

    def run(self, world: World) -> None:
        """Later builds read that side's files."""
        world.landed |= dict.fromkeys(self.days, self.moment)


@dataclass(frozen=True)
class Build:
    """A landed day is built."""

    day: str

    def run(self, world: World) -> None:
        """Build it, if it is landed."""
        if self.day in world.landed:
            with Warehouse.open(world.pipeline.warehouse_dsn) as warehouse:
                window, now = Window.parse(self.day), datetime.now(UTC)
                build.build_day(world.of(self.day).archive, warehouse, window, world.tables, now, NETWORK)
            world.built[self.day] = world.landed[self.day]


@dataclass(frozen=True)
class Release:
    """From now on another function makes a table: one that is not right, or the right one again."""

    table: str
    how: str

    def run(self, world: World) -> None:
        """Later builds and figures go by it."""
        world.released[self.table], world.misled = self.how, True


@dataclass(frozen=True)
class Repair:
    """What is due of a landed day is built, or of some tables of it."""

    day: str
    only: tuple[str, ...] | None = None

    def run(self, world: World) -> None:
        """Build it, if it is landed."""
        if self.day in world.landed:
            archive, windows = world.of(self.day).archive, [Window.parse(self.day)]
            with Warehouse.open(world.pipeline.warehouse_dsn) as warehouse:
                for _ in backfill.build_days(
                    archive, warehouse, windows, world.tables, lambda: datetime.now(UTC), NETWORK, only=self.only
                ):
                    world.built[self.day] = world.landed[self.day]


@dataclass(frozen=True)
class BuildTogether:
    """Days are built at the same time, one of them perhaps twice, and the figures are made while they are."""

    days: tuple[str, ...]

    def run(self, world: World) -> None:
        """Each in its own thread and connection."""
        steps: list[Callable[[], None]] = [lambda day=day: Build(day).run(world) for day in self.days]
        with ThreadPoolExecutor(len(steps) + 1) as pool:
            for done in [pool.submit(step) for step in (*steps, lambda: Figures().run(world))]:
                done.result()


@dataclass(frozen=True)
class BuildInterrupted:
    """The building of a day ends before one of its statements; its connection is lost with it."""

    day: str
    statement: int

    def run(self, world: World) -> None:
        """Build it as far as that, or whole where it has not so many statements."""
        if self.day not in world.landed:
            return
        try:
            with connect("warehouse_db", world.pipeline.warehouse_dsn, SETTINGS) as session:
                warehouse = Warehouse(_Ending(session, self.statement))  # type: ignore[arg-type]
                window, now = Window.parse(self.day), datetime.now(UTC)
                build.build_day(world.of(self.day).archive, warehouse, window, world.tables, now, NETWORK)
        except Interrupted:
            return
        world.built[self.day] = world.landed[self.day]


@dataclass(frozen=True)
class Figures:
    """The figures of every evening that is due are made."""

    def run(self, world: World) -> None:
        """Make them."""
        with Warehouse.open(world.pipeline.warehouse_dsn) as warehouse:
            figures.make_due_figures(warehouse, _figures(world), NETWORK)


@dataclass(frozen=True)
class FiguresInterrupted:
    """The making of figures ends before one of its statements."""

    statement: int

    def run(self, world: World) -> None:
        """Make them as far as that."""
        try:
            with connect("warehouse_db", world.pipeline.warehouse_dsn, SETTINGS) as session:
                warehouse = Warehouse(_Ending(session, self.statement))  # type: ignore[arg-type]
                figures.make_due_figures(warehouse, _figures(world), NETWORK)
        except Interrupted:
            return


@dataclass(frozen=True)
class Check:
    """A built day is checked, and so loaded, where it passes."""

    day: str

    def run(self, world: World) -> None:
        """Check what is built against what it was built from."""
        if self.day in world.built and world.built[self.day] == world.landed[self.day]:
            with Warehouse.open(world.pipeline.warehouse_dsn) as warehouse, _unless_all_is_right(world):
                check.check_day(
                    world.of(self.day).archive, warehouse, Window.parse(self.day), catalog.CHECKS, datetime.now(UTC)
                )


@dataclass(frozen=True)
class Publish:
    """The day is published, and what else is due."""

    day: str

    def run(self, world: World) -> None:
        """Publish what is loaded."""
        with Warehouse.open(world.pipeline.warehouse_dsn) as warehouse, _unless_all_is_right(world):
            objects = catalog.objects(Schedule.DAILY)
            publish.publish_due_days(warehouse, world.pipeline.public, objects, Window.parse(self.day).day)


@dataclass(frozen=True)
class Forget:
    """A day is taken out again, its public objects with it."""

    day: str

    def run(self, world: World) -> None:
        """Take it out, built or not."""
        with Warehouse.open(world.pipeline.warehouse_dsn) as warehouse:
            forget.remove_day(
                warehouse, Window.parse(self.day), [*catalog.tables(Kind.FACT), *catalog.tables(Kind.FIGURE)]
            )
            objects = catalog.objects(Schedule.DAILY)
            forget.remove_dated_objects(warehouse, world.pipeline.public, Window.parse(self.day), objects)
        world.built.pop(self.day, None)


def _figures(world: World) -> list[Table]:
    return [table for table in world.tables if table.kind is Kind.FIGURE]


def _unless_all_is_right(world: World) -> AbstractContextManager[None]:
    """Rows that are wrong may fail checks, and objects of them."""
    return suppress(Terminal) if world.misled else nullcontext()


class _Ending:
    """A session that ends before its n-th statement, commits among them."""

    COUNTED = ("rows", "scalar", "table", "execute", "copy", "commit")

    def __init__(self, session: Any, statement: int) -> None:
        self._session, self._left = session, statement

    def __getattr__(self, name: str) -> Any:
        if name in self.COUNTED:
            self._left -= 1
            if self._left < 0:
                raise Interrupted
        return getattr(self._session, name)


def finish(world: World, moment: str, order: tuple[str, ...]) -> None:
    """Release what is right, build in an order what is not of it or of the moment, and run the rest of each day."""
    world.released.clear()
    Land(DAYS, moment).run(world)
    for day in order:
        Repair(day).run(world)
    Figures().run(world)
    world.misled = False
    for step in (*map(Check, DAYS), *map(Publish, DAYS)):
        step.run(world)
