"""What happens on made-up chains: events of transactions, rows of blocks and of Bitcoin blocks."""

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stacks_dataverse.network import Network
from tests.second_opinion.chain import CYCLES, Row, Rows
from tests.second_opinion.random_assets import Assets
from tests.second_opinion.random_bitcoin import bitcoin_rows
from tests.second_opinion.random_principals import ACCOUNTS
from tests.second_opinion.random_staking import Staking

TABLES = (
    *("blocks", "txs", "stx_events", "ft_events", "nft_events", "contract_logs", "stx_lock_events", "miner_rewards"),
    *("microblocks", "pox2_events", "pox3_events", "pox4_events", "pox5_events", "pox_cycles", "pox_sets", "pox_state"),
    *("burnchain_rewards", "burn_block_pox_txs", "burn_blocks"),
)
PLACE = ("index_block_hash", "canonical", "microblock_canonical", "microblock_sequence", "tx_id", "tx_index")


class Events:
    """Adds events to the tables of a chain; what happened on the canonical side decides what can happen next."""

    def __init__(self, dice: random.Random, tables: dict[str, Rows], network: Network) -> None:
        self.dice, self.tables, self.network = dice, tables, network
        self.assets, self.staking = Assets(dice), Staking(dice, network)
        self.hashes: list[bytes] = []
        self.cycle = 0

    @contextmanager
    def on(self, row: Row) -> Iterator[None]:
        """What happens meanwhile is forgotten, unless the block or transaction is canonical."""
        kept = copy.deepcopy((self.assets.state, self.staking.state))
        self.staking.burn_height = row.get("burn_block_height", self.staking.burn_height)
        yield
        if not (row["canonical"] and row.get("microblock_canonical", True)):
            self.assets.state, self.staking.state = kept

    def of_tx(self, tx: Row) -> int:
        """Add the events of a successful transaction; returns their number."""
        happened: list[tuple[str, Row]] = []
        with self.on(tx):
            if tx["type_id"] == 0:
                if tx["sender_address"] != tx["token_transfer_recipient_address"]:
                    happened.append(self.assets.transfer(tx["sender_address"], tx["token_transfer_recipient_address"]))
            elif tx["type_id"] == 2:
                for _ in range(self.dice.choice((0, 1, 1, 2, 4))):
                    happened += self.dice.choice((self.assets.some, self.assets.some, self.staking.some))(tx)
            elif self.dice.random() < 0.1:
                happened.append(self.assets.mint())
        for index, (table, row) in enumerate(happened):
            self.tables[table].append({name: tx[name] for name in PLACE} | {"event_index": index} | row)
        return len(happened)

    def of_block(self, block: Row) -> None:
        """Add rewards that mature, microblocks, and the reward set of a cycle."""
        flags = {name: block[name] for name in ("index_block_hash", "canonical")}
        for recipient in self.dice.sample(ACCOUNTS, self.dice.choice((0, 0, 1, 2))):
            self.tables["miner_rewards"].append(flags | self._reward(block, recipient))
        for number in range(self.dice.choice((0, 0, 0, 1, 2))):
            microblock = {"microblock_canonical": self.dice.random() < 0.7}
            microblock["microblock_hash"] = block["index_block_hash"][number:] + bytes(number)
            self.tables["microblocks"].append(flags | microblock)
        if block["canonical"]:
            self.hashes.append(block["index_block_hash"])
        cycle = self.network.cycle_of(block["burn_block_height"]) + 1
        if cycle > self.cycle and self.dice.random() < 0.5:
            self.cycle = cycle if block["canonical"] else self.cycle
            self._reward_set(flags, cycle)

    def _reward(self, block: Row, recipient: str) -> Row:
        parts = ("coinbase_amount", "tx_fees_anchored", "tx_fees_streamed_confirmed", "tx_fees_streamed_produced")
        return {
            "from_index_block_hash": self.dice.choice([block["index_block_hash"], *self.hashes]),
            "mature_block_height": block["block_height"],
            "recipient": recipient,
            "miner_address": self.dice.choice((None, recipient, self.dice.choice(ACCOUNTS))),
        } | {part: self.dice.choice((0, self.dice.randrange(10**9))) for part in parts}

    def _reward_set(self, flags: Row, cycle: int) -> None:
        keys = self.dice.sample([bytes([2, key]) for key in range(6)], self.dice.randrange(5))
        amounts = [self.dice.randrange(1, 10**12) for _ in keys]
        sums = {"cycle_number": cycle, "total_stacked_amount": sum(amounts), "total_signers": len(keys)}
        self.tables["pox_cycles"].append(flags | sums)
        for key, amount in zip(keys, amounts, strict=True):
            signer = {"signing_key": key, "weight": self.dice.choice((1, 2, 3, 7)), "stacked_amount": amount}
            self.tables["pox_sets"].append(flags | signer | {"cycle_number": cycle, "pox_ustx_threshold": 90_000})

    def pox_state(self) -> Row:
        """The API's present state of PoX, of a newer or of an older version of it."""
        heights: Row = {f"pox_v{n}_unlock_height": self.dice.choice((None, 0, 110, 125, 140)) for n in (1, 2, 3, 4)}
        cycles: tuple[Any, ...] = self.dice.choice(((100, 10, 3), (100, 6, 2), (None, None, None)))
        if all(cycles):
            self.staking.network = self.network.with_cycles(*cycles)
        return heights | dict(zip(CYCLES, cycles, strict=True))

    def bitcoin(self, heights: range, blocks: Rows) -> None:
        """Add what miners sent in Bitcoin blocks."""
        for table, rows in bitcoin_rows(self.dice, heights, blocks).items():
            self.tables[table] += rows
