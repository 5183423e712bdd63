"""Solo locks of the sample: what a PoX-4 stack-stx leaves in the tables of locks."""

import hashlib

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.tally import Tally
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_CYCLE_HEIGHT

POX_VERSION = 4

# A compressed public key of secp256k1: 33 bytes.
SIGNER_KEY = b"\x02" + hashlib.sha256(b"signer").digest()
POX_ADDRESS, POX_ADDRESS_RAW = "16ZJ7F5Vsm2LPnrJTWyzyu8qzEyeB8tkDC", bytes(22)

POX4 = (
    " stacker locked balance burnchain_unlock_height lock_amount start_burn_height unlock_burn_height"
    " start_cycle_id end_cycle_id"
)


def unlock_height(burn_height: int) -> int:
    """Return the Bitcoin height at which a lock of one cycle made at `burn_height` ends."""
    return FIRST_CYCLE_HEIGHT + CYCLE_LENGTH * (_next_cycle(burn_height) + 1)


class Stacking:
    """Writes stx_lock_events and the pox4_events of the prints that come before them."""

    def __init__(self, cursor: Cursor, event_columns: str) -> None:
        columns = f"{event_columns} locked_amount unlock_height locked_address contract_name"
        self.locks = Table(cursor, "stx_lock_events", columns)
        constants = {"name": "stack-stx", "lock_period": 1, "signer_key": SIGNER_KEY}
        address = {"pox_addr": POX_ADDRESS, "pox_addr_raw": POX_ADDRESS_RAW}
        self.pox4 = Table(cursor, "pox4_events", event_columns + POX4, **constants, **address)

    def lock(
        self, place: tuple[object, ...], contract: str, stacker: str, amount: int, liquid: int, burn_height: int
    ) -> None:
        """Write one lock of `amount` uSTX, which leaves `liquid`; `place` starts with the lock's event index."""
        unlock, cycle = unlock_height(burn_height), _next_cycle(burn_height)
        self.locks.add(*place, amount, unlock, stacker, contract)
        event_index, *where = place
        printed = int(str(event_index)) - 1
        self.pox4.add(printed, *where, stacker, amount, liquid, unlock, amount, burn_height, unlock, cycle, cycle + 1)

    def flush(self) -> None:
        """Send all rows that wait."""
        self.locks.flush()
        self.pox4.flush()


def write_locked(cursor: Cursor, tally: Tally) -> None:
    """Write stx_locked_balances: the last lock of each stacker."""
    columns = "principal locked_amount unlock_burn_height lock_tx_id lock_block_height burnchain_lock_height"
    table = Table(cursor, "stx_locked_balances", columns, pox_version=POX_VERSION)
    for stacker, lock in tally.locked.items():
        table.add(stacker, *lock)
    table.flush()


def _next_cycle(burn_height: int) -> int:
    return (burn_height - FIRST_CYCLE_HEIGHT) // CYCLE_LENGTH + 1
