"""What a transaction is, wherever it is mined, and the events that it leaves."""

from dataclasses import dataclass, field
from typing import NamedTuple

from scripts.local.sample_chain.pox5_events import Printed
from scripts.local.sample_chain.pox_events import PoxCall

TRANSFER, MINT, BURN = 1, 2, 3
SUCCESS, ABORT_BY_RESPONSE, ABORT_BY_POST_CONDITION, SKIPPED = 1, -1, -2, -3
TENURE_NEW, TENURE_EXTENDED = 0, 1
BOOT = "SP000000000000000000002Q6VF78"


class Event(NamedTuple):
    """An event: `kind` is the table it goes to; `value` an amount, or a token's or print's Clarity bytes."""

    kind: str
    asset: str = ""
    action: int = TRANSFER
    value: int | bytes = 0
    sender: str | None = None
    recipient: str | None = None
    memo: bytes | None = None


@dataclass
class Tx:
    """A transaction, wherever it is mined."""

    tx_id: bytes
    type_id: int
    sender: str
    fee: int = 0
    status: int = SUCCESS
    nonce: int = 0
    sponsor: str | None = None
    sponsor_nonce: int | None = None
    recipient: str | None = None
    amount: int | None = None
    memo: bytes | None = None
    contract: str | None = None
    cause: int = TENURE_NEW
    pox: PoxCall | None = None
    pox5: list[Printed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def stx(sender: str, recipient: str, amount: int, memo: bytes | None = None) -> Event:
    """A transfer of uSTX."""
    return Event("stx", "", TRANSFER, amount, sender, recipient, memo)


def nft(asset: str, token: bytes, sender: str | None, recipient: str | None) -> Event:
    """A move of a token: a mint without sender, a burn without recipient."""
    action = TRANSFER if sender and recipient else MINT if recipient else BURN
    return Event("nft", asset, action, token, sender, recipient)
