"""A snapshot of the chain's tip: which window of time it covers, and how it landed.

Its time is the chain's: the time of the tip, not of the clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from stacks_dataverse.manifest import LandedTable, Record
from stacks_dataverse.window import Window

HOUR = 3600
# At least the 24 hours of `total_txs_past24`; at most what a half-hourly run can land quickly.
MIN_SECONDS, MAX_SECONDS = 24 * HOUR, 48 * HOUR


@dataclass(frozen=True)
class TipWindow(Record):
    """What a tip snapshot of a moment covers, where the tip's time is `tip_time` and `last_day` the last loaded day.

    All times in unix seconds. The window reaches from `start` to the tip: over what came after the last loaded
    day and at least 24 hours, but never over more than 48.
    """

    taken_at: datetime
    tip_time: int
    last_day: date | None

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
        return max(min(self.since, self.tip_time - MIN_SECONDS), self.tip_time - MAX_SECONDS)

    @property
    def day(self) -> date:
        """The day under which rows of after the last loaded day go: the tip's, and always a later one than that."""
        tip_day = Window.containing(self.tip_time).day
        return max(tip_day, self.last_day + timedelta(days=1)) if self.last_day else tip_day


@dataclass(frozen=True, kw_only=True)
class TipSnapshot(TipWindow):
    """A landed tip snapshot. All but what follows is as in `manifest.Manifest`.

    Attributes:
        tip_height, lowest_height: the highest and the lowest canonical block of the source.
        burn_ranges: of the blocks after the last loaded day only.
    """

    source_version: str | None
    tip_height: int
    lowest_height: int
    burn_ranges: Sequence[tuple[int, int]]
    first_block_height: int | None
    last_block_height: int | None
    block_count: int
    blocks_digest: str
    tables: Mapping[str, LandedTable]
