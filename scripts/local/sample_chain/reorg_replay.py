"""Which transactions of a fork's losing side the winning side mines again, and where.

Some it leaves out, and all that an earlier fork brought; some it mines later, on top, but no lock of PoX-4 after its
end; and with them goes whatever could not have been mined without them: the sender's next transactions, and what
no account could pay or give any more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.recomputed import CANONICAL, holdings
from scripts.local.sample_chain.reorg_siblings import Sibling
from scripts.local.sample_chain.sbtc import LOCKED, SIGNERS, TOKEN
from scripts.local.sample_chain.timeline import POX_5_HEIGHT

SHARE_LEFT_OUT, SHARE_LATE = 0.15, 0.15

# What the miners themselves send.
OWN_TYPES = {4, 5, 7, 8}

Owners = dict[tuple[str, bytes], str | None]


@dataclass
class OrphanedTx:
    """A transaction of the losing side, and what it would move: payments, and tokens."""

    tx_id: bytes
    height: int
    sender: str
    payer: str
    fee: int
    is_kept: bool
    is_of_fork: bool
    is_of_pox_4: bool
    payments: list[tuple[str, int, str | None, str | None]] = field(default_factory=list)
    tokens: list[tuple[str, bytes, str | None, str | None]] = field(default_factory=list)


class Holdings:
    """What everybody has at some point of a chain: amounts by address and token, and who owns which NFT."""

    def __init__(self, amounts: Mapping[tuple[str, str], int], owners: Owners) -> None:
        self._amounts: dict[tuple[str, str], int] = defaultdict(int, amounts)
        self._owners = owners

    def take(self, tx: OrphanedTx) -> bool:
        """Execute a transaction, or nothing of it; return whether it can be."""
        payments = [("stx", tx.fee, tx.payer, None), *tx.payments]
        owners = {(asset, value): self._owners.get((asset, value)) for asset, value, _, _ in tx.tokens}
        unpaid = [payment for payment in payments if not self._pay(*payment)]
        unowned = [move for move in tx.tokens if not self._give(*move)]
        if tx.is_kept or not (unpaid or unowned):
            return True
        for token, amount, sender, recipient in payments:
            self._pay(token, amount, recipient, sender)
        self._owners.update(owners)
        return False

    def _pay(self, token: str, amount: int, sender: str | None, recipient: str | None) -> bool:
        if recipient:
            self._amounts[recipient, token] += amount
        if sender:
            self._amounts[sender, token] -= amount
        return not sender or self._amounts[sender, token] >= 0

    def _give(self, asset: str, value: bytes, sender: str | None, recipient: str | None) -> bool:
        is_owner = self._owners.get((asset, value)) == sender
        self._owners[asset, value] = recipient
        return is_owner


def plan_replay(cursor: Cursor, random: Random, siblings: Sequence[Sibling], up_to: int) -> dict[bytes, list[bytes]]:
    """Return the transactions that each sibling mines again, in their order, by its index block hash.

    Args:
        up_to: only transactions of losing blocks up to this height are left out, or mined later, at random.
    """
    by_height = {sibling.like.height: sibling.block.index_hash for sibling in siblings if not sibling.is_on_top}
    replayed: dict[bytes, list[bytes]] = {sibling.block.index_hash: [] for sibling in siblings}
    held = _holdings_below(cursor, siblings[0].block.height)
    barred: set[str] = set()
    waiting: list[OrphanedTx] = []
    senders_waiting: set[str] = set()
    has_pox_4_on_top = siblings[-1].block.burn_height < POX_5_HEIGHT
    for tx in _read(cursor, siblings):
        draw = 1.0 if tx.is_kept or tx.height > up_to else random.random()
        if tx.is_kept:
            held.take(tx)
            replayed[by_height[tx.height]].append(tx.tx_id)
        elif tx.is_of_fork or draw < SHARE_LEFT_OUT or tx.sender in barred:
            barred.add(tx.sender)
        elif draw < SHARE_LEFT_OUT + SHARE_LATE or tx.sender in senders_waiting or not held.take(tx):
            senders_waiting.add(tx.sender)
            if tx.is_of_pox_4 and not has_pox_4_on_top:
                barred.add(tx.sender)
            else:
                waiting.append(tx)
        else:
            replayed[by_height[tx.height]].append(tx.tx_id)
    replayed[siblings[-1].block.index_hash] += [tx.tx_id for tx in waiting if held.take(tx)]
    return replayed


def _holdings_below(cursor: Cursor, height: int) -> Holdings:
    cursor.execute(holdings(f"b.block_height < {height}"))
    amounts = {(address, token): int(amount) for address, token, amount in cursor.fetchall()}
    cursor.execute(f"""
        SELECT DISTINCT ON (asset_identifier, value) asset_identifier, value, recipient
        FROM nft_events AS t {CANONICAL} AND b.block_height < {height}
        ORDER BY 1, 2, t.block_height DESC, microblock_sequence DESC, tx_index DESC, event_index DESC
    """)
    return Holdings(amounts, {(asset, bytes(value)): owner for asset, value, owner in cursor.fetchall()})


def _read(cursor: Cursor, siblings: Sequence[Sibling]) -> list[OrphanedTx]:
    """All canonical transactions of the losing blocks; kept is what later rewards stand on: calls of PoX, and sBTC
    but withdrawals of it.

    Not the only call of a stacker of PoX-4, nor any that an earlier fork brought.
    """
    heights = (siblings[0].like.height, siblings[-1].like.height)
    cursor.execute(TXS_SQL, heights)
    txs = {
        bytes(tx_id): OrphanedTx(bytes(tx_id), height, sender, payer, fee, type_id in OWN_TYPES or is_kept, *flags)
        for tx_id, height, type_id, sender, payer, fee, is_kept, *flags in cursor.fetchall()
    }
    cursor.execute(MOVES_SQL, heights * 3)
    for tx_id, token, amount, value, sender, recipient in cursor.fetchall():
        tx = txs[bytes(tx_id)]
        if value is None:
            tx.payments.append((token, int(amount), sender, recipient))
        else:
            tx.tokens.append((token, bytes(value), sender, recipient))
    return list(txs.values())


TXS_SQL = f"""
    WITH fork_accounts AS (SELECT sender_address FROM txs WHERE contract_call_contract_id LIKE '%%.fork-%%')
    SELECT tx_id, b.block_height, type_id, sender_address, COALESCE(sponsor_address, sender_address), fee_rate,
           sender_address NOT IN (TABLE fork_accounts) AND (tx_id IN (
               SELECT p.tx_id FROM pox3_events AS p UNION
               SELECT p.tx_id FROM pox5_events AS p UNION
               (SELECT p.tx_id FROM ft_events AS p WHERE asset_identifier = '{TOKEN}' EXCEPT
                SELECT p.tx_id FROM ft_events AS p WHERE asset_identifier = '{LOCKED}') UNION
               SELECT p.tx_id FROM stx_events AS p WHERE recipient = '{SIGNERS}' UNION
               SELECT p.tx_id FROM pox4_events AS p WHERE name <> 'stack-stx' OR EXISTS (
                   SELECT FROM pox4_events AS other WHERE other.stacker = p.stacker AND other.tx_id <> p.tx_id))),
           sender_address IN (TABLE fork_accounts)
           OR COALESCE(token_transfer_recipient_address IN (TABLE fork_accounts), false),
           tx_id IN (SELECT p.tx_id FROM pox4_events AS p)
    FROM txs AS t {CANONICAL} AND b.block_height BETWEEN %s AND %s
    ORDER BY b.block_height, microblock_sequence, tx_index
"""

MOVES_SQL = f"""
    SELECT tx_id, 'stx' AS token, amount, NULL::bytea AS value, t.sender, t.recipient, event_index
    FROM stx_events AS t {CANONICAL} AND b.block_height BETWEEN %s AND %s
    UNION ALL
    SELECT tx_id, asset_identifier, amount, NULL, t.sender, t.recipient, event_index
    FROM ft_events AS t {CANONICAL} AND b.block_height BETWEEN %s AND %s
    UNION ALL
    SELECT tx_id, asset_identifier, NULL, value, t.sender, t.recipient, event_index
    FROM nft_events AS t {CANONICAL} AND b.block_height BETWEEN %s AND %s
    ORDER BY tx_id, event_index
"""
MOVES_SQL = f"SELECT tx_id, token, amount, value, sender, recipient FROM ({MOVES_SQL}) AS moves"
