"""A warehouse to do things to, and the functions that make its tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.dataset import Table
from tests.properties.sides import Side
from tests.support.pipeline import Pipeline

FAILS, LOSES_ROWS = "fails", "loses rows"


@dataclass
class World:
    """A warehouse and a public bucket; which side each day is landed from now, and was built from last."""

    pipeline: Pipeline
    sides: Mapping[str, Side]
    landed: dict[str, str] = field(default_factory=dict)
    built: dict[str, str] = field(default_factory=dict)
    released: dict[str, str] = field(default_factory=dict)
    misled: bool = False

    @property
    def tables(self) -> list[Table]:
        """What is built, by the functions that are released now."""
        return [_released(table, self.released.get(table.name)) for table in catalog.built_tables()]

    def of(self, day: str) -> Pipeline:
        """The pipeline over what is landed of a day."""
        return replace(self.pipeline, archive=self.sides[self.landed[day]].landed.archive)


def _released(table: Table, how: str | None) -> Table:
    return replace(table, transform=partial(misled, how, table.transform)) if how else table


def misled(how: str, transform: Callable[[Any], Any], source: Any) -> Any:
    """The rows of a table by a function that is not right: it fails, or loses the first of them."""
    if how == FAILS:
        raise ValueError("an odd print")
    return transform(source).slice(1)
