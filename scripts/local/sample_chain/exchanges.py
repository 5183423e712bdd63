"""Swaps in the sample, in calls that are made anyway: on Velar and Arkadiko, with the contracts as on mainnet.

What is swapped is minted to both sides in the same call, and STX come back in it: nobody's STX change.
"""

from collections.abc import Iterable

from scripts.local.sample_chain.accounts import Accounts
from scripts.local.sample_chain.tx import MINT, SUCCESS, TRANSFER, Event, Tx, stx
from stacks_dataverse.clarity import Ascii, Principal, Tuple, UInt, Value, encode
from stacks_dataverse.prints.swaps import ARKADIKO, VELAR

CORE, PAIRS = f"{VELAR}.univ2-core", f"{ARKADIKO}.arkadiko-swap-v2-1"
XBTC = "SP3DX3H4FEYZJZ586MFBS25ZW3HZDMEW92260R2PR.Wrapped-Bitcoin::wrapped-bitcoin"
USDA, DIKO = f"{ARKADIKO}.usda-token::usda", f"{ARKADIKO}.arkadiko-token::diko"

# A swap in one block of so many, each kind in turn.
SWAP_EVERY = 10


def swap_in(height: int, txs: Iterable[Tx], accounts: Accounts) -> None:
    """Add swaps to the first successful call of a block, where it is their turn."""
    turn, rest = divmod(height, SWAP_EVERY)
    calls = (tx for tx in txs if tx.status == SUCCESS and tx.contract in accounts.contracts)
    # STX sent in a call that moves an NFT would be its price.
    calls = (call for call in calls if all(event.kind != "nft" for event in call.events))
    if rest == 0 and (call := next(calls, None)):
        swaps = (_bitcoin, _there_and_back, _tokens)
        call.events = [*call.events, *swaps[turn % len(swaps)](call.sender, 100 * (1_000 + height))]


def _bitcoin(sender: str, sats: int) -> list[Event]:
    return [*_paid(XBTC, sender, CORE, sats), *_paid(USDA, CORE, sender, sats * 600), _velar(2, sats, sats * 600)]


def _there_and_back(sender: str, ustx: int) -> list[Event]:
    first = [stx(sender, CORE, ustx), *_paid(DIKO, CORE, sender, ustx * 9), _velar(1, ustx, ustx * 9)]
    back = [Event("ft", DIKO, TRANSFER, ustx * 9, sender, CORE), stx(CORE, sender, ustx)]
    return [*first, *back, _velar(1, ustx * 9, ustx)]


def _tokens(sender: str, amount: int) -> list[Event]:
    data = {"swap-token": Principal(f"{ARKADIKO}.arkadiko-swap-token-diko-usda")}
    printed = _tuple({"action": Ascii("swap-x-for-y"), "data": _tuple(data), "object": Ascii("pair")})
    moved = [*_paid(DIKO, sender, PAIRS, amount), *_paid(USDA, PAIRS, sender, amount // 3)]
    return [*moved, Event("log", PAIRS, value=encode(printed))]


def _paid(token: str, giver: str, taker: str, amount: int) -> list[Event]:
    return [Event("ft", token, MINT, amount, None, giver), Event("ft", token, TRANSFER, amount, giver, taker)]


def _velar(pool: int, amount_in: int, amount_out: int) -> Event:
    numbers = {"id": pool, "amt-in": amount_in, "amt-out": amount_out, "amt-fee-lps": amount_in * 9 // 4_000,
               "amt-fee-protocol": amount_in * 3 // 4_000}  # fmt: skip
    printed = _tuple({"op": Ascii("swap")} | {key: UInt(number) for key, number in numbers.items()})
    return Event("log", CORE, value=encode(printed))


def _tuple(fields: dict[str, Value]) -> Tuple:
    return Tuple(tuple(sorted(fields.items())))
