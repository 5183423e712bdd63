"""Who stacks in the sample, and when: every kind of call, in pools and alone, and what ends a lock."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# The pools, by their place in `Pools.pools`.
FAST, PLAIN, OWN = range(3)


class Step(NamedTuple):
    """A call due at a Bitcoin block, counted from the chain's first; amounts in STX."""

    at: int
    name: str
    who: str = ""
    amount: int = 0
    cycles: int = 0
    pool: int | None = None
    version: int = 4


def story(solo: Sequence[str], members: Sequence[str]) -> Iterator[Step]:
    """Yield the calls of six solo stackers and five members of pools in their order, up to Stacks 4.0.

    Cycles begin 60 and 160 blocks after the chain; Stacks 4.0 frees 200 blocks after it what is still locked.
    """
    yield from sorted([*_alone(*solo[:6]), *_pooled(*members[:5])], key=lambda step: step.at)


def _alone(forced: str, expires: str, extends: str, returns: str, unlocked: str, longer: str) -> Iterator[Step]:
    yield Step(5, "stack-stx", forced, 110_000, cycles=6, version=3)
    yield Step(10, "stack-stx", expires, 120_000, cycles=1)
    yield Step(12, "stack-stx", extends, 130_000, cycles=1)
    yield Step(50, "stack-extend", extends, cycles=2)
    yield Step(70, "stack-increase", extends, 50_000)
    yield Step(14, "stack-stx", returns, 140_000, cycles=1)
    yield Step(185, "stack-stx", returns, 145_000, cycles=2)
    yield Step(16, "stack-stx", unlocked, 150_000, cycles=3)
    yield Step(161, "handle-unlock", unlocked)
    yield Step(18, "stack-stx", longer, 125_000, cycles=2)


def _pooled(one: str, other: str, small: str, late: str, forced: str) -> Iterator[Step]:
    yield Step(6, "delegate-stack-stx", forced, 100_000, cycles=6, pool=PLAIN, version=3)
    for at, pool, member in ((20, FAST, one), (21, FAST, other), (22, PLAIN, small), (23, OWN, late)):
        yield Step(at, "delegate-stx", member, 200_000, pool=pool)
        yield Step(at + 5, "delegate-stack-stx", member, (100 + at) * 1000, cycles=1, pool=pool)
    yield from _committed(30, FAST, OWN)
    yield Step(31, "stack-aggregation-commit", pool=PLAIN)

    yield Step(110, "delegate-stack-extend", one, cycles=2, pool=FAST)
    yield Step(111, "delegate-stack-extend", other, cycles=2, pool=FAST)
    yield Step(112, "delegate-stack-extend", small, cycles=1, pool=PLAIN)
    yield from _committed(113, FAST, PLAIN)
    yield Step(115, "delegate-stack-increase", one, 20_000, pool=FAST)
    yield Step(116, "stack-aggregation-increase", pool=FAST)
    yield Step(150, "revoke-delegate-stx", other, pool=FAST)

    yield Step(170, "delegate-stack-stx", late, 125_000, cycles=3, pool=OWN)
    yield from _committed(175, FAST, OWN)


def _committed(at: int, *pools: int) -> Iterator[Step]:
    for pool in pools:
        yield Step(at, "stack-aggregation-commit-indexed", pool=pool)
