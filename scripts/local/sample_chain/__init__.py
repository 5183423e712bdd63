"""A deterministic Stacks database in the layout of stacks-blockchain-api 9, of any size."""

from scripts.local.sample_chain.forks import Fork, fork
from scripts.local.sample_chain.generate import FIRST_DAY, SampleSummary, days_in, generate
from scripts.local.sample_chain.microblock import Orphaned, orphan_microblock
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_CYCLE_HEIGHT, PREPARE_LENGTH

# The sample's reward cycles: first Bitcoin height, length, and length of the prepare phase.
POX = (FIRST_CYCLE_HEIGHT, CYCLE_LENGTH, PREPARE_LENGTH)

__all__ = [
    "FIRST_DAY",
    "POX",
    "Fork",
    "Orphaned",
    "SampleSummary",
    "days_in",
    "fork",
    "generate",
    "orphan_microblock",
]
