"""Who works in which reward cycle of PoX-5, as its contract counts it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

# A signer below 50,000 STX is in no set, and its STX-only stakers earn nothing (pox-5.clar, SIGNER_SET_MIN_USTX).
SIGNER_MIN_USTX = 50_000_000_000


@dataclass(frozen=True)
class Share:
    """A staker's part in one cycle: µSTX with a signer manager and, in a bond, sats."""

    signer: str
    ustx: int
    bond: int | None = None
    sats: int = 0


class Shares:
    """The shares of each cycle; a staker has one at most."""

    def __init__(self) -> None:
        self._cycles: dict[int, dict[str, Share]] = defaultdict(dict)

    def place(self, staker: str, share: Share, cycles: Iterable[int]) -> None:
        """Give a staker this share in some cycles, whatever it had there."""
        for cycle in cycles:
            self._cycles[cycle][staker] = share

    def end(self, staker: str, cycles: Iterable[int]) -> None:
        """Take a staker out of some cycles."""
        for cycle in cycles:
            self._cycles[cycle].pop(staker, None)

    def keep_sats(self, staker: str, sats: int, cycles: Iterable[int]) -> None:
        """Leave a bond's member so many sats in some cycles; its STX stay."""
        for cycle in cycles:
            self._cycles[cycle][staker] = replace(self._cycles[cycle][staker], sats=sats)

    def of(self, cycle: int, bond: int | None) -> dict[str, Share]:
        """The shares of a bond in a cycle, or of those who stake STX alone with a signer that is in the set."""
        weights = self.weights(cycle)
        return {
            staker: share
            for staker, share in self._cycles[cycle].items()
            if share.bond == bond and (bond is not None or share.signer in weights)
        }

    def weights(self, cycle: int) -> dict[str, int]:
        """The signers of a cycle's set, and all µSTX of each, bonds' too."""
        weights: Counter[str] = Counter()
        for share in self._cycles[cycle].values():
            weights[share.signer] += share.ustx
        return {signer: ustx for signer, ustx in sorted(weights.items()) if ustx >= SIGNER_MIN_USTX}

    def signer(self, staker: str, cycle: int) -> str | None:
        """The signer manager of a staker in a cycle, if it has any part in it."""
        share = self._cycles[cycle].get(staker)
        return share.signer if share else None
