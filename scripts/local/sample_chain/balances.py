"""Spendable balances of the accounts while the sample is made, so that they spend what they have; no ground truth.

It knows nothing of forks, fees or rewards: `ChainState` does.
"""

from collections import defaultdict

STX = "stx"


class Balances:
    """Spendable balances by (address, token), in base units."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], int] = defaultdict(int)
        self._reserved: dict[str, int] = defaultdict(int)

    def give(self, address: str, token: str, amount: int) -> None:
        """Add to what an address holds."""
        self._held[address, token] += amount

    def holds(self, address: str, token: str) -> int:
        """Return what an address holds."""
        return self._held[address, token]

    def spend(self, address: str, token: str, wanted: int) -> int:
        """Take `wanted`, or half of what there is if that is less; returns the amount, 0 where there is nothing."""
        amount = max(0, min(wanted, self._held[address, token] // 2))
        self._held[address, token] -= amount
        return amount

    def reserve(self, address: str, locked: int) -> None:
        """Set STX aside that a stacker has locked; the most it ever locked stays so, for its next lock."""
        more = max(0, locked - self._reserved[address])
        self._reserved[address] += more
        self._held[address, STX] -= more
