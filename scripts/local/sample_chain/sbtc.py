"""sBTC in the sample: deposits from Bitcoin, and moves."""

from scripts.local.sample_chain.tx import MINT, TRANSFER, Event

# The contracts as they are on mainnet; its signers' account completes each deposit.
SIGNERS = "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4"
TOKEN = f"{SIGNERS}.sbtc-token::sbtc-token"
LOCKED = f"{SIGNERS}.sbtc-token::sbtc-token-locked"
DEPOSIT = f"{SIGNERS}.sbtc-deposit"
REGISTRY = f"{SIGNERS}.sbtc-registry"


def deposited(recipient: str, sats: int, log: bytes) -> list[Event]:
    """The events of a deposit that is completed: its mint, and the registry's print."""
    return [Event("ft", TOKEN, MINT, sats, None, recipient), Event("log", REGISTRY, value=log)]


def moved(sender: str, recipient: str, sats: int) -> list[Event]:
    """The transfer of so many sats; none of nothing."""
    return [Event("ft", TOKEN, TRANSFER, sats, sender, recipient)] if sats else []
