"""Which figures must wait, because a table that they read failed on their day or before."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Self

from stacks_dataverse.dataset import Table
from stacks_dataverse.runners import built_tables, lineage
from stacks_dataverse.stores.warehouse import Warehouse


class Waiting:
    """The failed tables, and what each figure reads."""

    def __init__(self, figures: Sequence[Table], failed: dict[str, set[date]]) -> None:
        self._failed = failed
        self._reads = {figure.name: lineage.reads_transitively(figure, figures) for figure in figures}
        self._spans = {figure.name: lineage.spans(figure, figures) for figure in figures}

    @classmethod
    def of(cls, warehouse: Warehouse, figures: Sequence[Table], only: Collection[str] | None) -> Self:
        """Read the recorded failures, except those of the figures that are made now.

        Args:
            only: names of these; without it all.
        """
        made_now = {figure.name for figure in figures if only is None or figure.name in only}
        failed: dict[str, set[date]] = {}
        for row in warehouse.read(FAILED_SQL).to_pylist():
            if row["table_name"] not in made_now:
                failed.setdefault(row["table_name"], set()).add(row["day"])
        return cls(figures, failed)

    def add(self, table: str, day: date) -> None:
        """Count a table as failed on a day."""
        self._failed.setdefault(table, set()).add(day)

    def must_wait(self, warehouse: Warehouse, figure: Table, day: date) -> bool:
        """Whether a figure of a day must wait; if so, what it waits for is recorded."""
        reason = self._reason(figure, day)
        if reason:
            built_tables.record_waiting(warehouse, day, figure.name, reason)
        return reason is not None

    def _reason(self, figure: Table, day: date) -> str | None:
        for name in sorted(self._failed.keys() & self._reads[figure.name]):
            first = min(self._failed[name])
            if self._spans[figure.name] and first <= day:
                return f"{built_tables.WAITS}{name} of {first}"
            if day in self._failed[name] and name != figure.name:
                return f"{built_tables.WAITS}{name} of {day}"
        return None


FAILED_SQL = "SELECT table_name, day FROM built_tables WHERE failure IS NOT NULL"
