"""The Stacks blocks of the sample: tenures, microblocks, forks and matured rewards."""

from collections import defaultdict
from random import Random

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.cycles import cycle_of, is_in_prepare_phase
from scripts.local.sample_chain.market import Market
from scripts.local.sample_chain.people import People, address
from scripts.local.sample_chain.pools import Pools
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.stacking import RewardSets
from scripts.local.sample_chain.timeline import DAY, Burn
from scripts.local.sample_chain.transactions import GENESIS_USTX, Transactions
from scripts.local.sample_chain.treasury import Treasury
from scripts.local.sample_chain.tx import BOOT, MINT, TENURE_EXTENDED, Event, Tx
from scripts.local.sample_chain.writer import ANCHORED, WALL_CLOCK, ZEROS, Block, Micro, Writer, hash_of

COINBASE_USTX = 1_000_000_000

# Rewards mature a hundred Bitcoin blocks later, as upstream's do.
MATURITY = 100
FORK_EVERY = 600
MICROBLOCKS_EVERY = 4
LOCK_EVERY, LOCKS = 50, 40
ORPHANED_MICROBLOCK_EVERY = 20

# A long tenure is extended in its third block, and every fourth from there.
EXTENDED_EVERY = 4


class Chain:
    """The chain as far as it is written; `tip` is its highest canonical block."""

    def __init__(self, cursor: Cursor, random: Random) -> None:
        self._random = random
        self.people = People(random)
        self.txs = Transactions(random, self.people)
        self.writer = Writer(cursor)
        self.tip = Block("0", 0, 0, 0, 0, None, is_canonical=False)
        self._earned: dict[int, tuple[Block, str]] = {}
        self._fees: dict[int, int] = defaultdict(int)
        self.pools = Pools(self.txs, self.people)
        self.market = Market(self.txs, self.people)
        self.treasury = Treasury(self.txs, self.people)
        self._reward_sets = RewardSets(cursor)
        self._cycle_set = 0
        self._tenures = 0
        self._last_fork_day = 0
        rewards = "block_hash index_block_hash from_index_block_hash mature_block_height canonical recipient"
        parts = " miner_address coinbase_amount tx_fees_anchored tx_fees_streamed_confirmed tx_fees_streamed_produced"
        self._rewards = Table(cursor, "miner_rewards", rewards + parts)
        micro = "canonical microblock_canonical microblock_hash microblock_sequence microblock_parent_hash"
        places = " index_block_hash parent_index_block_hash block_height parent_block_height parent_block_hash"
        burned = " parent_burn_block_height parent_burn_block_time parent_burn_block_hash block_hash receive_timestamp"
        self._micros = Table(cursor, "microblocks", micro + places + burned)

    def genesis(self, start: int) -> None:
        """Block 0, never canonical, and its transactions, which upstream moves to block 1."""
        block = Block("0", 0, start, 0, start, None, is_canonical=False)
        self.writer.block(block, [], counted=len(self.people.founders) // 100)
        self.tip = block
        self._genesis = [self._mints(number) for number in range(len(self.people.founders) // 100)]

    def tenure(self, burn: Burn, counts: list[int]) -> None:
        """Write the blocks of a Bitcoin block, with so many transactions each."""
        for index, (time, count) in enumerate(zip(burn.block_times, counts, strict=True)):
            self._block(burn, time, self._own(burn, index), count, is_first=index == 0)

    def finish(self) -> None:
        """Leave a transaction pending outside any block, and send all rows that wait."""
        pending = Block("pending", self.tip.height + 1, WALL_CLOCK, self.tip.burn_height, -1, self.tip)
        self._pending(pending)
        self.writer.flush()
        for table in (self._rewards, self._micros, self._reward_sets):
            table.flush()

    def _block(self, burn: Burn, time: int, own: list[Tx], count: int, *, is_first: bool) -> None:
        height = self.tip.height + 1
        self._tenures += is_first
        block = Block(str(height), height, time, burn.height, burn.time, self.tip, is_nakamoto=burn.is_nakamoto,
                      tenure=self._tenures)  # fmt: skip
        users = [self.txs.user() for _ in range(max(0, count - len(own)))]
        if height == 2:
            users += self.txs.rare()
        if height % LOCK_EVERY == 0 and height <= LOCK_EVERY * LOCKS:
            users.append(self.pools.lock(height // LOCK_EVERY, burn.height))
        if is_first:
            users += [*self.pools.due(burn.height), *self.market.due(burn.height), *self.treasury.due(burn.height)]
        users = self.market.moved_twice(block.height, users) if self._streams(block) else users
        placed = self._placed(block, own, users)
        if self._forks(block):
            self._orphan(block, [*own, *users[: len(users) // 2]])
        self.writer.block(block, self._with_genesis(placed), counted=sum(micro.is_canonical for _, micro in placed))
        if is_first:
            self._mature(block, burn)
            self._reward_set(block)
            self._earned[burn.height] = (block, own[-1].sender)
        self._fees[burn.height] += sum(tx.fee for tx, micro in placed if micro.is_canonical)
        self.tip = block

    def _reward_set(self, block: Block) -> None:
        """The set of the next cycle, with the first tenure of the prepare phase."""
        coming = cycle_of(block.burn_height) + 1
        if coming != self._cycle_set and is_in_prepare_phase(block.burn_height):
            self._reward_sets.write(
                (block.height, block.index_hash, block.parent_index_hash), coming, self.writer.tally
            )
            self._cycle_set = coming

    def _own(self, burn: Burn, index: int) -> list[Tx]:
        """The miner's own transactions: a coinbase, in Nakamoto's tenures after the tenure change."""
        miner = self.people.miners[burn.height % len(self.people.miners)]
        if index:
            return [self.txs.new(7, miner, cause=TENURE_EXTENDED)] if index % EXTENDED_EVERY == 2 else []
        if burn.is_nakamoto:
            return [self.txs.new(7, miner), self.txs.new(8, miner)]
        if burn.height % 7 == 0:
            return [self.txs.new(5, miner, recipient=address("cold wallet"))]
        return [self.txs.new(4, miner)]

    def _placed(self, block: Block, own: list[Tx], users: list[Tx]) -> list[tuple[Tx, Micro]]:
        """Put some transactions of old blocks in microblocks, which come before the anchored ones."""
        anchored = [(tx, ANCHORED) for tx in (*own, *users)]
        if not self._streams(block) or len(users) < 3:
            return anchored
        micros = [Micro(hash_of(f"micro {block.height} {n}"), n) for n in range(2)]
        streamed = [(users[n], micro) for n, micro in enumerate(micros)]
        if block.height % ORPHANED_MICROBLOCK_EVERY == 0:
            lost = Micro(hash_of(f"lost micro {block.height}"), 2, is_canonical=False)
            micros.append(lost)
            streamed.append((users[2], lost))
        for micro in micros:
            self._microblock(block, micro)
        return [*streamed, *((tx, ANCHORED) for tx in (*own, *users[2:]))]

    def _streams(self, block: Block) -> bool:
        return not block.is_nakamoto and block.height % MICROBLOCKS_EVERY == 0

    def _microblock(self, block: Block, micro: Micro) -> None:
        parent = block.parent
        assert parent is not None
        self._micros.add(
            True, micro.is_canonical, micro.hash, micro.sequence, ZEROS, block.index_hash, parent.index_hash,
            block.height, parent.height, parent.block_hash, parent.burn_height, parent.burn_time,
            hash_of(f"burn {parent.burn_height}"), block.block_hash, "2026-01-01 00:00:00",
        )  # fmt: skip

    def _forks(self, block: Block) -> bool:
        """One block in so many has a sibling that lost, and at least one a day."""
        day, is_late = divmod(block.time, DAY)
        due = block.height % FORK_EVERY == 0 or (day != self._last_fork_day and is_late > DAY // 2)
        self._last_fork_day = day if due else self._last_fork_day
        return due

    def _orphan(self, block: Block, txs: list[Tx]) -> None:
        """A sibling with transactions that the winner mines again, and an account and a token that only it knows."""
        sibling = Block(f"{block.height} orphan", block.height, block.time, block.burn_height, block.burn_time,
                        block.parent, is_canonical=False, is_nakamoto=block.is_nakamoto,
                        tenure=block.tenure)  # fmt: skip
        lost, other = address(f"lost {block.height}"), self.people.founders[0]
        gift = Event("stx", "", sender=other, recipient=lost, value=12)
        alone = self.txs.new(0, other, fee=180, recipient=lost, amount=12, memo=bytes(34), events=[gift])
        token = Event("nft", self.people.collections[0], MINT, b"\x01" + hash_of(lost)[:16], None, lost)
        minted = self.txs.new(2, other, fee=400, contract=self.people.contracts[0], events=[token])
        self.writer.block(sibling, [(tx, ANCHORED) for tx in (*txs, alone, minted)])
        reward = (sibling.height, False, lost, lost, COINBASE_USTX, 0, 0, 0)
        self._rewards.add(sibling.block_hash, sibling.index_hash, ZEROS, *reward)

    def _mature(self, block: Block, burn: Burn) -> None:
        """Pay what the tenures of a hundred Bitcoin blocks ago earned; parts go to the parent's miner."""
        for height in [height for height in self._earned if height <= burn.height - MATURITY]:
            (source, miner), fees = self._earned.pop(height), self._fees.pop(height)
            recipient = address("cold wallet") if height % 7 == 0 else miner
            self._reward(block, source, recipient, miner, COINBASE_USTX, (fees - fees // 3, fees // 3, 0))
            self._reward(block, source, self.people.miners[0], self.people.miners[0], 0, (0, 0, 60 + height % 5))

    def _reward(
        self, block: Block, source: Block, recipient: str, miner: str, coinbase: int, fees: tuple[int, int, int]
    ) -> None:
        places = (block.block_hash, block.index_hash, source.index_hash, block.height, True)
        self._rewards.add(*places, recipient, miner, coinbase, *fees)
        self.writer.tally.reward(recipient, coinbase, sum(fees))

    def _mints(self, number: int) -> Tx:
        founders = self.people.founders[number * 100 : number * 100 + 100]
        events = [Event("stx", "", MINT, GENESIS_USTX, None, founder) for founder in founders]
        return self.txs.new(0, BOOT, recipient=BOOT, amount=0, memo=bytes(34), events=events)

    def _with_genesis(self, placed: list[tuple[Tx, Micro]]) -> list[tuple[Tx, Micro]]:
        genesis, self._genesis = self._genesis, []
        return [*((tx, ANCHORED) for tx in genesis), *placed]

    def _pending(self, block: Block) -> None:
        """A streamed transaction that no block has taken up yet: its index block hash is empty."""
        sender, recipient = self.people.founders[:2]
        tx = self.txs.new(0, sender, fee=180, recipient=recipient, amount=1, memo=bytes(34))
        tx.events = [Event("stx", "", value=1, sender=sender, recipient=recipient)]
        self.writer.pending(block, tx, Micro(hash_of("pending micro"), 0))
