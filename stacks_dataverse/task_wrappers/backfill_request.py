"""The Params of a run of `stacks_backfill`, checked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from stacks_dataverse.errors import Terminal
from stacks_dataverse.window import Window

LAND, BUILD, PUBLISH = "land", "build", "publish"
VERBS = [LAND, BUILD, PUBLISH]


@dataclass(frozen=True)
class BackfillRequest:
    """What a run of `stacks_backfill` has to do.

    Attributes:
        first, last: the range of days.
        what: the stages to run, of VERBS.
        redo_before: what was landed or built before this moment is done again; None without `force`.
        tables: the only tables to build; empty for all.
    """

    first: Window
    last: Window
    what: frozenset[str]
    redo_before: datetime | None
    tables: frozenset[str] = frozenset()

    @classmethod
    def of(cls, context: dict[str, Any]) -> "BackfillRequest":
        """Read a run's Params; Terminal for invalid days and unknown stages."""
        params = context["params"]
        if not params.get("from_day") or not params.get("to_day"):
            raise Terminal("This run has no days; trigger it with the Params from_day and to_day as YYYY-MM-DD.")
        first, last, what = Window.parse(params["from_day"]), Window.parse(params["to_day"]), frozenset(params["what"])
        if first > last:
            raise Terminal(f"from_day {first} is after to_day {last}; swap them.")
        if not what or what - set(VERBS):
            raise Terminal(f"The Param what is {sorted(what)}; choose one or more of {', '.join(VERBS)}.")
        last.refuse_after(datetime.now(UTC).date())
        redo_before = context["dag_run"].run_after if params.get("force") else None
        return cls(first, last, what, redo_before, frozenset(params.get("tables") or ()))

    def month(self, name: str) -> list[Window]:
        """The days of the range that lie in a month."""
        return self.first.months_until(self.last)[name]

    @property
    def months(self) -> list[str]:
        """The months of the range, as `2024-10`."""
        return list(self.first.months_until(self.last))

    def skip_without(self, verb: str) -> None:
        """Skip the task where its stage is not requested."""
        if verb not in self.what:
            raise AirflowSkipException(f"Skipped: `{verb}` is not in the Param what ({', '.join(sorted(self.what))}).")
