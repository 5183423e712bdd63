"""Transactions that only the winning side of a fork has.

They make an account that stacks, a token, a whole collection and a miner's reward.
"""

from random import Random

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.accounts import COLLECTIONS, Accounts, address
from scripts.local.sample_chain.bonds import CONTRACT
from scripts.local.sample_chain.cycles import cycle_of, cycle_start
from scripts.local.sample_chain.pools import SOLO_SIGNER
from scripts.local.sample_chain.pox5_events import Printed
from scripts.local.sample_chain.pox_events import PoxCall
from scripts.local.sample_chain.rewards import COLUMNS
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.signer_managers import SMALL, managers
from scripts.local.sample_chain.stakes import Stakes
from scripts.local.sample_chain.timeline import POX_5_HEIGHT
from scripts.local.sample_chain.transactions import logged
from scripts.local.sample_chain.tx import ABORT_BY_RESPONSE, BOOT, Event, Tx, nft, stx
from scripts.local.sample_chain.writer import ANCHORED, ZEROS, Block, Writer, hash_of

STX = 1_000_000
GIFT_STX, LOCKED_STX, REWARD_USTX = 1_001, 1_000, 77


class ReorgTransactions:
    """The accounts of one fork, by its name, and their transactions, in its first and its last block."""

    def __init__(self, cursor: Cursor, name: str) -> None:
        self._cursor, self._name = cursor, name
        self._writer = Writer(cursor)
        self.stacker, self.friend, self.miner = (address(f"{name} {who}") for who in ("stacker", "friend", "miner"))
        self.token = f"{address('deployer')}.{COLLECTIONS[0]}", b"\x01" + hash_of(name)[:16]
        self.collection = f"{address('deployer')}.{name.replace(' ', '-')}::{name.replace(' ', '-')}"

    def write_first(self, block: Block, first_index: int) -> None:
        """Write what the first block holds more, after its other transactions."""
        bank, nonce = self._bank()
        self._writer.state.balances[self.stacker, "stx"] = 0
        gift = stx(bank, self.stacker, GIFT_STX * STX, bytes(34))
        self._write(block, first_index, [
            self._tx(0, 0, bank, nonce=nonce, recipient=self.stacker, amount=GIFT_STX * STX, memo=bytes(34),
                     events=[gift]),
            self._lock(block.burn_height),
            self._call(2, 1, self.token[0].partition("::")[0], [nft(*self.token, None, self.stacker)]),
            self._call(3, 2, self.collection.partition("::")[0], [nft(self.collection, b"\x03", None, self.stacker)]),
        ])  # fmt: skip

    def _lock(self, burn_height: int) -> Tx:
        """Lock for the next cycle; since PoX-5 with a signer too small to count, and in no prepare phase."""
        if burn_height < POX_5_HEIGHT:
            call = PoxCall("stack-stx", self.stacker, LOCKED_STX * STX, cycle_start(cycle_of(burn_height) + 2),
                           cycles=1, signer=SOLO_SIGNER)  # fmt: skip
            events = [Event("log", f"{BOOT}.pox-4", value=b"\x03"), Event("lock", "pox-4", value=call.locked)]
            return self._call(1, 0, f"{BOOT}.pox-4", events, pox=call)
        signer = managers(Accounts(Random()))[SMALL].contract
        printed = Stakes().stake(self.stacker, signer, LOCKED_STX * STX, 1, burn_height)
        if printed is None:
            return self._call(1, 0, CONTRACT, [], status=ABORT_BY_RESPONSE)
        amount = printed.data["amount_ustx"]
        events = [Event("log", CONTRACT, value=logged(printed.name, amount)), Event("lock", "pox-5", value=amount)]
        return self._call(1, 0, CONTRACT, events, pox5=[Printed(0, *printed)])

    def write_last(self, block: Block, first_index: int) -> None:
        """Write what the last block holds more, and a miner's reward that it pays."""
        given = [stx(self.stacker, self.friend, 1), nft(self.collection, b"\x03", self.stacker, self.friend)]
        self._write(block, first_index, [self._call(4, 3, self.collection.partition("::")[0], given)])
        rewards = Table(self._cursor, "miner_rewards", COLUMNS)
        place = (block.block_hash, block.index_hash, ZEROS, block.height, True)
        rewards.add(*place, self.miner, self.miner, 0, 0, 0, REWARD_USTX)
        rewards.flush()

    def _bank(self) -> tuple[str, int]:
        """A founder who does not stack and seldom sends, and the next nonce."""
        bank = address("founder 359")
        self._cursor.execute("SELECT COALESCE(max(nonce) + 1, 0) FROM txs WHERE sender_address = %s", (bank,))
        return bank, self._cursor.fetchone()[0]

    def _call(self, number: int, nonce: int, contract: str, events: list[Event], **given: object) -> Tx:
        return self._tx(number, 2, self.stacker, nonce=nonce, contract=contract, events=events, **given)

    def _tx(self, number: int, type_id: int, sender: str, **given: object) -> Tx:
        return Tx(hash_of(f"{self._name} tx {number}"), type_id, sender, fee=500, **given)  # type: ignore[arg-type]

    def _write(self, block: Block, first_index: int, txs: list[Tx]) -> None:
        for index, tx in enumerate(txs, first_index):
            self._writer.tx(block, tx, ANCHORED, index)
        self._writer.flush()
