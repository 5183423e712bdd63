"""What the API would have computed of the chain: kept event by event while the chain is made.

The backend's transformers sum up finished tables; this reads none of them, and so can verify their results.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from scripts.local.sample_chain.balances import STX


@dataclass(frozen=True)
class Lock:
    """What a stacker has locked, in µSTX, since a transaction of a block; since PoX-5 with a signer manager."""

    locked: int
    unlock: int
    tx_id: bytes
    block_height: int
    burn_height: int
    version: int
    signer: int = 0
    manager: str | None = None


@dataclass
class ChainState:
    """Balances by (address, token), the owner and place of each NFT, locks, supply, transactions."""

    balances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    custody: dict[tuple[str, bytes], tuple[object, ...]] = field(default_factory=dict)
    locked: dict[str, Lock] = field(default_factory=dict)
    supply: int = 0
    tx_count: int = 0

    def move(self, token: str, amount: int, sender: str | None, recipient: str | None) -> None:
        """A transfer, a mint (no sender) or a burn (no recipient) of STX or a fungible token."""
        if sender:
            self.balances[sender, token] -= amount
        if recipient:
            self.balances[recipient, token] += amount
        if token == STX:
            self.supply += (0 if sender else amount) - (0 if recipient else amount)

    def fee(self, payer: str, amount: int) -> None:
        """A transaction's fee, in µSTX."""
        self.balances[payer, STX] -= amount

    def reward(self, recipient: str, coinbase: int, fees: int) -> None:
        """A matured miner reward, in µSTX."""
        self.balances[recipient, STX] += coinbase + fees
        self.supply += coinbase
