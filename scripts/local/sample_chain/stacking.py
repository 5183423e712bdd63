"""Tables that follow from the sample's locks: the reward set of each cycle, and what each stacker has locked."""

from collections import Counter
from collections.abc import Mapping

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.chain_state import ChainState
from scripts.local.sample_chain.cycles import cycle_start
from scripts.local.sample_chain.pox_events import SIGNER_KEYS
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.shares import SIGNER_MIN_USTX
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, PREPARE_LENGTH

THRESHOLD_USTX = 90_000_000_000

# Since PoX-5 the node names no threshold, and the API puts the least STX of a signer in its place.
NO_THRESHOLD_USTX = SIGNER_MIN_USTX
REWARD_SLOTS = 2 * (CYCLE_LENGTH - PREPARE_LENGTH)


class RewardSets:
    """Writes pox_cycles and pox_sets: what the node says of the next cycle in the prepare phase before it."""

    def __init__(self, cursor: Cursor) -> None:
        block = "block_height index_block_hash parent_index_block_hash cycle_number canonical"
        self._cycles = Table(cursor, "pox_cycles", f"{block} total_weight total_stacked_amount total_signers")
        signer = " pox_ustx_threshold signing_key weight stacked_amount weight_percent stacked_amount_percent"
        self._sets = Table(cursor, "pox_sets", block + signer + " total_weight total_stacked_amount")

    def write(self, place: tuple[object, ...], cycle: int, state: ChainState) -> None:
        """Write the set of a cycle, of the locks that reach into it; `place` is a block's height, hash and parent."""
        stacked = _by_signer(cycle, state)
        slots = {signer: amount // THRESHOLD_USTX for signer, amount in stacked.items()}
        weight, total = sum(slots.values()), sum(stacked.values())
        self._cycles.add(*place, cycle, True, weight, total, len(stacked))
        for signer, amount in stacked.items():
            percents = (100 * slots[signer] / max(1, weight), 100 * amount / total)
            row = (THRESHOLD_USTX, SIGNER_KEYS[signer], slots[signer], amount, *percents, weight, total)
            self._sets.add(*place, cycle, True, *row)

    def write_signers(self, place: tuple[object, ...], cycle: int, stacked: Mapping[bytes, int]) -> None:
        """Write the set of a cycle of PoX-5, of the µSTX of each signer's key."""
        total, slots = sum(stacked.values()), _slots(stacked)
        self._cycles.add(*place, cycle, True, REWARD_SLOTS, total, len(stacked))
        for key, amount in stacked.items():
            percents = (100 * slots[key] / REWARD_SLOTS, 100 * amount / total)
            row = (NO_THRESHOLD_USTX, key, slots[key], amount, *percents, REWARD_SLOTS, total)
            self._sets.add(*place, cycle, True, *row)

    def flush(self) -> None:
        """Send all rows that wait."""
        self._cycles.flush()
        self._sets.flush()


def _slots(stacked: Mapping[bytes, int]) -> dict[bytes, int]:
    """All slots by the share of STX; those left over go to the largest remainders, as the node does."""
    quota = -(-sum(stacked.values()) // REWARD_SLOTS)
    slots = {key: amount // quota for key, amount in stacked.items()}
    by_remainder = sorted(stacked, key=lambda key: (-(stacked[key] % quota), key))
    for key in by_remainder[: REWARD_SLOTS - sum(slots.values())]:
        slots[key] += 1
    return slots


def _by_signer(cycle: int, state: ChainState) -> dict[int, int]:
    """Locks of PoX-3 are in no set: the chain forces them open before it writes its first."""
    stacked: Counter[int] = Counter()
    for lock in state.locked.values():
        if lock.version == 4 and lock.locked and lock.unlock > cycle_start(cycle):
            stacked[lock.signer] += lock.locked
    return dict(sorted(stacked.items()))


def write_locked(cursor: Cursor, state: ChainState) -> None:
    """Write stx_locked_balances: the last lock of each stacker, ended ones too; the API does not sweep them.

    Nor does it know the locks of bonds: who came from a stake has that still.
    """
    columns = (
        "principal locked_amount unlock_burn_height lock_tx_id lock_block_height burnchain_lock_height pox_version"
        " signer"
    )
    table = Table(cursor, "stx_locked_balances", columns)
    for stacker, lock in state.locked.items():
        table.add(stacker, lock.locked, lock.unlock, lock.tx_id, lock.block_height, lock.burn_height, lock.version,
                  lock.manager)  # fmt: skip
    table.flush()
