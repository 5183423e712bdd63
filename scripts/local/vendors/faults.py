"""Faults on request, each for a number of answers, and the clock of the stub vendors.

`status` makes the vendor's answer of that status, HTML from 500 on. `kind` is one of these, or of those that the
vendor's module tells.

| kind | makes |
|---|---|
| `slow` | the right answer after `seconds` |
| `html`, `cut_json`, `hang_up` | 200 with a page of HTML; half of the JSON; a connection that ends in the answer |
| `redirect` | 302 to another host |
| `minute_rate` | too many calls, until a second or two later where the vendor says until when |
| `long_rate` | the calls of a day or a month are used up |
"""

import time
from collections import deque
from importlib import import_module
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stacks_dataverse.vendors import VENDORS

COMMON = {"slow", "html", "cut_json", "hang_up", "redirect", "minute_rate", "long_rate"}
CALLS_KEPT = 10_000


class Fault(BaseModel):
    """What goes wrong with the next `times` answers of a vendor whose path contains `path`."""

    model_config = ConfigDict(extra="forbid")

    vendor: str
    status: int | None = Field(default=None, ge=400, le=599)
    kind: str | None = None
    times: int = Field(default=1, ge=1)
    path: str = ""
    seconds: float = Field(default=1.0, ge=0, le=60)

    @model_validator(mode="after")
    def _says_what(self) -> "Fault":
        if (self.status is None) == (self.kind is None):
            raise ValueError("a fault has either a status or a kind")
        if self.vendor not in VENDORS:
            raise ValueError(f"the vendors are {', '.join(VENDORS)}")
        # The vendor's module imports this one.
        kinds = COMMON | import_module(f"{__package__}.{self.vendor}").KINDS
        if self.kind is not None and self.kind not in kinds:
            raise ValueError(f"the kinds of {self.vendor} are {', '.join(sorted(kinds))}")
        return self


class Time(BaseModel):
    """The time of the vendors in unix seconds; None for the machine's."""

    model_config = ConfigDict(extra="forbid")

    now: int | None = Field(ge=0)


class Control:
    """The clock and the faults that tests set, and the calls that the vendors received."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []
        self._now: int | None = None
        self.calls: deque[dict[str, str]] = deque(maxlen=CALLS_KEPT)

    @property
    def now(self) -> int:
        """The time, in unix seconds."""
        return int(time.time()) if self._now is None else self._now

    def set_time(self, at: Time) -> None:
        """Stop the clock, or let it go again."""
        self._now = at.now

    def add(self, fault: Fault) -> None:
        """Put a fault at the end of the line."""
        with self._lock:
            self._faults.append(fault.model_copy())

    def take(self, vendor: str, path: str) -> Fault | None:
        """Return the first fault in line for an answer, and count it; None for a right answer."""
        with self._lock:
            for fault in self._faults:
                if fault.vendor == vendor and fault.path in path:
                    fault.times -= 1
                    self._faults = [left for left in self._faults if left.times > 0]
                    return fault
        return None

    def left(self) -> list[Fault]:
        """Return the faults that wait."""
        with self._lock:
            return [fault.model_copy() for fault in self._faults]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults = []
