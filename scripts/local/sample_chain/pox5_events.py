"""What the contract of PoX-5 prints, and the rows that the API makes of it at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.rows import Table

# The four functions that lock STX: the node sends a lock event after their print.
LOCKING = {"stake", "stake-update", "unstake", "register-for-bond"}

# The API takes the locks of these over into `stx_locked_balances`; it forgets those of bonds.
STAKING = LOCKING - {"register-for-bond"}

PLACE = (
    "tx_id tx_index block_height block_hash block_time index_block_hash parent_block_hash parent_index_block_hash"
    " burn_block_height burn_block_time microblock_hash microblock_sequence microblock_canonical canonical"
)


class Print(NamedTuple):
    """A print, by its topic; numbers are as the contract has them."""

    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Printed:
    """A print and the event index that it has in its transaction."""

    index: int
    name: str
    data: Mapping[str, Any]


class Pox5Events:
    """Writes pox5_events, and the lock event after each print that locks."""

    def __init__(self, cursor: Cursor, event_columns: str) -> None:
        self._events = Table(cursor, "pox5_events", f"event_index {PLACE} name data")
        columns = f"{event_columns} locked_amount unlock_height locked_address contract_name"
        self._locks = Table(cursor, "stx_lock_events", columns)

    def add(self, place: tuple[object, ...], event_place: tuple[object, ...], printed: Printed) -> None:
        """Write a print; `event_place` is its place among the events of the transaction, without the index."""
        data = printed.data
        self._events.add(printed.index, *place, printed.name, json.dumps(as_stored(data), sort_keys=True))
        if printed.name in LOCKING:
            lock = (data["amount_ustx"], data["unlock_burn_height"], data["staker"], "pox-5")
            self._locks.add(printed.index + 1, *event_place, *lock)

    def flush(self) -> None:
        """Send all rows that wait."""
        self._events.flush()
        self._locks.flush()


def as_stored(value: Any) -> Any:
    """Return a print's value as the API stores it: numbers are text."""
    if isinstance(value, Mapping):
        return {key: as_stored(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_stored(part) for part in value]
    return str(value) if type(value) is int else value
