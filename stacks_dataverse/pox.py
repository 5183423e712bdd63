"""Reward cycles of Proof of Transfer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pox:
    """A network's schedule of reward cycles, in Bitcoin blocks; by default mainnet's.

    The prepare phase is the last `prepare_length` blocks of a cycle. Source: `/v2/pox` of a mainnet node.
    """

    first_burn_height: int = 666_050
    cycle_length: int = 2_100
    prepare_length: int = 100
