"""What waits to be mined when the sample ends, and what no longer does: mined, replaced or dropped."""

from collections.abc import Iterator

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.chain import Chain
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.tx import Tx
from scripts.local.sample_chain.writer import hash_of

PENDING, REPLACED, TOO_EXPENSIVE, STALE, PROBLEMATIC = 0, -10, -12, -13, -15
TRANSFERS, CALLS, SPONSORED_EVERY, RECEIVED_EVERY_SECONDS = 17, 9, 5, 45

# Bytes of a signed transaction, about as on mainnet.
SIZES = {0: 180, 1: 1900, 2: 420, 6: 2300}

COLUMNS = (
    "pruned status tx_id replaced_by_tx_id type_id nonce fee_rate sponsored sponsor_address sponsor_nonce"
    " sender_address raw_tx receipt_time receipt_block_height token_transfer_recipient_address token_transfer_amount"
    " token_transfer_memo smart_contract_clarity_version smart_contract_contract_id smart_contract_source_code"
    " contract_call_contract_id contract_call_function_name contract_call_function_args"
)

# Transactions of the last blocks were waiting before.
MINED = """
    INSERT INTO mempool_txs (pruned, status, tx_id, type_id, anchor_mode, post_conditions, nonce, fee_rate, sponsored,
        sponsor_address, sponsor_nonce, sender_address, origin_hash_mode, raw_tx, receipt_time, receipt_block_height,
        token_transfer_recipient_address, token_transfer_amount, token_transfer_memo, contract_call_contract_id,
        contract_call_function_name, contract_call_function_args)
    SELECT true, 0, tx_id, type_id, anchor_mode, post_conditions, nonce, fee_rate, sponsored,
        sponsor_address, sponsor_nonce, sender_address, origin_hash_mode, raw_tx, block_time - 30, block_height - 1,
        token_transfer_recipient_address, token_transfer_amount, token_transfer_memo, contract_call_contract_id,
        contract_call_function_name, contract_call_function_args
    FROM txs WHERE canonical AND microblock_canonical AND type_id IN (0, 2) AND index_block_hash <> ''
    ORDER BY block_height DESC, tx_index LIMIT 20
"""


class Mempool:
    """Writes mempool_txs; `waiting` is how many transactions wait."""

    def __init__(self, cursor: Cursor, chain: Chain) -> None:
        fixed = {"anchor_mode": 3, "origin_hash_mode": 0, "post_conditions": b"\x02\0\0\0\0"}
        self._cursor, self._chain = cursor, chain
        self._table = Table(cursor, "mempool_txs", COLUMNS, **fixed)
        self._received = 0
        self.waiting = 0

    def write(self) -> None:
        """Write all rows."""
        waiting = list(self._sent())
        for tx in waiting:
            self._add(tx)
        self._dropped(waiting)
        self._table.flush()
        self._cursor.execute(MINED)

    def _sent(self) -> Iterator[Tx]:
        """Transfers of ascending fees, calls and deployments; some of them sponsored."""
        txs, accounts = self._chain.txs, self._chain.accounts
        founders = accounts.founders
        for number in range(TRANSFERS):
            sponsor = founders[150 + number] if number % SPONSORED_EVERY == 1 else None
            yield txs.new(0, founders[100 + number], fee=180 * (number + 1), sponsor=sponsor,
                          recipient=founders[number], amount=1_000_000 + number, memo=bytes(34))  # fmt: skip
        for number in range(CALLS):
            sponsor = founders[150 + number] if number % SPONSORED_EVERY == 1 else None
            contract = accounts.contracts[number % len(accounts.contracts)]
            yield txs.new(2, founders[120 + number], fee=3_000 + 500 * number, sponsor=sponsor, contract=contract)
        for type_id in (1, 6):
            sender = founders[140 + type_id]
            yield txs.new(type_id, sender, fee=20_000, contract=f"{sender}.waiting-{type_id}")

    def _dropped(self, waiting: list[Tx]) -> None:
        """One that a waiting one replaced, with the same nonce and a lesser fee; others for other reasons."""
        txs, founders, by = self._chain.txs, self._chain.accounts.founders, waiting[0]
        self._add(_replaced(by), REPLACED, by.tx_id)
        for number, status in enumerate((TOO_EXPENSIVE, STALE, PROBLEMATIC)):
            sender = founders[160 + number]
            tx = txs.new(0, sender, fee=150, recipient=founders[0], amount=5, memo=bytes(34))
            self._add(tx, status)

    def _add(self, tx: Tx, status: int = PENDING, replaced_by: bytes | None = None) -> None:
        is_waiting, is_deployment, is_call = status == PENDING, tx.type_id in (1, 6), tx.type_id == 2
        self.waiting += is_waiting
        self._received += 1
        tip = self._chain.tip
        self._table.add(
            not is_waiting, status, tx.tx_id, replaced_by, tx.type_id, tx.nonce, tx.fee, tx.sponsor is not None,
            tx.sponsor, tx.sponsor_nonce, tx.sender, (tx.tx_id * 72)[: SIZES[tx.type_id] + self._received % 7],
            tip.time - self._received * RECEIVED_EVERY_SECONDS, tip.height - self._received % 4, tx.recipient,
            tx.amount, tx.memo, 3 if tx.type_id == 6 else None, tx.contract if is_deployment else None,
            "(ok true)" if is_deployment else None, tx.contract if is_call else None, "run" if is_call else None,
            bytes(4) if is_call else None,
        )  # fmt: skip


def _replaced(by: Tx) -> Tx:
    return Tx(hash_of("replaced"), by.type_id, by.sender, by.fee // 2, nonce=by.nonce, recipient=by.recipient,
              amount=by.amount, memo=by.memo)  # fmt: skip
