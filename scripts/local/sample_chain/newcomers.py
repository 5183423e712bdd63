"""What only one side of a fork knows: an account that stacks, a token, a whole collection, a miner's reward."""

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.cycles import cycle_of, cycle_start
from scripts.local.sample_chain.people import COLLECTIONS, address
from scripts.local.sample_chain.pools import SOLO_SIGNER
from scripts.local.sample_chain.pox_events import PoxCall
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.tx import BOOT, Event, Tx, nft, stx
from scripts.local.sample_chain.writer import ANCHORED, ZEROS, Block, Writer, hash_of

STX = 1_000_000
GIFT_STX, LOCKED_STX, REWARD_USTX = 1_001, 1_000, 77


class Newcomers:
    """The people of one fork, by its name; and their transactions, at its bottom and on its top."""

    def __init__(self, cursor: Cursor, name: str) -> None:
        self._cursor, self._name = cursor, name
        self._writer = Writer(cursor)
        self.stacker, self.friend, self.miner = (address(f"{name} {who}") for who in ("stacker", "friend", "miner"))
        self.token = f"{address('deployer')}.{COLLECTIONS[0]}", b"\x01" + hash_of(name)[:16]
        self.collection = f"{address('deployer')}.{name.replace(' ', '-')}::{name.replace(' ', '-')}"

    def arrive(self, block: Block, first_index: int) -> None:
        """Write what the first block of the side holds more, after its other transactions."""
        bank, nonce = self._bank()
        self._writer.tally.balances[self.stacker, "stx"] = 0
        lock = PoxCall("stack-stx", self.stacker, LOCKED_STX * STX, cycle_start(cycle_of(block.burn_height) + 2),
                       cycles=1, signer=SOLO_SIGNER)  # fmt: skip
        contract = f"{BOOT}.pox-4"
        locked = [Event("log", contract, value=b"\x03"), Event("lock", "pox-4", value=lock.locked)]
        gift = stx(bank, self.stacker, GIFT_STX * STX, bytes(34))
        self._write(block, first_index, [
            self._tx(0, 0, bank, nonce=nonce, recipient=self.stacker, amount=GIFT_STX * STX, memo=bytes(34),
                     events=[gift]),
            self._call(1, 0, contract, locked, lock),
            self._call(2, 1, self.token[0].partition("::")[0], [nft(*self.token, None, self.stacker)]),
            self._call(3, 2, self.collection.partition("::")[0], [nft(self.collection, b"\x03", None, self.stacker)]),
        ])  # fmt: skip

    def stay(self, block: Block, first_index: int) -> None:
        """Write what the last block of the side holds more, and a miner's reward that it pays."""
        given = [stx(self.stacker, self.friend, 1), nft(self.collection, b"\x03", self.stacker, self.friend)]
        self._write(block, first_index, [self._call(4, 3, self.collection.partition("::")[0], given)])
        columns = (
            "block_hash index_block_hash from_index_block_hash mature_block_height canonical recipient miner_address"
            " coinbase_amount tx_fees_anchored tx_fees_streamed_confirmed tx_fees_streamed_produced"
        )
        rewards = Table(self._cursor, "miner_rewards", columns)
        place = (block.block_hash, block.index_hash, ZEROS, block.height, True)
        rewards.add(*place, self.miner, self.miner, 0, 0, 0, REWARD_USTX)
        rewards.flush()

    def _bank(self) -> tuple[str, int]:
        """A founder who does not stack and seldom sends, and the next nonce."""
        bank = address("founder 359")
        self._cursor.execute("SELECT COALESCE(max(nonce) + 1, 0) FROM txs WHERE sender_address = %s", (bank,))
        return bank, self._cursor.fetchone()[0]

    def _call(self, number: int, nonce: int, contract: str, events: list[Event], pox: PoxCall | None = None) -> Tx:
        return self._tx(number, 2, self.stacker, nonce=nonce, contract=contract, events=events, pox=pox)

    def _tx(self, number: int, type_id: int, sender: str, **given: object) -> Tx:
        return Tx(hash_of(f"{self._name} tx {number}"), type_id, sender, fee=500, **given)  # type: ignore[arg-type]

    def _write(self, block: Block, first_index: int, txs: list[Tx]) -> None:
        for index, tx in enumerate(txs, first_index):
            self._writer.tx(block, tx, ANCHORED, index)
        self._writer.flush()
