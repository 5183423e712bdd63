"""What people call a dataset: a short title, and the group that it is listed in."""

from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """What a dataset is about, in the order of the catalogue."""

    NETWORK = "Network"
    BALANCES = "Balances"
    STACKING = "Stacking"
    MINING = "Mining"
    TOKENS = "Tokens"
    NFTS = "NFTs"
    DEFI = "DeFi"
    NAMES = "Names"
    CONTRACTS = "Contracts"
    MARKET = "Market"
    OPERATIONS = "Operations"


@dataclass(frozen=True)
class Label:
    """The title and the group of a dataset that has no declaration of its own, such as a raw table."""

    title: str
    group: Group
