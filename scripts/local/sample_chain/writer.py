"""Blocks, transactions and events as rows, and the state that the canonical ones leave."""

import hashlib
from dataclasses import dataclass, field, replace

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.balances import STX
from scripts.local.sample_chain.chain_state import ChainState, Lock
from scripts.local.sample_chain.pox5_events import STAKING, Pox5Events, Printed
from scripts.local.sample_chain.pox_events import PoxCall, PoxEvents
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.tx import SUCCESS, Event, Tx

IN_ANCHOR_BLOCK = 2_147_483_647
NO_MICROBLOCK = b""
ZEROS = bytes(32)

# Clarity's `(ok true)` and `(err u1)`.
OK, ERROR = b"\x07\x03", b"\x08\x01" + (1).to_bytes(16, "big")

# A microblock's transactions keep the wall clock of the API that saw them: 2026-01-01.
WALL_CLOCK = 1_767_225_600

PLACE = "tx_id tx_index block_height index_block_hash parent_index_block_hash microblock_hash microblock_sequence"
FLAGS = " microblock_canonical canonical"
ASSET = "event_index " + PLACE + FLAGS + " asset_event_type_id"

TXS = (
    "tx_id tx_index index_block_hash block_hash block_height parent_block_hash parent_index_block_hash"
    " burn_block_time parent_burn_block_time burn_block_height block_time type_id status canonical"
    " microblock_canonical microblock_hash microblock_sequence nonce fee_rate sponsored sponsor_address"
    " sponsor_nonce sender_address event_count raw_tx raw_result token_transfer_recipient_address token_transfer_amount"
    " token_transfer_memo smart_contract_clarity_version smart_contract_contract_id smart_contract_source_code"
    " contract_call_contract_id contract_call_function_name contract_call_function_args coinbase_payload"
    " coinbase_alt_recipient coinbase_vrf_proof poison_microblock_header_1 poison_microblock_header_2"
    " tenure_change_tenure_consensus_hash tenure_change_prev_tenure_consensus_hash"
    " tenure_change_burn_view_consensus_hash tenure_change_previous_tenure_end"
    " tenure_change_previous_tenure_blocks tenure_change_cause tenure_change_pubkey_hash"
)
BLOCKS = (
    "index_block_hash block_hash block_height burn_block_time burn_block_hash burn_block_height miner_txid"
    " parent_index_block_hash parent_block_hash parent_microblock_hash parent_microblock_sequence canonical"
    " tx_count block_time signer_bitvec tenure_height tx_total_size"
)
# What each transaction costs, whatever it does; a block costs their sum.
TX_COSTS = {
    "execution_cost_read_count": 3,
    "execution_cost_read_length": 700,
    "execution_cost_runtime": 20_000,
    "execution_cost_write_count": 2,
    "execution_cost_write_length": 90,
}


def hash_of(text: str) -> bytes:
    """The 32-byte hash of a name."""
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True)
class Block:
    """A Stacks block; `name` tells two blocks of one height apart."""

    name: str
    height: int
    time: int
    burn_height: int
    burn_time: int
    parent: "Block | None"
    is_canonical: bool = True
    is_nakamoto: bool = False
    is_outside: bool = False
    tenure: int = 0

    @property
    def index_hash(self) -> bytes:
        return b"" if self.is_outside else hash_of(f"index block {self.name}")

    @property
    def parent_index_hash(self) -> bytes:
        return self.parent.index_hash if self.parent else ZEROS

    @property
    def block_hash(self) -> bytes:
        return hash_of(f"block {self.name}")

    @property
    def parent_block_hash(self) -> bytes:
        return self.parent.block_hash if self.parent else ZEROS


@dataclass(frozen=True)
class Micro:
    """The microblock that held a transaction, if any."""

    hash: bytes = NO_MICROBLOCK
    sequence: int = IN_ANCHOR_BLOCK
    is_canonical: bool = True


ANCHORED = Micro()


@dataclass
class Writer:
    """Writes what it is given, and keeps the state of the canonical chain."""

    cursor: Cursor
    state: ChainState = field(default_factory=ChainState)

    def __post_init__(self) -> None:
        def table(name: str, columns: str, **constants: object) -> Table:
            return Table(self.cursor, name, columns, **constants)

        self.blocks = table("blocks", f"{BLOCKS} {' '.join(TX_COSTS)}")
        fixed = {"post_conditions": b"\x02\0\0\0\0", "origin_hash_mode": 0, "anchor_mode": 3}
        self.txs = table("txs", TXS, **fixed, **TX_COSTS)
        self.stx = table("stx_events", f"{ASSET} amount sender recipient memo")
        self.ft = table("ft_events", f"{ASSET} asset_identifier amount sender recipient")
        self.nft = table("nft_events", f"{ASSET} asset_identifier value sender recipient")
        self.log = table("contract_logs", f"event_index {PLACE}{FLAGS} contract_identifier value", topic="print")
        self.pox = PoxEvents(self.cursor, f"event_index {PLACE}{FLAGS}")
        self.pox5 = Pox5Events(self.cursor, f"event_index {PLACE}{FLAGS}")
        contract = PLACE.replace(" tx_index", "") + FLAGS
        self.contracts = table(
            "smart_contracts", f"{contract} contract_id clarity_version", source_code="(ok true)", abi="null"
        )

    def flush(self) -> None:
        """Send all rows that wait."""
        for table in vars(self).values():
            if isinstance(table, Table | PoxEvents | Pox5Events):
                table.flush()

    def block(self, block: Block, txs: list[tuple[Tx, Micro]], counted: int | None = None) -> None:
        """Write a block with its transactions; `counted` is what it says of their number when that is wrong."""
        streamed = [micro for _, micro in txs if micro.is_canonical and micro is not ANCHORED]
        last = streamed[-1] if streamed else Micro(ZEROS, 0)
        counted = sum(micro.is_canonical for _, micro in txs) if counted is None else counted
        # Upstream leaves the transactions that it moved from block 0 out of the chain's count too.
        self.state.tx_count += counted if block.is_canonical else 0
        self.blocks.add(
            block.index_hash, block.block_hash, block.height, block.burn_time,
            hash_of(f"burn {block.burn_height}"), block.burn_height, hash_of(f"commit {block.burn_height}"),
            block.parent_index_hash, block.parent_block_hash, last.hash, last.sequence,
            block.is_canonical, counted, block.time,
            "1011" if block.is_nakamoto else None, block.tenure if block.is_nakamoto else None,
            sum(len(_raw_tx(tx)) for tx, micro in txs if micro.is_canonical),
            *(cost * sum(micro.is_canonical for _, micro in txs) for cost in TX_COSTS.values()),
        )  # fmt: skip
        for index, (tx, micro) in enumerate(txs):
            self.tx(block, tx, micro, index)

    def pending(self, block: Block, tx: Tx, micro: Micro) -> None:
        """Write a streamed transaction that is in no block: canonical by its flags, and counted nowhere."""
        state, self.state = self.state, ChainState()
        self.tx(replace(block, is_outside=True), tx, micro, 0)
        self.state = state

    def tx(self, block: Block, tx: Tx, micro: Micro, index: int) -> None:
        """Write a transaction and its events at their place in a block."""
        self.txs.add(*_tx_row(block, tx, micro, index))
        flags = (micro.is_canonical, block.is_canonical)
        place = (tx.tx_id, index, block.height, block.index_hash, block.parent_index_hash, micro.hash, micro.sequence)
        if tx.type_id in (1, 6):
            version = None if tx.type_id == 1 else 3
            self.contracts.add(tx.tx_id, *place[2:], *flags, tx.contract, version)
        for number, event in enumerate(tx.events):
            if event.kind != "lock":
                self._event(event, (number, *place, *flags))
        if tx.pox:
            self._pox(block, tx, tx.pox, (0, *place, *flags), is_counted=block.is_canonical and micro.is_canonical)
        for printed in tx.pox5:
            self._pox5(block, tx, micro, printed, (*place, *flags))
        if block.is_canonical and micro.is_canonical:
            self._update_state(tx, place)

    def _event(self, event: Event, place: tuple[object, ...]) -> None:
        kind, asset, action, value, sender, recipient, memo = event
        if kind == "stx":
            self.stx.add(*place, action, value, sender, recipient, memo)
        elif kind == "ft":
            self.ft.add(*place, action, asset, value, sender, recipient)
        elif kind == "nft":
            self.nft.add(*place, action, asset, value, sender, recipient)
        else:
            self.log.add(*place, asset, value)

    def _pox(self, block: Block, tx: Tx, call: PoxCall, place: tuple[object, ...], *, is_counted: bool) -> None:
        fee = tx.fee if tx.sender == call.stacker else 0
        liquid = self.state.balances.get((call.stacker, STX), 0) - fee - call.locked
        self.pox.call(place, call, liquid, block.burn_height)
        if is_counted and (call.is_lock or call.name == "handle-unlock"):
            self.state.locked[call.stacker] = Lock(
                call.locked, call.unlock, tx.tx_id, block.height, block.burn_height, call.version, call.signer
            )

    def _pox5(self, block: Block, tx: Tx, micro: Micro, printed: Printed, event_place: tuple[object, ...]) -> None:
        place = (
            *(tx.tx_id, event_place[1], block.height, block.block_hash, block.time, block.index_hash),
            *(block.parent_block_hash, block.parent_index_hash, block.burn_height, block.burn_time),
            *(micro.hash, micro.sequence, micro.is_canonical, block.is_canonical),
        )
        self.pox5.add(place, event_place, printed)
        if printed.name in STAKING and block.is_canonical and micro.is_canonical:
            data = printed.data
            self.state.locked[data["staker"]] = Lock(
                data["amount_ustx"], data["unlock_burn_height"], tx.tx_id, block.height,
                block.burn_height, 5, manager=data["signer"],
            )  # fmt: skip

    def _update_state(self, tx: Tx, place: tuple[object, ...]) -> None:
        if tx.fee:
            self.state.fee(tx.sponsor or tx.sender, tx.fee)
        for number, event in enumerate(tx.events):
            if event.kind in ("stx", "ft"):
                token = STX if event.kind == "stx" else event.asset
                self.state.move(token, int(event.value), event.sender, event.recipient)  # type: ignore[arg-type]
            elif event.kind == "nft":
                self.state.custody[event.asset, event.value] = (event.recipient, *place, number)  # type: ignore[index]


def _raw_tx(tx: Tx) -> bytes:
    return tx.tx_id * 6


def _tx_row(block: Block, tx: Tx, micro: Micro, index: int) -> tuple[object, ...]:
    parent = block.parent
    is_call, is_deployment, is_tenure = tx.type_id == 2, tx.type_id in (1, 6), tx.type_id == 7
    is_coinbase, is_poison, seal = tx.type_id in (4, 5, 8), tx.type_id == 3, hash_of(f"tenure {block.burn_height}")
    return (
        tx.tx_id, index, block.index_hash, block.block_hash, block.height,
        block.parent_block_hash, block.parent_index_hash,
        block.burn_time, parent.burn_time if parent else 0, block.burn_height,
        block.time if micro is ANCHORED else WALL_CLOCK, tx.type_id, tx.status, block.is_canonical,
        micro.is_canonical, micro.hash, micro.sequence, tx.nonce, tx.fee, tx.sponsor is not None, tx.sponsor,
        tx.sponsor_nonce, tx.sender, len(tx.events), _raw_tx(tx), OK if tx.status == SUCCESS else ERROR,
        tx.recipient if tx.type_id == 0 else None, tx.amount, tx.memo,
        3 if tx.type_id == 6 else None, tx.contract if is_deployment else None, "(ok true)" if is_deployment else None,
        tx.contract if is_call else None, "run" if is_call else None, bytes(4) if is_call else None,
        ZEROS if is_coinbase else None, tx.recipient if tx.type_id == 5 else None,
        bytes(80) if tx.type_id == 8 else None, ZEROS if is_poison else None, ZEROS if is_poison else None,
        *((seal[:20], seal[:20], seal[:20], seal, 1, tx.cause, seal[:20]) if is_tenure else (None,) * 7),
    )  # fmt: skip
