"""Stacking of the sample: what a call of a PoX contract leaves in the tables of locks and of PoX events."""

import hashlib
from dataclasses import dataclass

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.tally import Tally
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_CYCLE_HEIGHT

# Compressed public keys of secp256k1: 33 bytes.
SIGNER_KEYS = [b"\x02" + hashlib.sha256(f"signer {number}".encode()).digest() for number in range(3)]
POX_ADDRESS, POX_ADDRESS_RAW = "16ZJ7F5Vsm2LPnrJTWyzyu8qzEyeB8tkDC", bytes(22)
THRESHOLD_USTX = 90_000_000_000

POX = (
    " name stacker locked balance burnchain_unlock_height lock_amount start_burn_height unlock_burn_height"
    " delegator delegate_to increase_by"
)
POX4 = " signer_key start_cycle_id end_cycle_id"


@dataclass(frozen=True)
class PoxCall:
    """A successful call of a PoX contract, as the API tells of it; `locked` and `unlock` are as they are after it."""

    name: str
    stacker: str
    locked: int
    unlock: int
    version: int = 4
    delegator: str | None = None
    delegate_to: str | None = None
    increase_by: int | None = None

    @property
    def is_lock(self) -> bool:
        """Whether the node sends a lock event with it."""
        return self.name in LOCKING


LOCKING = {
    *("stack-stx", "stack-extend", "stack-increase"),
    *("delegate-stack-stx", "delegate-stack-extend", "delegate-stack-increase"),
}


def cycle_of(burn_height: int) -> int:
    """Return the reward cycle of a Bitcoin height."""
    return (burn_height - FIRST_CYCLE_HEIGHT) // CYCLE_LENGTH


def cycle_start(cycle: int) -> int:
    """Return the Bitcoin height at which a reward cycle begins."""
    return FIRST_CYCLE_HEIGHT + CYCLE_LENGTH * cycle


def unlock_after(burn_height: int, cycles: int = 1) -> int:
    """Return the height at which a lock made at `burn_height` for the next cycles ends."""
    return cycle_start(cycle_of(burn_height) + 1 + cycles)


class Stacking:
    """Writes stx_lock_events, pox3_events and pox4_events."""

    def __init__(self, cursor: Cursor, event_columns: str) -> None:
        columns = f"{event_columns} locked_amount unlock_height locked_address contract_name"
        self.locks = Table(cursor, "stx_lock_events", columns)
        address = {"lock_period": 1, "pox_addr": POX_ADDRESS, "pox_addr_raw": POX_ADDRESS_RAW}
        self.pox3 = Table(cursor, "pox3_events", event_columns + POX, **address)
        self.pox4 = Table(cursor, "pox4_events", event_columns + POX + POX4, **address)

    def call(self, place: tuple[object, ...], call: PoxCall, liquid: int, burn_height: int) -> None:
        """Write a call that leaves `liquid` uSTX; `place` starts with the event index of its print."""
        row = (
            *place, call.name, call.stacker, call.locked, liquid, call.unlock, call.locked, burn_height,
            call.unlock, call.delegator, call.delegate_to, call.increase_by,
        )  # fmt: skip
        if call.version == 3:
            self.pox3.add(*row)
        else:
            self.pox4.add(*row, SIGNER_KEYS[0], cycle_of(burn_height) + 1, cycle_of(call.unlock))
        if call.is_lock:
            printed, *where = place
            after = int(str(printed)) + 1
            self.locks.add(after, *where, call.locked, call.unlock, call.stacker, f"pox-{call.version}")

    def flush(self) -> None:
        """Send all rows that wait."""
        for table in (self.locks, self.pox3, self.pox4):
            table.flush()


class RewardSets:
    """Writes pox_cycles and pox_sets: what the node says of the next cycle in the prepare phase before it."""

    def __init__(self, cursor: Cursor) -> None:
        block = "block_height index_block_hash parent_index_block_hash cycle_number canonical"
        self._cycles = Table(cursor, "pox_cycles", f"{block} total_weight total_stacked_amount total_signers")
        signer = " pox_ustx_threshold signing_key weight stacked_amount weight_percent stacked_amount_percent"
        self._sets = Table(cursor, "pox_sets", block + signer + " total_weight total_stacked_amount")

    def write(self, place: tuple[object, ...], cycle: int, tally: Tally) -> None:
        """Write the set of a cycle, of the locks that reach into it; `place` is a block's height, hash and parent."""
        locks = sorted(tally.locked.values())
        stacked = [lock.locked for lock in locks if lock.unlock > cycle_start(cycle) and lock.locked]
        shares = [sum(stacked[number :: len(SIGNER_KEYS)]) for number in range(len(SIGNER_KEYS))]
        total, weight = sum(shares), sum(share // THRESHOLD_USTX for share in shares)
        signers = [(key, share) for key, share in zip(SIGNER_KEYS, shares, strict=True) if share]
        self._cycles.add(*place, cycle, True, weight, total, len(signers))
        for key, share in signers:
            slots = share // THRESHOLD_USTX
            percents = (100 * slots / max(1, weight), 100 * share / total)
            self._sets.add(*place, cycle, True, THRESHOLD_USTX, key, slots, share, *percents, weight, total)

    def flush(self) -> None:
        """Send all rows that wait."""
        self._cycles.flush()
        self._sets.flush()


def write_locked(cursor: Cursor, tally: Tally) -> None:
    """Write stx_locked_balances: the last lock of each stacker, ended ones too; the API does not sweep them."""
    columns = (
        "principal locked_amount unlock_burn_height lock_tx_id lock_block_height burnchain_lock_height pox_version"
    )
    table = Table(cursor, "stx_locked_balances", columns)
    for stacker, lock in tally.locked.items():
        table.add(stacker, lock.locked, lock.unlock, lock.tx_id, lock.block_height, lock.burn_height, lock.version)
    table.flush()
