"""Who stakes since PoX-5 in the sample, and when: stakes, bonds, roll-overs, calculations and claims."""

from collections.abc import Iterator
from heapq import merge
from itertools import count
from typing import NamedTuple

from scripts.local.sample_chain.signer_managers import FAST, OWN, SMALL, TWIN
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_BURN_HEIGHT, NETWORK

# The places of Stacks 4.0 and of the first waterfall cycle, in Bitcoin blocks since the chain's first.
FORK, WATERFALL = NETWORK.pox_5_height - FIRST_BURN_HEIGHT, NETWORK.waterfall_height - FIRST_BURN_HEIGHT

BTC = 100_000_000
STEADY, CHANGING, ROLLING, LITTLE, LEAVING, LATE, REFUSED, IN_SBTC, ON_BITCOIN, MOVING = range(10)


class Step(NamedTuple):
    """A call due at a Bitcoin block, counted from the chain's first: `who` by place, amounts in STX and sats."""

    at: int
    name: str
    who: int = 0
    manager: int = FAST
    amount: int = 0
    cycles: int = 0
    bond: int = 0
    sats: int = 0
    is_l1: bool = False


def story() -> Iterator[Step]:
    """Yield all calls in their order, without end."""
    return merge(sorted(_opening()), sorted([*_stakes(), *_bonds()]), _every_cycle())


def _opening() -> Iterator[Step]:
    """What stakers need: a manager that is registered, a bond to enter, sBTC. And a call of PoX-4, which aborts now."""
    yield Step(FORK - 4, "fund")
    yield Step(FORK + 1, "call-pox-4")
    for manager in (FAST, OWN, TWIN, SMALL):
        yield Step(FORK + 2, "register-signer", manager=manager)
    for who in (IN_SBTC, MOVING):
        yield Step(FORK + 3, "deposit", who, sats=3 * BTC)
    yield Step(FORK + 5, "setup-bond", bond=0)


def _stakes() -> Iterator[Step]:
    yield Step(FORK + 7, "stake", STEADY, FAST, 180_000, cycles=90)
    yield Step(FORK + 8, "stake", CHANGING, OWN, 120_000, cycles=2)
    yield Step(FORK + 9, "stake", ROLLING, TWIN, 130_000, cycles=1)
    yield Step(FORK + 10, "stake", LITTLE, SMALL, 20_000, cycles=4)
    yield Step(FORK + 11, "stake", LEAVING, OWN, 150_000, cycles=5)
    yield Step(FORK + 40, "stake-update", CHANGING, FAST, 15_000, cycles=1)
    yield Step(WATERFALL - 5, "stake", REFUSED, FAST, 100_000, cycles=1)
    yield Step(WATERFALL + 20, "unstake", LEAVING)
    yield Step(WATERFALL + 85, "stake", LATE, TWIN, 90_000, cycles=3)


def _bonds() -> Iterator[Step]:
    """Two members with sBTC and one with Bitcoin's own; who stakes rolls in, who is in rolls on, or out to a stake."""
    yield Step(FORK + 14, "register-for-bond", IN_SBTC, FAST, 150_000, bond=0, sats=BTC)
    yield Step(FORK + 16, "register-for-bond", ON_BITCOIN, FAST, 160_000, bond=0, sats=BTC // 2, is_l1=True)
    yield Step(FORK + 18, "register-for-bond", MOVING, OWN, 170_000, bond=0, sats=BTC)
    yield Step(WATERFALL + 10, "update-bond-registration", MOVING, FAST)
    yield Step(WATERFALL + 30, "unstake-sbtc", IN_SBTC, sats=BTC // 4)
    yield Step(WATERFALL + 40, "announce-l1-early-exit", ON_BITCOIN)
    yield Step(WATERFALL + 70, "register-for-bond", ROLLING, TWIN, 140_000, bond=1, sats=BTC // 2, is_l1=True)
    yield Step(WATERFALL + 153, "stake", MOVING, OWN, 110_000, cycles=3)
    yield Step(WATERFALL + 155, "register-for-bond", IN_SBTC, FAST, 200_000, bond=2, sats=BTC)


def _every_cycle() -> Iterator[Step]:
    """What comes in is deposited, split twice and claimed; and a bond opens for the next cycle."""
    for number in count():
        start = WATERFALL + number * CYCLE_LENGTH
        steps = [Step(start + place, "deposit-rewards") for place in range(4, CYCLE_LENGTH, 10)]
        steps.append(Step(start + 5, "setup-bond", bond=number + 1))
        steps.append(Step(start + 51, "calculate-rewards"))
        steps.append(Step(start + 55, "claim-rewards", manager=FAST))
        if number:
            steps.append(Step(start + 1, "calculate-rewards"))
            steps += [Step(start + 6, "claim-rewards", manager=manager, cycles=-1) for manager in range(SMALL + 1)]
        yield from sorted(steps)
