"""What the sample's Bitcoin blocks say of rewards: paid to stackers per block, with the slips of real feeds."""

from random import Random

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.cycles import is_in_prepare_phase
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.timeline import Burn
from scripts.local.sample_chain.writer import hash_of

ORPHANED_EVERY = 50
TWICE_DELIVERED_EVERY = 40
MOST_MINERS = 4
RECIPIENTS = [f"bc1q{name * 8}" for name in ("aaaaa", "ccccc", "ddddd", "eeeee")]


class Bitcoin:
    """Writes burnchain rewards, reward slot holders and, for the last stretch, each miner's outputs."""

    def __init__(self, cursor: Cursor, random: Random) -> None:
        self._random = random
        columns = "canonical burn_block_hash burn_block_height burn_amount reward_recipient reward_amount reward_index"
        self._rewards = Table(cursor, "burnchain_rewards", columns)
        holders = "canonical burn_block_hash burn_block_height address slot_index"
        self._holders = Table(cursor, "reward_slot_holders", holders)
        outputs = "burn_block_height burn_block_hash tx_id recipient utxo_idx amount canonical"
        self._outputs = Table(cursor, "burn_block_pox_txs", outputs)

    def block(self, burn: Burn, *, is_last_stretch: bool) -> None:
        """Write one Bitcoin block; now and then with an orphaned sibling, or delivered twice."""
        pays_nobody = is_in_prepare_phase(burn.height)
        amounts = [] if pays_nobody else [self._random.randrange(50_000, 90_000) for _ in range(2)]
        self._write(burn, hash_of(f"burn {burn.height}"), amounts, is_canonical=True)
        if burn.height % ORPHANED_EVERY == 0:
            self._write(burn, hash_of(f"orphaned burn {burn.height}"), amounts, is_canonical=False)
        if burn.height % TWICE_DELIVERED_EVERY == 0:
            self._write(burn, hash_of(f"burn {burn.height}"), amounts, is_canonical=True)
        if is_last_stretch:
            for index, amount in enumerate(amounts):
                self._commits(burn, index, amount)

    def flush(self) -> None:
        """Send all rows that wait."""
        for table in (self._rewards, self._holders, self._outputs):
            table.flush()

    def _commits(self, burn: Burn, index: int, amount: int) -> None:
        """What each of two to four miners sent of an output; the first of them wins, not always with the most."""
        recipient = RECIPIENTS[(burn.height + index) % len(RECIPIENTS)]
        weights = [1 + (burn.height + miner) % MOST_MINERS for miner in range(2 + burn.height % (MOST_MINERS - 1))]
        shares = [amount * weight // sum(weights) for weight in weights]
        shares[-1] += amount - sum(shares)
        for miner, share in enumerate(shares):
            commit = hash_of(f"commit {burn.height}" + (f" {miner}" if miner else ""))
            row = (burn.height, hash_of(f"burn {burn.height}"), commit, recipient, index, share, True)
            self._outputs.add(*row)

    def _write(self, burn: Burn, burn_hash: bytes, amounts: list[int], *, is_canonical: bool) -> None:
        for index, amount in enumerate(amounts):
            recipient = RECIPIENTS[(burn.height + index) % len(RECIPIENTS)]
            self._rewards.add(is_canonical, burn_hash, burn.height, 20_000, recipient, amount, index)
            self._holders.add(is_canonical, burn_hash, burn.height, recipient, index)
