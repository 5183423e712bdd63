"""What the Stacks database is: that of a node that follows the chain, or one that stands still.

A node that stalls must alarm. A sample or a dump never advances: its data are complete, however old they are. Nothing
in a database tells one from the other, so a setting does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from stacks_dataverse.dataset import PublicObject, Schedule

OF_THE_CHAIN = (Schedule.DAILY, Schedule.HALF_HOURLY)


class Source(Enum):
    """A kind of Stacks database: its name in the setting, and in text."""

    LIVE = "live", "a node that follows the chain"
    SAMPLE = "sample", "sample chain"
    DUMP = "dump", "database dump"

    def __init__(self, word: str, text: str) -> None:
        self.word = word
        self.text = text

    @property
    def stands_still(self) -> bool:
        """Whether it never advances."""
        return self is not Source.LIVE


SOURCES = {source.word: source for source in Source}


def end_of_source(
    source: Source, objects: Iterable[PublicObject], published: Mapping[str, Mapping[str, Any]]
) -> datetime | None:
    """Up to when the data of a source that stands still go; None for a live one, and while nothing is published.

    It is the end of the newest object of the chain. Other objects are as old as they are behind that, not behind today.

    Args:
        published: rows with `as_of`, by the names of objects.
    """
    if not source.stands_still:
        return None
    ends = [
        published[obj.name]["as_of"]
        for obj in objects
        if obj.name in published and obj.schedule in OF_THE_CHAIN and not obj.as_of
    ]
    return max(ends, default=None)
