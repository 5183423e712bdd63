"""How the catalogue declares a warehouse table and a public object."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from stacks_dataverse.labels import Group
from stacks_dataverse.raw_tables import Reads
from stacks_dataverse.state import EndOfDayState, State
from stacks_dataverse.units import Unit

if TYPE_CHECKING:
    from stacks_dataverse.prints import Prints

# Mainnet's first Stacks block.
CHAIN_BEGAN = date(2021, 1, 14)

# The version of a dated object that is the newest day's.
LATEST = "latest"

# For `Table.cumulative`: no row is known without the past.
EVERY_ROW = ("*",)


# Puts the rows of a query in the shape of a file that the predecessor published: JSON, or, for a CSV, a table.
Shape = Callable[..., Any]

# Where the public files in the form of this version are.
V1 = "v1/"


class Kind(Enum):
    """How the rows of a table are made and updated."""

    FACT = "daily fact"
    STATE = "current state"
    FIGURE = "daily snapshot"
    LOADING = "load log"
    SERIES = "vendor time series"
    SNAPSHOT = "tip snapshot"
    VIEW = "view"


class Schedule(Enum):
    """Which DAG publishes an object, and so how often."""

    DAILY = "daily, with the chain"
    MARKET = "daily, with prices"
    HALF_HOURLY = "every half hour"


# An object that missed one run is not stale yet.
FRESHNESS_HOURS = {Schedule.DAILY: 36, Schedule.MARKET: 36, Schedule.HALF_HOURLY: 2}


@dataclass(frozen=True)
class Column:
    """A column of a table: its PostgreSQL type, meaning and unit, and when it is null; never where `null` is empty."""

    name: str
    type: str
    meaning: str
    unit: Unit | str = ""
    null: str = ""

    @property
    def description(self) -> str:
        """Meaning, unit and null rule in one line; measured where the unit has decimal places."""
        unit = f", {self.unit}" if isinstance(self.unit, str) and self.unit else ""
        text = f"{self.meaning}{unit}{f'; null {self.null}' if self.null else ''}"
        return self.unit(text) if isinstance(self.unit, Unit) else text


def fields_of(columns: Iterable[Column]) -> dict[str, str]:
    """What columns mean, by name."""
    return {column.name: column.description for column in columns}


@dataclass(frozen=True)
class Table:
    """A warehouse table.

    `title` is its name for people, and `group` where the catalogue lists it.
    `key` is its grain, the columns of the primary key; a view has none. `transform` makes its rows: of a landed day, of
    the state at the end of a day, or of a vendor's answers, as its kind says. Of a landed day or tip it `reads` no more
    than the columns named by raw table, and those of `raw_tables.KEYS`. `running_state` declares how a state table
    is derived from its ledger; `states` are those derived from this ledger, by name: the catalogue fills it. `day_key`
    is the column of days. An end-of-day figure reads the tables of its `end_of_day_states`, and of its `inputs`: a
    query of `{day}` for each. `rows` is the query that makes a snapshot. `made_of` names the tables that a view or a
    series reads, for no query of the declaration names them. `prints` are the kinds of contracts' prints that its
    transformer reads: a check counts those that are not as declared. `cumulative` names the columns of an end-of-day
    figure that depend on all of the chain's past: they are null on a day whose past is missing, and a table that is all
    `EVERY_ROW` then has no row of the day. `first_day` and `last_day` are mainnet's: before and after, there is nothing
    of its kind. `headline` is the column by which the catalogue shows a table of one row a day.
    """

    name: str
    kind: Kind
    method: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("day",)
    title: str = field(kw_only=True)
    group: Group = field(kw_only=True)
    transform: Callable[..., Any] | None = None
    reads: Reads = field(default_factory=dict)
    running_state: State | None = None
    states: Mapping[str, State] = field(default_factory=dict)
    day_key: str = "day"
    end_of_day_states: tuple[EndOfDayState, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    made_of: tuple[str, ...] = ()
    prints: tuple["Prints", ...] = ()
    headline: str = ""
    cumulative: tuple[str, ...] = ()
    first_day: date = CHAIN_BEGAN
    last_day: date | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def fields(self) -> dict[str, str]:
        """What each column means, with its unit and null rule."""
        return fields_of(self.columns)


@dataclass(frozen=True)
class PublicObject:
    """A public dataset: the rows of a query of the warehouse, up to `{day}` if daily, in the files of `public_files`.

    `title` is its name for people, and `group` where the catalogue lists it. `columns` are those of the rows.
    `path` is a template, with `{version}` where the object is dated: the day, and `latest`. One that the predecessor
    published is under the predecessor's path, in its `shape`, and again under `v1/`; `fields` gives the meaning
    and unit of every value of the file of `path` by its path in the JSON, with dots between keys; a key in angle
    brackets means any of its kind. With `keep_if_empty` the version that
    is published stays as it is while the query has no rows. What is `private` is in the private bucket, written by a
    task of its own without a query. `known` is a query of whether the object can be known; where it answers false,
    null is published. `as_of` is a query of the moment up to which the data go, for objects that neither a day nor the
    tip dates. After `last_day` the object is discontinued and never stale. `headline` is the daily figure by which the
    catalogue shows it, as `table.column`: of a table of one row a day.
    """

    name: str
    path: str
    rows: str
    method: str
    fields: Mapping[str, str]
    title: str = field(kw_only=True)
    group: Group = field(kw_only=True)
    columns: tuple[Column, ...] = field(kw_only=True)
    shape: Shape | None = None
    keep_if_empty: bool = False
    private: bool = False
    schedule: Schedule = Schedule.DAILY
    known: str = ""
    as_of: str = ""
    headline: str = ""
    first_day: date = CHAIN_BEGAN
    last_day: date | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def is_enveloped(self) -> bool:
        """Whether the file of its path is an envelope of its rows."""
        return self.path.startswith(V1)

    @property
    def is_dated(self) -> bool:
        """Whether every day keeps a version of its own."""
        return "{version}" in self.path

    @property
    def freshness_hours(self) -> int:
        """How old its data may be before it is stale."""
        return FRESHNESS_HOURS[self.schedule]

    def is_stale(self, as_of: datetime, at: datetime, source_end: datetime | None = None) -> bool:
        """Whether data up to `as_of` are older at a moment than allowed; a discontinued object is never stale.

        Of a source that stands still, `source_end` counts in the place of a later moment.
        """
        at = min(at, source_end or at)
        return not self.is_history(as_of) and at - as_of > timedelta(hours=self.freshness_hours)

    def is_history(self, as_of: datetime) -> bool:
        """Whether data up to a moment are all that there will ever be: the object is discontinued."""
        return self.last_day is not None and as_of.date() > self.last_day
