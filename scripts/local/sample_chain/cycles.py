"""Reward cycles of the sample, by Bitcoin height."""

from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_CYCLE_HEIGHT, NETWORK, PREPARE_LENGTH


def cycle_of(burn_height: int) -> int:
    """Return the reward cycle of a Bitcoin height."""
    return (burn_height - FIRST_CYCLE_HEIGHT) // CYCLE_LENGTH


def cycle_start(cycle: int) -> int:
    """Return the Bitcoin height at which a reward cycle begins."""
    return FIRST_CYCLE_HEIGHT + CYCLE_LENGTH * cycle


def is_in_prepare_phase(burn_height: int) -> bool:
    """Return whether a Bitcoin height is among the last of its cycle, in which PoX-1 to PoX-4 pay no stacker."""
    return burn_height >= cycle_start(cycle_of(burn_height) + 1) - PREPARE_LENGTH


def is_waterfall(burn_height: int) -> bool:
    """Return whether the miners of a Bitcoin height all send to one pool."""
    return burn_height >= NETWORK.waterfall_height
