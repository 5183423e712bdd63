"""The Stacks blocks of the sample: tenures, microblocks and forks."""

from collections.abc import Iterator
from random import Random

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.accounts import Accounts, address
from scripts.local.sample_chain.cycles import cycle_of, cycle_start, is_in_prepare_phase, is_waterfall
from scripts.local.sample_chain.exchanges import swap_in
from scripts.local.sample_chain.large_transfers import LargeTransfers
from scripts.local.sample_chain.market import Market
from scripts.local.sample_chain.names import Names
from scripts.local.sample_chain.pegged import mint_in
from scripts.local.sample_chain.pools import LOCKED_USTX, Pools
from scripts.local.sample_chain.rewards import MinerRewards, pays_cold_wallet
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.sbtc_withdrawals import SbtcWithdrawals
from scripts.local.sample_chain.stacking import RewardSets
from scripts.local.sample_chain.staking import Staking
from scripts.local.sample_chain.timeline import DAY, ENDOWMENT_USTX, FIRST_ENDOWMENT_USTX, POX_5_HEIGHT, Burn, scheduled
from scripts.local.sample_chain.transactions import GENESIS_USTX, Transactions
from scripts.local.sample_chain.tx import BOOT, MINT, SUCCESS, TENURE_EXTENDED, Event, Tx
from scripts.local.sample_chain.writer import ANCHORED, WALL_CLOCK, ZEROS, Block, Micro, Writer, hash_of

ENDOWMENT = f"{BOOT}.sip-031"
FORK_EVERY = 600
MICROBLOCKS_EVERY = 4
LOCK_EVERY, LOCKS = 50, 40
ORPHANED_MICROBLOCK_EVERY = 20

# Every tenth block has a withdrawal of sBTC, and another a move of a name: blocks of odd heights stream nothing.
EVERY, WITHDRAWAL_AT, NAME_AT = 10, 5, 7

# A long tenure is extended in its third block, and every fourth from there.
EXTENDED_EVERY = 4


class Chain:
    """The chain as far as it is written; `tip` is its highest canonical block.

    `orphaned_burns` are the heights of the Bitcoin blocks of which a Stacks block was orphaned.
    """

    def __init__(self, cursor: Cursor, random: Random, first_burn_height: int) -> None:
        self._random = random
        self.accounts = Accounts(random)
        self.txs = Transactions(random, self.accounts)
        self.writer = Writer(cursor)
        self.tip = Block("0", 0, 0, 0, 0, None, is_canonical=False)
        self.pools = Pools(self.txs, self.accounts, first_burn_height)
        self.market = Market(self.txs, self.accounts, first_burn_height)
        self.large_transfers = LargeTransfers(self.txs, self.accounts, first_burn_height)
        self._withdrawals, self._names = SbtcWithdrawals(self.market.seller), Names(self.market.seller)
        self._staking = Staking(self.txs, self.accounts)
        self._reward_sets = RewardSets(cursor)
        self._cycle_set = 0
        self._is_endowed = False
        self.orphaned_burns: set[int] = set()
        self._tenures = 0
        self._last_fork_day = 0
        self._rewards = MinerRewards(cursor, self.writer.state)
        micro = "canonical microblock_canonical microblock_hash microblock_sequence microblock_parent_hash"
        places = " index_block_hash parent_index_block_hash block_height parent_block_height parent_block_hash"
        burned = " parent_burn_block_height parent_burn_block_time parent_burn_block_hash block_hash receive_timestamp"
        self._micros = Table(cursor, "microblocks", micro + places + burned)

    def genesis(self, start: int) -> None:
        """Block 0, never canonical, and its transactions, which upstream moves to block 1."""
        block = Block("0", 0, start, 0, start, None, is_canonical=False)
        self.writer.block(block, [], counted=len(self.accounts.founders) // 100)
        self.tip = block
        self._genesis = [self._mints(number) for number in range(len(self.accounts.founders) // 100)]

    def tenure(self, burn: Burn, counts: list[int], pooled_sats: int) -> None:
        """Write the blocks of a Bitcoin block, with so many transactions each; its miners sent sats to the pool."""
        if pooled_sats:
            self._staking.pool(burn.height, pooled_sats)
        if not burn.block_times:
            self._rewards.miss(burn.height)
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
            users.append(self._lock(self.accounts.founders[-(height // LOCK_EVERY)], burn.height))
        if is_first:
            stories = (self.pools, self._staking, self.market, self.large_transfers)
            users += [tx for story in stories for tx in story.due(burn.height)]
        users = self.market.moved_twice(block.height, users) if self._streams(block) else users
        swap_in(height, users, self.accounts)
        self._add_events(block, users)
        placed = self._placed(block, own, users)
        mint_in(block.height, users, self.accounts)
        if self._forks(block):
            self._orphan(block, [*own, *users[: len(users) // 2]])
        self.writer.block(block, self._with_genesis(placed), counted=sum(micro.is_canonical for _, micro in placed))
        if is_first:
            self._rewards.mature(block)
            self._reward_set(block)
            self._rewards.begin(block, own[-1].sender)
        self._rewards.fees(placed)
        self.tip = block

    def _add_events(self, block: Block, users: list[Tx]) -> None:
        """To the first call of the block that succeeds: no transaction more, and nobody takes part who does not."""
        calls = (tx for tx in users if tx.status == SUCCESS and tx.contract in self.accounts.contracts)
        # STX sent in a call that moves an NFT would be its price.
        calls = (tx for tx in calls if all(event.kind != "nft" for event in tx.events))
        place = block.height % EVERY
        if place in (WITHDRAWAL_AT, NAME_AT) and (call := next(calls, None)):
            added = (
                self._withdrawals.events(block.burn_height)
                if place == WITHDRAWAL_AT
                else self._names.events(call.sender)
            )
            call.events = [*call.events, *added]

    def _reward_set(self, block: Block) -> None:
        """The set of the next cycle, with the first tenure of the prepare phase."""
        coming, place = cycle_of(block.burn_height) + 1, (block.height, block.index_hash, block.parent_index_hash)
        if coming == self._cycle_set or not is_in_prepare_phase(block.burn_height):
            return
        self._cycle_set = coming
        if is_waterfall(cycle_start(coming)):
            self._reward_sets.write_signers(place, coming, self._staking.weights(coming))
        else:
            self._reward_sets.write(place, coming, self.writer.state)

    def _lock(self, founder: str, burn_height: int) -> Tx:
        """A founder locks STX for the next cycle; each does it once."""
        if burn_height < POX_5_HEIGHT:
            return self.pools.lock(founder, burn_height)
        return self._staking.lock(founder, LOCKED_USTX, burn_height)

    def _own(self, burn: Burn, index: int) -> list[Tx]:
        """The miner's own transactions: a coinbase, in Nakamoto's tenures after the tenure change."""
        miner = self.accounts.miners[burn.height % len(self.accounts.miners)]
        if index:
            return [self.txs.new(7, miner, cause=TENURE_EXTENDED)] if index % EXTENDED_EVERY == 2 else []
        if burn.is_nakamoto:
            return [self.txs.new(7, miner), self.txs.new(8, miner, events=list(self._endowed(burn.height)))]
        if pays_cold_wallet(burn.height):
            return [self.txs.new(5, miner, recipient=address("cold wallet"))]
        return [self.txs.new(4, miner)]

    def _endowed(self, burn_height: int) -> Iterator[Event]:
        """What a tenure mints to the endowment, with its coinbase; the first one much more."""
        amount = scheduled(ENDOWMENT_USTX, burn_height)
        if amount and not self._is_endowed:
            yield Event("stx", "", MINT, FIRST_ENDOWMENT_USTX, None, ENDOWMENT)
            self._is_endowed = True
        if amount:
            yield Event("stx", "", MINT, amount, None, ENDOWMENT)

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
        lost, other = address(f"lost {block.height}"), self.accounts.founders[0]
        gift = Event("stx", "", sender=other, recipient=lost, value=12)
        alone = self.txs.new(0, other, fee=180, recipient=lost, amount=12, memo=bytes(34), events=[gift])
        token = Event("nft", self.accounts.collections[0], MINT, b"\x01" + hash_of(lost)[:16], None, lost)
        minted = self.txs.new(2, other, fee=400, contract=self.accounts.contracts[0], events=[token])
        self.writer.block(sibling, [(tx, ANCHORED) for tx in (*txs, alone, minted)])
        self._rewards.orphan(sibling, lost)
        self.orphaned_burns.add(block.burn_height)

    def _mints(self, number: int) -> Tx:
        founders = self.accounts.founders[number * 100 : number * 100 + 100]
        events = [Event("stx", "", MINT, GENESIS_USTX, None, founder) for founder in founders]
        return self.txs.new(0, BOOT, recipient=BOOT, amount=0, memo=bytes(34), events=events)

    def _with_genesis(self, placed: list[tuple[Tx, Micro]]) -> list[tuple[Tx, Micro]]:
        genesis, self._genesis = self._genesis, []
        return [*((tx, ANCHORED) for tx in genesis), *placed]

    def _pending(self, block: Block) -> None:
        """A streamed transaction that no block has taken up yet: its index block hash is empty."""
        sender, recipient = self.accounts.founders[:2]
        tx = self.txs.new(0, sender, fee=180, recipient=recipient, amount=1, memo=bytes(34))
        tx.events = [Event("stx", "", value=1, sender=sender, recipient=recipient)]
        self.writer.pending(block, tx, Micro(hash_of("pending micro"), 0))
