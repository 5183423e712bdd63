"""The sample's signer managers: the contracts that all stake goes through since PoX-5."""

from typing import NamedTuple

from scripts.local.sample_chain.accounts import Accounts
from scripts.local.sample_chain.pox_events import SIGNER_KEYS

FAST_MANAGER = "SP21YTSM60CAY6D011EZVEVNKXVW8FVZE198XEFFP.fastpool-1-signer-manager"

# Their places in the list: a known one, two that share a signer's key, and one below the least STX of a signer.
FAST, OWN, TWIN, SMALL = range(4)


class Manager(NamedTuple):
    """A signer manager: its contract, who calls it, and its signer's key."""

    contract: str
    operator: str
    key: bytes


def managers(accounts: Accounts) -> list[Manager]:
    """Return all signer managers."""
    operators = accounts.founders[-84:-80]
    contracts = [FAST_MANAGER, *(f"{operator}.signer-manager" for operator in operators[1:])]
    keys = [SIGNER_KEYS[number] for number in (3, 4, 4, 5)]
    return [Manager(*manager) for manager in zip(contracts, operators, keys, strict=True)]
