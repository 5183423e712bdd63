"""Withdrawals of sBTC in the sample, in calls that are made anyway: a holder asks, and signers pay or refuse later."""

from collections.abc import Iterator

from scripts.local.sample_chain.sbtc import LOCKED, REGISTRY, TOKEN, deposited
from scripts.local.sample_chain.transactions import logged
from scripts.local.sample_chain.tx import BURN, MINT, Event
from stacks_dataverse.clarity import Ascii, Tuple, UInt, encode

AMOUNT_SATS, MAX_FEE_SATS, FEE_SATS = 100_000, 3_000, 1_200

# A request waits until so many others do.
WAITING = 6


class SbtcWithdrawals:
    """The requests of one holder, each a little more than the last; every fourth is refused."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._requests = 0
        self._settled = 0

    def events(self, burn_height: int) -> Iterator[Event]:
        """A request, and the BTC for it; and what becomes of the oldest one, if enough wait."""
        self._requests += 1
        yield from deposited(
            self._holder, _locked(self._requests), logged("completed-deposit", _locked(self._requests))
        )
        yield from self._moved(TOKEN, LOCKED, _locked(self._requests))
        amount = _locked(self._requests) - MAX_FEE_SATS
        yield _printed(
            "withdrawal-create",
            self._requests,
            {"amount": amount, "max-fee": MAX_FEE_SATS, "block-height": burn_height},
        )
        if self._requests - self._settled > WAITING:
            self._settled += 1
            yield from self._settle(self._settled, burn_height)

    def _settle(self, request: int, burn_height: int) -> Iterator[Event]:
        if request % 4 == 0:
            yield from self._moved(LOCKED, TOKEN, _locked(request))
            yield _printed("withdrawal-reject", request, {})
            return
        yield Event("ft", LOCKED, BURN, _locked(request), self._holder, None)
        yield Event("ft", TOKEN, MINT, MAX_FEE_SATS - FEE_SATS, None, self._holder)
        yield _printed("withdrawal-accept", request, {"fee": FEE_SATS, "burn-height": burn_height - 1})

    def _moved(self, burned: str, minted: str, sats: int) -> Iterator[Event]:
        yield Event("ft", burned, BURN, sats, self._holder, None)
        yield Event("ft", minted, MINT, sats, None, self._holder)


def _locked(request: int) -> int:
    return AMOUNT_SATS + request + MAX_FEE_SATS


def _printed(topic: str, request: int, numbers: dict[str, int]) -> Event:
    fields = {"request-id": UInt(request), "topic": Ascii(topic)} | {key: UInt(value) for key, value in numbers.items()}
    return Event("log", REGISTRY, value=encode(Tuple(tuple(sorted(fields.items())))))
