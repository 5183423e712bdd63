"""A snapshot of the chain's tip: which window of time it covers, and which tables and columns it takes.

Its time is the chain's: the tip stands for the present, wherever the clock stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from stacks_dataverse.chain import COLUMNS
from stacks_dataverse.mempool import MEMPOOL_COLUMNS, MEMPOOL_TABLE
from stacks_dataverse.window import Window

HOUR = 3600
AT_LEAST, AT_MOST = 24 * HOUR, 48 * HOUR

# Large, and nothing that is published every half hour stands on them.
LEFT_OUT = ("ft_events", "contract_logs", "microblocks")
TIP_COLUMNS = {table: columns for table, columns in COLUMNS.items() if table not in LEFT_OUT} | {
    MEMPOOL_TABLE: MEMPOOL_COLUMNS
}


@dataclass(frozen=True)
class TipSnapshot:
    """A snapshot that was taken at a moment, when the tip's time was `tip_time` and `last_day` the last loaded day.

    All times in unix seconds. The window reaches from `start` to the tip: over what came after the last loaded
    day and at least 24 hours, but never over more than 48.
    """

    taken_at: datetime
    tip_time: int
    last_day: date | None

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The snapshot that `as_dict` describes."""
        last_day = stored["last_day"] and date.fromisoformat(stored["last_day"])
        return cls(datetime.fromisoformat(stored["taken_at"]), stored["tip_time"], last_day)

    def as_dict(self) -> dict[str, Any]:
        """The snapshot as JSON holds it."""
        last_day = self.last_day and str(self.last_day)
        return {"taken_at": self.taken_at.isoformat(), "tip_time": self.tip_time, "last_day": last_day}

    @property
    def at(self) -> str:
        """When it was taken, as keys have it: `20241030T235959Z`."""
        return self.taken_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

    @property
    def since(self) -> int:
        """The end of the last loaded day; the beginning of time while no day is loaded."""
        return Window(self.last_day).end if self.last_day else 0

    @property
    def start(self) -> int:
        """The first second that the snapshot covers."""
        return max(min(self.since, self.tip_time - AT_LEAST), self.tip_time - AT_MOST)

    @property
    def day(self) -> date:
        """The day under which rows of after the last loaded day go: the tip's, and always a later one than that."""
        tip_day = Window.containing(self.tip_time).day
        return max(tip_day, self.last_day + timedelta(days=1)) if self.last_day else tip_day
