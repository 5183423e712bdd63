"""Tokens that stand for something else in the sample, in calls that are made anyway, with the ids that mainnet has.

Dollars and stacked STX are minted to who calls; some of the dollars go to an exchange, and some of the STX are burned.
"""

from collections.abc import Iterable

from scripts.local.sample_chain.accounts import Accounts
from scripts.local.sample_chain.tx import BURN, MINT, SUCCESS, TRANSFER, Event, Tx

USDH = "SPN5AKG35QZSK2M8GAMR4AFX45659RJHDW353HSG.usdh-token-v1::usdh"
STSTX = "SP4SZE494VC2YC5JYG7AYFQ44F5Q4PYV7DVMDPBG.ststx-token::ststx"
POOL = "SM1793C4R5PZ4NS4VQ4WMP7SKKYVH8JZEWSZ9HCCR.stableswap-pool-aeusdc-usdh-v-1-2"

# In one block of so many.
EVERY = 25


def mint_in(height: int, txs: Iterable[Tx], accounts: Accounts) -> None:
    """Add mints and moves to the last successful call of a block, where it is its turn."""
    calls = [tx for tx in txs if tx.status == SUCCESS and tx.contract in accounts.contracts]
    if height % EVERY == 0 and calls:
        calls[-1].events = [*calls[-1].events, *_moves(calls[-1].sender, 1_000_000 + height)]


def _moves(sender: str, amount: int) -> list[Event]:
    return [
        Event("ft", USDH, MINT, amount * 100, None, sender),
        Event("ft", USDH, TRANSFER, amount * 40, sender, POOL),
        Event("ft", STSTX, MINT, amount, None, sender),
        Event("ft", STSTX, BURN, amount // 10, sender, None),
    ]
