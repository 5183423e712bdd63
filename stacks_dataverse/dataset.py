"""How the catalogue declares a warehouse table and a public object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

# Mainnet's first Stacks block.
CHAIN_BEGAN = date(2021, 1, 14)

# For `Table.cumulative`: a row a thing, none of which is known without the past.
EVERY_ROW = ("*",)


class Kind(Enum):
    """How a table is kept right; see the runner that is named with it."""

    FACT = "fact of a day"
    STATE = "running state"
    FIGURE = "end-of-day figure"
    LOADING = "ledger of loading"
    SERIES = "series of a vendor's"
    SNAPSHOT = "look at the tip"
    VIEW = "view"


class Schedule(Enum):
    """Which DAG publishes an object, and so how often."""

    DAILY = "daily, with the chain"
    MARKET = "daily, with prices"
    HALF_HOURLY = "every half hour"


@dataclass(frozen=True)
class Table:
    """A warehouse table.

    `subject` names the module of the transformer that bears the table's name; `state` the running state that
    stands on this ledger; `day_key` the column of days; `inputs` what an end-of-day figure asks of the warehouse:
    a query of `{day}` for each table of the evening that its transformer reads and that is not carried; `fields`
    gives each column's meaning and unit. `rows` is the query that makes a snapshot. `cumulative` names the columns
    of an end-of-day figure that stand on all of the chain's past: they are null on a day whose past is missing, and a
    table that is all `EVERY_ROW` then has no row of the day.
    `first_day` and `last_day` are mainnet's: before and after, there is nothing of its kind.
    """

    name: str
    kind: Kind
    method: str
    fields: Mapping[str, str]
    runner: Callable[..., Any] | None = None
    subject: str = ""
    state: str = ""
    day_key: str = "day"
    inputs: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    cumulative: tuple[str, ...] = ()
    first_day: date = CHAIN_BEGAN
    last_day: date | None = None
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class PublicObject:
    """A small public file: a query of the warehouse, up to `{day}` if daily, put in shape by a transformer.

    `path` is a template with `{version}`: the day where the object is `dated`, and `latest`. `fields` gives the
    meaning and unit of every value by its path in the JSON, with dots between keys; a key in angle brackets
    stands for any of its kind. `subject` names the module of the transformer that gives the shape. What is
    `private` stands in the private bucket, and its runner needs no query. `known` is a query of whether the object
    can be known; where it answers false, null is published. `as_of` is a query of the moment up to which the data go,
    for objects that neither a day nor the tip dates. After `last_day` the object is history and grows no staler.
    """

    name: str
    path: str
    shape: str
    rows: str
    method: str
    fields: Mapping[str, str]
    runner: Callable[..., Any]
    subject: str = "objects"
    dated: bool = True
    private: bool = False
    schedule: Schedule = Schedule.DAILY
    freshness_hours: int = 36
    known: str = ""
    as_of: str = ""
    first_day: date = CHAIN_BEGAN
    last_day: date | None = None
    warnings: tuple[str, ...] = field(default=())

    def is_stale(self, as_of: datetime, at: datetime) -> bool:
        """Whether data up to `as_of` are older at a moment than they may be; history grows no staler."""
        is_history = self.last_day is not None and as_of.date() > self.last_day
        return not is_history and at - as_of > timedelta(hours=self.freshness_hours)
