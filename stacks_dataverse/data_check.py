"""How the catalogue declares a check: what is compared, how far it may differ, and what to do when it fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from stacks_dataverse.raw_tables import Reads, with_keys

# Of a check that was not run, because a table that it reads lacks the day's rows.
NOT_RUN = "to be run"
# The name of the audit of a loaded day, the only check that blocks nothing though it is of kind ERROR.
MADE_AGAIN = "made_again"
BUILD_THE_TABLE = "A table that it reads was not built. See why in built_tables, correct that, build the day again."


def remedy_of(outcome: Mapping[str, Any], remedies: Mapping[str, str]) -> str:
    """What to do about a failed outcome, a row of `quality_checks`.

    Args:
        remedies: of checks that were run, by name.
    """
    return BUILD_THE_TABLE if outcome["expected"] == NOT_RUN else remedies.get(outcome["name"], "")


class Severity(Enum):
    """What a failed check does to its day."""

    ERROR = "error"
    WARNING = "warning"


class Place(Enum):
    """Which data a check reads."""

    RAW = "the day's raw files"
    WAREHOUSE = "the warehouse"
    ALL = "raw files, warehouse and public files"


@dataclass(frozen=True)
class Limit:
    """A constant of a check, and the reason for its value."""

    value: int
    reason: str


@dataclass(frozen=True)
class Allowed:
    """Between which multiples of what is expected the actual figure may lie, and why; None is no bound."""

    least: Decimal | None
    most: Decimal | None
    reason: str

    def holds(self, expected: str, actual: str) -> bool:
        """Whether the actual figure lies within; both are numbers in text, or, to be equal, any text."""
        if self == EXACTLY:
            return expected == actual
        number = Decimal(actual)
        low, high = (bound and Decimal(expected) * bound for bound in (self.least, self.most))
        return (low is None or number >= low) and (high is None or number <= high)

    @property
    def multiples(self) -> str:
        """The bounds as multiples of what is expected."""
        return f"{self.describe('1')} × the expected figure"

    def describe(self, expected: str) -> str:
        """The bounds that follow from an expected figure, in text."""
        if self == EXACTLY:
            return expected
        low, high = (bound and f"{(Decimal(expected) * bound).normalize():f}" for bound in (self.least, self.most))
        return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"


EXACTLY = Allowed(Decimal(1), Decimal(1), "Both sides count the same rows.")


@dataclass(frozen=True)
class Check:
    """Something that must hold of a built day before it is published (ERROR), or should hold (WARNING).

    One that reads the day's raw files is a `function` of `transformers.checks`, of the columns that `reads` names by
    raw table. One that reads the warehouse is a `query` of `{day}`, of values of the day's manifest
    (`runners.check.VALUES`) and of the `limits` by name. Either returns at most one row: `expected`, `actual`, and
    `example`, the first wrong item; without a row there is nothing to compare. The audit of a day (ALL) has
    neither: see `runners.audit`.
    `remedy` is what to do when it fails, as sentences; `exemptions` say what is not compared and why. On
    `exempt_days`, each with its reason, a failed ERROR is no more than a warning.
    """

    name: str
    kind: Severity
    place: Place
    method: str
    remedy: str
    query: str = ""
    function: Callable[..., Any] | None = None
    reads: Reads = field(default_factory=dict)
    allowed: Allowed = EXACTLY
    limits: Mapping[str, Limit] = field(default_factory=dict)
    exemptions: tuple[str, ...] = ()
    exempt_days: Mapping[date, str] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, int]:
        """The limits, as a query or transformer takes them."""
        return {name: limit.value for name, limit in self.limits.items()}

    def answer(self, raw: Any) -> Any:
        """The row that a check of raw files answers of a `chain.RawDay`; Terminal where it lacks a column."""
        with raw.canonical(with_keys(self.reads)) as day:
            return self.function(day, **self.numbers)

    def stops(self, day: date) -> bool:
        """Whether a failure on a day keeps it from being published."""
        return self.kind_on(day) is Severity.ERROR

    def kind_on(self, day: date) -> Severity:
        """What a failure on a day is."""
        return Severity.WARNING if day in self.exempt_days else self.kind
