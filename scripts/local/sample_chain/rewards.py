"""What the sample's tenures earn, and when miners are paid for them."""

from dataclasses import dataclass

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.accounts import address
from scripts.local.sample_chain.chain_state import ChainState
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.timeline import COINBASE_USTX, scheduled
from scripts.local.sample_chain.tx import Tx
from scripts.local.sample_chain.writer import ANCHORED, ZEROS, Block, Micro

# Rewards mature a hundred Bitcoin blocks later, as upstream's do.
MATURITY = 100
COLD_WALLET_EVERY = 7

COLUMNS = (
    "block_hash index_block_hash from_index_block_hash mature_block_height canonical recipient miner_address"
    " coinbase_amount tx_fees_anchored tx_fees_streamed_confirmed tx_fees_streamed_produced"
)


def pays_cold_wallet(burn_height: int) -> bool:
    """Return whether the miner of a Bitcoin block names somebody else to be paid."""
    return burn_height % COLD_WALLET_EVERY == 0


@dataclass
class Tenure:
    """A tenure: its first block, and what it earns in µSTX; fees of microblocks apart."""

    block: Block
    miner: str
    coinbase: int
    parent: "Tenure | None"
    anchored: int = 0
    streamed: int = 0

    @property
    def recipient(self) -> str:
        """Who is paid for it."""
        return address("cold wallet") if pays_cold_wallet(self.block.burn_height) else self.miner

    @property
    def own_fees(self) -> tuple[int, int, int]:
        """What its own miner gets of fees; of Nakamoto's tenures nothing, before the next one is paid."""
        return (0, 0, 0) if self.block.is_nakamoto else (self.anchored, self.streamed * 3 // 5, 0)

    @property
    def parents_fees(self) -> int:
        """What the miner before gets: for microblocks, or all fees of the tenure before where both are Nakamoto's."""
        if not self.block.is_nakamoto:
            return self.streamed * 2 // 5
        parent = self.parent
        return parent.anchored if parent and parent.block.is_nakamoto else 0


class MinerRewards:
    """Writes miner_rewards: two rows for each tenure that matures, both of its first block."""

    def __init__(self, cursor: Cursor, state: ChainState) -> None:
        self._state = state
        self._table = Table(cursor, "miner_rewards", COLUMNS)
        self._waiting: list[Tenure] = []
        self._latest: Tenure | None = None
        self._missed = 0

    def begin(self, block: Block, miner: str) -> None:
        """Start a tenure; it gets the coinbases of the Bitcoin blocks without sortition just before its own too."""
        coinbase, self._missed = scheduled(COINBASE_USTX, block.burn_height) + self._missed, 0
        self._latest = Tenure(block, miner, coinbase, self._latest)
        self._waiting.append(self._latest)

    def miss(self, burn_height: int) -> None:
        """Take note of a Bitcoin block without sortition."""
        self._missed += scheduled(COINBASE_USTX, burn_height)

    def fees(self, placed: list[tuple[Tx, Micro]]) -> None:
        """Add the fees of a block to the tenure."""
        assert self._latest is not None
        self._latest.anchored += sum(tx.fee for tx, micro in placed if micro is ANCHORED)
        self._latest.streamed += sum(tx.fee for tx, micro in placed if micro is not ANCHORED and micro.is_canonical)

    def mature(self, block: Block) -> None:
        """Pay, with a block, what the tenures of a hundred Bitcoin blocks ago earned."""
        while self._waiting and self._waiting[0].block.burn_height <= block.burn_height - MATURITY:
            tenure = self._waiting.pop(0)
            self._pay(block, tenure, tenure.recipient, tenure.miner, tenure.coinbase, tenure.own_fees)
            if tenure.parent:
                to = tenure.parent
                self._pay(block, tenure, to.recipient, to.miner, 0, (0, 0, tenure.parents_fees))

    def orphan(self, sibling: Block, miner: str) -> None:
        """Write a reward that only an orphaned block pays."""
        coinbase = scheduled(COINBASE_USTX, sibling.burn_height)
        places = (sibling.block_hash, sibling.index_hash, ZEROS, sibling.height, False)
        self._table.add(*places, miner, miner, coinbase, 0, 0, 0)

    def flush(self) -> None:
        """Send all rows that wait."""
        self._table.flush()

    def _pay(
        self, block: Block, tenure: Tenure, recipient: str, miner: str, coinbase: int, fees: tuple[int, int, int]
    ) -> None:
        places = (block.block_hash, block.index_hash, tenure.block.index_hash, block.height, True)
        self._table.add(*places, recipient, miner, coinbase, *fees)
        self._state.reward(recipient, coinbase, sum(fees))
