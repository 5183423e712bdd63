"""A deterministic Stacks database in the layout of stacks-blockchain-api 9, of any size."""

from scripts.local.sample_chain.generate import FIRST_DAY, SampleSummary, days_in, generate

__all__ = ["FIRST_DAY", "SampleSummary", "days_in", "generate"]
