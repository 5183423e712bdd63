"""A deterministic Stacks database in the layout of stacks-blockchain-api 9, of any size."""

from scripts.local.sample_chain.forks import Fork, fork
from scripts.local.sample_chain.generate import FIRST_DAY, SampleSummary, days_in, generate
from scripts.local.sample_chain.microblock import Orphaned, orphan_microblock
from scripts.local.sample_chain.timeline import BURN_INTERVAL, NETWORK, SETTLED_BURNS, midnight

__all__ = [
    "BURN_INTERVAL",
    "FIRST_DAY",
    "NETWORK",
    "SETTLED_BURNS",
    "Fork",
    "Orphaned",
    "SampleSummary",
    "days_in",
    "fork",
    "generate",
    "midnight",
    "orphan_microblock",
]
