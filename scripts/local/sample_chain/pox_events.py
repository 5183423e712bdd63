"""What a call of a PoX contract leaves in the tables of locks and of PoX events."""

import hashlib
from dataclasses import dataclass

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.cycles import cycle_of
from scripts.local.sample_chain.rows import Table

# Compressed public keys of secp256k1: 33 bytes.
SIGNER_KEYS = [b"\x02" + hashlib.sha256(f"signer {number}".encode()).digest() for number in range(6)]
POX_ADDRESS, POX_ADDRESS_RAW = "16ZJ7F5Vsm2LPnrJTWyzyu8qzEyeB8tkDC", bytes(22)

LOCKING = {
    *("stack-stx", "stack-extend", "stack-increase"),
    *("delegate-stack-stx", "delegate-stack-extend", "delegate-stack-increase"),
}
COMMITS = {"stack-aggregation-commit", "stack-aggregation-commit-indexed", "stack-aggregation-increase"}
SIGNED = {"stack-stx", "stack-extend", "stack-increase", *COMMITS}
WITHOUT_ADDRESS = {"delegate-stx", "revoke-delegate-stx", "handle-unlock"}

# Every call has the first of these; the others only where they say something of it.
STATE = "name stacker locked balance burnchain_unlock_height delegator delegate_to"
SPECIFIC = (
    "pox_addr pox_addr_raw lock_period lock_amount start_burn_height unlock_burn_height increase_by total_locked"
    " extend_count reward_cycle amount_ustx first_cycle_locked first_unlocked_cycle"
)
POX_4 = "signer_key start_cycle_id end_cycle_id"


@dataclass(frozen=True)
class PoxCall:
    """A successful call of a PoX contract, as the API tells of it; `locked` and `unlock` are as they are after it."""

    name: str
    stacker: str
    locked: int = 0
    unlock: int = 0
    version: int = 4
    amount: int = 0
    cycles: int = 0
    signer: int = 0
    delegator: str | None = None
    delegate_to: str | None = None

    @property
    def is_lock(self) -> bool:
        """Whether the node sends a lock event with it."""
        return self.name in LOCKING


class PoxEvents:
    """Writes stx_lock_events, pox3_events and pox4_events."""

    def __init__(self, cursor: Cursor, event_columns: str) -> None:
        columns = f"{event_columns} locked_amount unlock_height locked_address contract_name"
        self.locks = Table(cursor, "stx_lock_events", columns)
        self.pox3 = Table(cursor, "pox3_events", f"{event_columns} {STATE} {SPECIFIC}")
        self.pox4 = Table(cursor, "pox4_events", f"{event_columns} {STATE} {SPECIFIC} {POX_4}")

    def call(self, place: tuple[object, ...], call: PoxCall, liquid: int, burn_height: int) -> None:
        """Write a call that leaves `liquid` uSTX; `place` starts with the event index of its print."""
        fields = _event_fields(call, burn_height)
        names = SPECIFIC.split() if call.version == 3 else [*SPECIFIC.split(), *POX_4.split()]
        state = (call.name, call.stacker, call.locked, liquid, call.unlock, call.delegator, call.delegate_to)
        (self.pox3 if call.version == 3 else self.pox4).add(*place, *state, *map(fields.get, names))
        if call.is_lock:
            printed, *where = place
            after = int(str(printed)) + 1
            self.locks.add(after, *where, call.locked, call.unlock, call.stacker, f"pox-{call.version}")

    def flush(self) -> None:
        """Send all rows that wait."""
        for table in (self.locks, self.pox3, self.pox4):
            table.flush()


def _event_fields(call: PoxCall, burn_height: int) -> dict[str, object]:
    fields = _specific(call, burn_height)
    if call.name not in WITHOUT_ADDRESS:
        fields |= {"pox_addr": POX_ADDRESS, "pox_addr_raw": POX_ADDRESS_RAW}
    if call.name in SIGNED:
        fields["signer_key"] = SIGNER_KEYS[call.signer]
    if call.is_lock:
        end = cycle_of(call.unlock)
        start = end - call.cycles if call.cycles else cycle_of(burn_height) + 1
        fields |= {"start_cycle_id": start, "end_cycle_id": end}
    return fields


def _specific(call: PoxCall, burn_height: int) -> dict[str, object]:
    """The fields of calls of this name only; the API's own rules require them."""
    cycle = cycle_of(burn_height)
    match call.name:
        case "stack-stx" | "delegate-stack-stx":
            lock = {"lock_period": call.cycles, "lock_amount": call.locked}
            return lock | {"start_burn_height": burn_height, "unlock_burn_height": call.unlock}
        case "stack-extend" | "delegate-stack-extend":
            return {"extend_count": call.cycles, "unlock_burn_height": call.unlock}
        case "stack-increase" | "delegate-stack-increase":
            return {"increase_by": call.amount, "total_locked": call.locked}
        case "delegate-stx":
            return {"amount_ustx": call.amount}
        case "handle-unlock":
            return {"first_cycle_locked": cycle - 1, "first_unlocked_cycle": cycle}
        case name if name in COMMITS:
            return {"reward_cycle": cycle + 1, "amount_ustx": call.amount}
    return {}
