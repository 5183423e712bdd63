"""Large transfers between an exchange and its vault, on each day, some a µSTX short of large."""

from collections.abc import Iterator

from scripts.local.sample_chain.accounts import Accounts, address
from scripts.local.sample_chain.timeline import BURNS_A_DAY
from scripts.local.sample_chain.transactions import Transactions
from scripts.local.sample_chain.tx import Tx, stx

# A large transfer, to the µSTX.
LARGE_USTX = 1_000_000_000_000
FUNDS_USTX = LARGE_USTX * 3 // 2
CUSTODY = f"{address('deployer')}.custody"


class LargeTransfers:
    """An exchange and its vault, funded by two founders; what goes one way in a day comes back the same day."""

    def __init__(self, txs: Transactions, accounts: Accounts, first_burn_height: int) -> None:
        self._txs, self._first = txs, first_burn_height
        self._funders = accounts.founders[-72:-70]
        self.exchange, self.vault = address("exchange"), address("vault")
        self._next = iter(self._story())
        self._waiting = next(self._next)

    def due(self, burn_height: int) -> Iterator[Tx]:
        """Yield what is to happen up to a Bitcoin height and has not yet."""
        while self._first + self._waiting[0] <= burn_height:
            _, sender, recipient, amount, through = self._waiting
            if through:
                yield self._txs.call(sender, through, stx(sender, recipient, amount))
            else:
                yield self._txs.transfer(sender, recipient, amount)
            self._waiting = next(self._next)

    def _story(self) -> Iterator[tuple[int, str, str, int, str | None]]:
        """The place of the Bitcoin block, who sends what to whom, and the contract called for it, if any."""
        exchange, vault, start = self.exchange, self.vault, 0
        for funder, funded in zip(self._funders, (exchange, vault), strict=True):
            yield 5, funder, funded, FUNDS_USTX, None
        while True:
            yield start + 25, exchange, vault, LARGE_USTX, None
            yield start + 45, vault, exchange, LARGE_USTX + 1, CUSTODY
            yield start + 65, exchange, vault, LARGE_USTX - 1, None
            yield start + 85, vault, exchange, LARGE_USTX - 2, CUSTODY
            start += BURNS_A_DAY
