"""What the sample's Bitcoin blocks say of rewards: paid to stackers or a pool, with the slips of real feeds."""

import hashlib
from collections.abc import Collection
from random import Random

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.cycles import cycle_of, is_in_prepare_phase, is_waterfall
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.timeline import POX_5_HEIGHT, Burn
from scripts.local.sample_chain.writer import hash_of

ORPHANED_EVERY = 50
TWICE_DELIVERED_EVERY = 40
MAX_MINERS = 4
RECIPIENTS = [f"bc1q{name * 8}" for name in ("aaaaa", "ccccc", "ddddd", "eeeee")]

# What miners burn of each Bitcoin block that pays stackers: slots of the reward set without a holder.
BURNED_SATS = 20_000

# The API of this chain keeps each miner's outputs for as many last blocks, and for all since Stacks 4.0.
OUTPUTS_OF_LAST = 72


class Bitcoin:
    """Writes burnchain rewards, reward slot holders, burn blocks and, for the last stretch, each miner's outputs."""

    def __init__(self, cursor: Cursor, random: Random, last_height: int) -> None:
        self._random = random
        self._outputs_from = min(last_height - OUTPUTS_OF_LAST + 1, POX_5_HEIGHT)
        columns = "canonical burn_block_hash burn_block_height burn_amount reward_recipient reward_amount reward_index"
        self._rewards = Table(cursor, "burnchain_rewards", columns)
        holders = "canonical burn_block_hash burn_block_height address slot_index"
        self._holders = Table(cursor, "reward_slot_holders", holders)
        outputs = "burn_block_height burn_block_hash tx_id recipient utxo_idx amount canonical"
        self._outputs = Table(cursor, "burn_block_pox_txs", outputs)
        blocks = "canonical burn_block_hash burn_block_height burn_amount reward_amount"
        self._blocks = Table(cursor, "burn_blocks", blocks)

    def block(self, burn: Burn) -> int:
        """Write one Bitcoin block, now and then with an orphaned sibling, or twice; returns the sats of the pool."""
        amounts, burned = self._amounts(burn.height)
        if burn.height % ORPHANED_EVERY == 0:
            self._write(burn, hash_of(f"orphaned burn {burn.height}"), amounts, burned, is_canonical=False)
        self._write(burn, hash_of(f"burn {burn.height}"), amounts, burned, is_canonical=True)
        if burn.height % TWICE_DELIVERED_EVERY == 0:
            self._reward(burn, hash_of(f"burn {burn.height}"), amounts, burned, is_canonical=True)
        if burn.height >= self._outputs_from:
            for index, amount in enumerate(amounts):
                self._commits(burn, index, amount)
        return sum(amounts) if is_waterfall(burn.height) else 0

    def flush(self) -> None:
        """Send all rows that wait."""
        for table in (self._rewards, self._holders, self._outputs, self._blocks):
            table.flush()

    def _amounts(self, height: int) -> tuple[list[int], int]:
        """The sats that each recipient gets, and those burned: all of it in a prepare phase before the waterfall."""
        if is_waterfall(height):
            return [self._random.randrange(100_000, 180_000)], 0
        if is_in_prepare_phase(height):
            return [], self._random.randrange(100_000, 180_000)
        return [self._random.randrange(50_000, 90_000) for _ in range(2)], BURNED_SATS

    def _commits(self, burn: Burn, index: int, amount: int) -> None:
        """What each of two to four miners sent of an output; the first of them wins, not always with the most."""
        weights = [1 + (burn.height + miner) % MAX_MINERS for miner in range(2 + burn.height % (MAX_MINERS - 1))]
        shares = [amount * weight // sum(weights) for weight in weights]
        shares[-1] += amount - sum(shares)
        for miner, share in enumerate(shares):
            commit = hash_of(f"commit {burn.height}" + (f" {miner}" if miner else ""))
            row = (burn.height, hash_of(f"burn {burn.height}"), commit, recipient_of(burn.height, index), index, share)
            self._outputs.add(*row, True)

    def _write(self, burn: Burn, burn_hash: bytes, amounts: list[int], burned: int, *, is_canonical: bool) -> None:
        self._reward(burn, burn_hash, amounts, burned, is_canonical=is_canonical)
        self._blocks.add(is_canonical, burn_hash, burn.height, burned, sum(amounts))

    def _reward(self, burn: Burn, burn_hash: bytes, amounts: list[int], burned: int, *, is_canonical: bool) -> None:
        for index, amount in enumerate(amounts):
            recipient = recipient_of(burn.height, index)
            self._rewards.add(is_canonical, burn_hash, burn.height, burned, recipient, amount, index)
            self._holders.add(is_canonical, burn_hash, burn.height, recipient, index)


def recipient_of(burn_height: int, index: int) -> str:
    """Who is paid by an output: a stacker, or since the waterfall sBTC's deposit address, a new one in each cycle."""
    if is_waterfall(burn_height):
        return "bc1p" + hashlib.sha256(f"deposit {cycle_of(burn_height)}".encode()).hexdigest()[:58]
    return RECIPIENTS[(burn_height + index) % len(RECIPIENTS)]


def clear_flags(cursor: Cursor, orphaned_burns: Collection[int], without_blocks: Collection[int]) -> None:
    """Clear the flag of rewards and outputs as the API wrongly did, though all of them are on the canonical chain.

    Up to 9.0.2 it does so for a Bitcoin block of which any Stacks block is orphaned; its version 8.13.2 did it for
    every one without a Stacks block, once.
    """
    heights = [*orphaned_burns, *without_blocks]
    for table in ("burnchain_rewards", "burn_block_pox_txs"):
        cursor.execute(f"UPDATE {table} SET canonical = false WHERE burn_block_height = ANY (%s)", (heights,))
