"""What is sold of NFTs, and what is paid for their mints."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.second_opinion.chain import BURN, MINT, TRANSFER, Chain, Row, Rows, group, is_account, place

Token = tuple[str, bytes]


def token_of(row: Row) -> Token:
    """What a move moved."""
    return row["asset_identifier"], row["value"]


@dataclass(frozen=True)
class Receipt:
    """A token that a call gave to a principal: who sent it first, who had deposited it, and what was paid."""

    move: Row
    seller: str
    buyer: str
    depositor: str | None
    deposited_today: str | None
    moved_before: bool
    moved_today: bool
    paid: int
    escrow: int
    payees: tuple[str, ...]

    @property
    def call(self) -> tuple[object, ...]:
        """The transaction."""
        return self.move["block"]["block_height"], self.move["tx_id"]

    @property
    def is_decided(self) -> bool:
        """Whether its day alone tells who deposited it."""
        return is_account(self.seller) or self.moved_today

    def is_back(self, depositor: str | None) -> bool:
        """Whether a contract returns it to who deposited it."""
        return not is_account(self.seller) and self.buyer == depositor

    def kind(self, depositor: str | None) -> str | None:
        """How it was sold, if it was."""
        if self.is_back(depositor) or not (is_account(self.seller) or self.moved_before):
            return None
        if (depositor or self.seller) in self.payees:
            return "escrow"
        return "purchase" if self.paid else None


def in_calls(rows: Rows) -> dict[tuple[int, bytes], Rows]:
    """Rows by the transaction that they are of, in the order of the chain."""
    calls: dict[tuple[int, bytes], Rows] = {}
    for row in rows:
        calls.setdefault((row["block"]["block_height"], row["tx_id"]), []).append(row)
    return calls


def receipts_of(chain: Chain) -> list[Receipt]:
    """Every token that a successful contract call gave for STX, whether it was sold or not."""
    succeeded = {(tx["block"]["block_height"], tx["tx_id"]) for tx in chain.txs() if _is_call(tx)}
    payments, before, receipts = in_calls(chain.rows("stx_events")), dict[Token, Row](), list[Receipt]()
    for key, moves in in_calls(chain.rows("nft_events")).items():
        if key in succeeded:
            receipts += _received(moves, payments.get(key, []), before)
        for token, some in group((move | {"token": token_of(move)} for move in moves), "token").items():
            before[token] = some[-1] | {"depositor": _first_owner(some)}
    return receipts


def _first_owner(moves: Rows) -> str | None:
    """Who had a token before it moved in a transaction; of a minted one that moves on, who got it first."""
    first, last = moves[0], moves[-1]
    return first["sender"] or (first["recipient"] if first["recipient"] != last["recipient"] else None)


def _is_call(tx: Row) -> bool:
    return tx["type"] == "contract_call" and tx["state"] == "success"


def _received(moves: Rows, events: Rows, before: dict[Token, Row]) -> list[Receipt]:
    paid = [event for event in events if event["asset_event_type_id"] == TRANSFER]
    tokens = group((move | {"token": token_of(move)} for move in moves), "token")
    burners = {some[0]["sender"] for some in tokens.values() if some[-1]["asset_event_type_id"] == BURN}
    receipts = []
    for token, some in tokens.items():
        seller, buyer = some[0]["sender"], some[-1]["recipient"]
        if any(move["asset_event_type_id"] != TRANSFER for move in some) or seller == buyer:
            continue
        if not is_account(seller) and buyer in burners:
            continue
        receipt = _of_token(some[-1], seller, buyer, before.get(token), paid)
        if receipt.paid or receipt.payees:
            receipts.append(receipt)
    return receipts


def _of_token(move: Row, seller: str, buyer: str, deposit: Row | None, paid: Rows) -> Receipt:
    depositor = deposit["depositor"] if deposit and not is_account(seller) else None
    was_moved, is_today = deposit is not None, deposit is not None and deposit["day"] == move["day"]
    by_buyer = sum(event["amount"] for event in paid if event["sender"] == buyer)
    net = Counter[str]()
    for event in paid:
        net[event["sender"]] += event["amount"]
        net[event["recipient"]] -= event["amount"]
    payers = {who for who, amount in net.items() if amount > 0 and not is_account(who)}
    payees = {event["recipient"] for event in paid if event["sender"] in payers}
    payees -= {event["recipient"] for event in paid if event["sender"] == buyer}
    escrow = sum(net[who] for who in payers)
    if not is_account(buyer):
        payees = set()
    today = depositor if is_today else None
    paid_out = tuple(sorted(payees - {buyer}))
    return Receipt(move, seller, buyer, depositor, today, was_moved, is_today, by_buyer, escrow, paid_out)


def sold(receipts: list[Receipt], of_the_day_alone: bool) -> list[tuple[Receipt, int, str]]:
    """The sales among receipts with their prices and kinds; of a day alone, without what happened before it."""
    known = [
        (receipt, kind)
        for receipt in sorted(receipts, key=lambda receipt: place(receipt.move))
        if receipt.is_decided or not of_the_day_alone
        if (kind := receipt.kind(receipt.deposited_today if of_the_day_alone else receipt.depositor))
    ]
    paid = _shared(((*receipt.call, receipt.buyer), receipt, receipt.paid) for receipt, _ in known)
    escrow = _shared((receipt.call, receipt, receipt.escrow) for receipt, kind in known if kind == "escrow")
    prices = [(receipt, paid[id(receipt)] + escrow.get(id(receipt), 0), kind) for receipt, kind in known]
    return [sale for sale in prices if sale[1]]


def _shared(amounts: Iterable[tuple[object, Receipt, int]]) -> dict[int, int]:
    """Each receipt's part of what is paid for all that have the same key."""
    groups: dict[object, list[tuple[Receipt, int]]] = {}
    for key, receipt, amount in amounts:
        groups.setdefault(key, []).append((receipt, amount))
    return {
        id(receipt): part
        for some in groups.values()
        for (receipt, _), part in zip(some, split(some[0][1], len(some)), strict=True)
    }


def split(total: int, parts: int) -> list[int]:
    """A sum in equal parts, of which the first has the remainder too."""
    return [total // parts + (total % parts if part == 0 else 0) for part in range(parts)]


def paid_mints(chain: Chain, receipts: list[Receipt]) -> list[tuple[Row, int]]:
    """Mints for which the receiver sent STX that bought no token in the call, each with its part."""
    calls = {(tx["block"]["block_height"], tx["tx_id"]) for tx in chain.txs() if _is_call(tx)}
    buyers = {(r.move["block"]["block_height"], r.move["tx_id"], r.buyer) for r in receipts if r.paid}
    payments, paid = in_calls(chain.rows("stx_events")), []
    for key, moves in in_calls(chain.rows("nft_events")).items():
        last = {token_of(move): move for move in moves}
        first = {token_of(move): move["sender"] for move in reversed(moves)}
        new = [move for move in moves if _is_mint(move) and first[token_of(move)] != last[token_of(move)]["recipient"]]
        minted = {token_of(move): last[token_of(move)] for move in new}
        for minter, some in group(sorted(minted.values(), key=place), "recipient").items():
            sent = [event["amount"] for event in payments.get(key, []) if _is_sent(event, minter)]
            if sum(sent) and key in calls and (*key, minter) not in buyers:
                paid += zip(some, split(sum(sent), len(some)), strict=True)
    return [(mint, part) for mint, part in paid if part]


def _is_mint(move: Row) -> bool:
    return bool(move["asset_event_type_id"] == MINT)


def _is_sent(event: Row, sender: str) -> bool:
    return event["asset_event_type_id"] == TRANSFER and event["sender"] == sender
