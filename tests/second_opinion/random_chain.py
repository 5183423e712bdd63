"""Small chains made up by a seed: forks, microblocks, failed transactions, empty days, and days that no height cuts."""

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from stacks_dataverse.network import STX, Network
from tests.second_opinion.chain import Chain, Row, Rows
from tests.second_opinion.random_bitcoin import commit
from tests.second_opinion.random_events import TABLES, Events
from tests.second_opinion.random_principals import ACCOUNTS, CONTRACTS, PRINCIPALS

FIRST_DAY = date(2024, 2, 27)
ANCHORED = 2**31 - 1
SOURCES = ("(ok true)", "(ok true) ;; \u00e9", "", "(define-data-var x uint u0)")
TYPES = (0, 0, 1, *(2,) * 9, 3, 6, 7, 9)
BURN_SECONDS = 8_000


def hashed(*parts: Any) -> bytes:
    """32 bytes of their own."""
    return hashlib.sha256(repr(parts).encode()).digest()


class RandomChain:
    """A chain of a few days by a seed, as the rows of a Stacks database."""

    def __init__(self, seed: int, days: int = 3) -> None:
        self.dice = random.Random(seed)
        self.days = [FIRST_DAY + timedelta(days=number) for number in range(days)]
        pox_5 = self.dice.choice((100, 105, 118, 130, 10_000))
        schedule = {0: 1_000 * STX, 112: 500 * STX, 120: 62_500_000}
        self.network = Network(100, 10, 3, pox_5, schedule)
        self.tables: dict[str, Rows] = {name: [] for name in TABLES}
        self.events = Events(self.dice, self.tables, self.network)
        self.numbers = {"tx": 0, "contract": 0}
        self._grow()

    def chain(self) -> Chain:
        """The same for a second opinion."""
        return Chain(self.tables, self.days, self.network)

    def _grow(self) -> None:
        """Add blocks one upon another, now and then with a sibling that is orphaned, or a day later."""
        start = int(datetime.combine(self.days[0], datetime.min.time(), UTC).timestamp())
        end = start + len(self.days) * 86_400
        parent, burn, time = hashed("genesis"), 100, start
        self.tables["pox_state"].append(self.events.pox_state())
        for height in range(1, 1000):
            more = self.dice.choice((*(0, 0, 1, 1, 1, 2, 4) * 4, 12)) if height > 1 else 0
            burn, earliest = burn + more, start if more else time + 1
            # Time may run back from one Bitcoin block to the next, and not within a tenure.
            time = max(earliest, start + (burn - 100) * BURN_SECONDS + self.dice.randrange(-4_000, 4_000))
            if time >= end:
                break
            if self.dice.random() < 0.2:
                self._block(height, parent, burn + self.dice.choice((0, 0, 1)), time, is_canonical=False)
            parent = self._block(height, parent, burn, time, is_canonical=True)
        self.events.bitcoin(range(100, burn + 4), self.tables["blocks"])
        self.tables["blocks"].append(self._header(0, hashed("none"), 99, start, is_canonical=False))

    def _header(self, height: int, parent: bytes, burn: int, time: int, is_canonical: bool) -> Row:
        has_own_time = self.dice.random() < 0.7
        costs = ("runtime", "read_count", "read_length", "write_count", "write_length")
        side = "" if is_canonical else f"orphan {burn}"
        return {
            "index_block_hash": hashed("block", height, side),
            "parent_index_block_hash": parent,
            "block_height": height,
            "burn_block_height": burn,
            "burn_block_hash": hashed("burn", burn, side if self.dice.random() < 0.3 and side else ""),
            "burn_block_time": time - self.dice.randrange(3_000) if has_own_time else time,
            "block_time": time if has_own_time else 0,
            "miner_txid": commit(burn, self.dice.randrange(2)),
            "canonical": is_canonical,
            "tx_count": 0,
            "tx_total_size": self.dice.choice((None, self.dice.randrange(5_000))),
        } | {f"execution_cost_{name}": self.dice.randrange(1_000) for name in costs}

    def _block(self, height: int, parent: bytes, burn: int, time: int, is_canonical: bool) -> bytes:
        earlier = [row["burn_block_hash"] for row in self.tables["blocks"] if row["burn_block_height"] == burn]
        block = self._header(height, parent, burn, time, is_canonical)
        if is_canonical and earlier and self._began(burn):
            block["burn_block_hash"] = self._began(burn)["burn_block_hash"]
        is_first = not self._began(burn)
        self.tables["blocks"].append(block)
        with self.events.on(block):
            count, streamed = self.dice.choice((0, 2, 4, 8)), self.dice.choice((0, 0, 1, 2))
            for sequence in sorted(self.dice.randrange(3) for _ in range(streamed)):
                self._tx(block, sequence, None)
            for index in range(count + is_first):
                self._tx(block, ANCHORED, self.dice.choice((4, 5, 8)) if index == 0 and is_first else None)
        self.events.of_block(block)
        return bytes(block["index_block_hash"])

    def _began(self, burn: int) -> Any:
        return next((b for b in self.tables["blocks"] if b["canonical"] and b["burn_block_height"] == burn), None)

    def _tx(self, block: Row, sequence: int, coinbase: int | None) -> None:
        dice = self.dice
        kind = coinbase or dice.choice(TYPES)
        self.numbers["tx"] += 1
        tx = {
            "index_block_hash": block["index_block_hash"],
            "canonical": block["canonical"],
            "microblock_canonical": sequence == ANCHORED or dice.random() < 0.6,
            "microblock_sequence": sequence,
            "tx_id": hashed("tx", self.numbers["tx"]),
            "tx_index": self.numbers["tx"] % 30_000,
            "type_id": kind,
            "status": 1 if coinbase else dice.choice((1, 1, 1, 1, 1, -1, -2, -3, 7)),
            "fee_rate": dice.choice((0, 1, 180, 3_000, 10**6, dice.randrange(10**4))),
            "sender_address": dice.choice(ACCOUNTS),
            "sponsored": dice.random() < 0.2,
            "sponsor_address": None,
            "nonce": self.numbers["tx"],
            "sponsor_nonce": None,
            "event_count": 0,
            "raw_tx": dice.choice((b"", bytes(dice.randrange(1, 300)), bytes(180))),
        }
        if tx["sponsored"]:
            tx |= {"sponsor_address": dice.choice(ACCOUNTS), "sponsor_nonce": 1}
        self.tables["txs"].append(tx | self._payload(kind, tx))
        if tx["status"] == 1:
            self.tables["txs"][-1]["event_count"] = self.events.of_tx(self.tables["txs"][-1])

    def _payload(self, kind: int, tx: Row) -> Row:
        self.numbers["contract"] += 1
        deployed = f"{tx['sender_address']}.contract-{self.numbers['contract']}"
        of: dict[Sequence[int], Row] = {
            (0,): {"token_transfer_recipient_address": self.dice.choice(PRINCIPALS)},
            (1, 6): {"smart_contract_contract_id": deployed, "smart_contract_source_code": self.dice.choice(SOURCES)},
            (2,): {"contract_call_contract_id": self.dice.choice(CONTRACTS), "contract_call_function_name": "f"},
            (7,): {"tenure_change_cause": self.dice.choice((0, 0, 1, 2, 3, 4, 5, 6, 7, None))},
        }
        payload: Row = dict.fromkeys(name for some in of.values() for name in some)
        payload["smart_contract_clarity_version"] = self.dice.randrange(1, 5) if kind == 6 else None
        return payload | next((some for kinds, some in of.items() if kind in kinds), {})
