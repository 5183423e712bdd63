"""What the sample's stackers and pools do, each at its Bitcoin block."""

from collections.abc import Iterator

from scripts.local.sample_chain.people import People
from scripts.local.sample_chain.stacking import THRESHOLD_USTX, PoxCall, unlock_after
from scripts.local.sample_chain.timeline import FIRST_BURN_HEIGHT
from scripts.local.sample_chain.transactions import Transactions, Tx

# From here on no lock of PoX-3 holds, whatever its own height.
POX_3_UNLOCK_HEIGHT = FIRST_BURN_HEIGHT + 30

FAST_POOL = "SP21YTSM60CAY6D011EZVEVNKXVW8FVZE198XEFFP.pox4-fast-pool-v3"
STX = 1_000_000

# At which Bitcoin block of the chain, who calls, and what.
Step = tuple[int, str, PoxCall]


class Pools:
    """Solo stackers `solo[n]`, members `member[n]`, three pools; calls come in the order of their Bitcoin blocks.

    Cycles begin 60, 160, 260 and 360 blocks after the chain.
    """

    def __init__(self, txs: Transactions, people: People) -> None:
        self._txs = txs
        # The chain's own solo lockers are the last forty founders.
        self.solo, self.member = people.founders[-50:-40], people.founders[-60:-50]
        self._operators = people.founders[-63:-60]
        self.pools = [FAST_POOL, self._operators[1], f"{self._operators[2]}.own-pool"]
        self._waiting = sorted(self._script(), key=lambda step: step[0])

    def due(self, burn_height: int) -> Iterator[Tx]:
        """Yield what is to happen up to a Bitcoin height and has not yet."""
        while self._waiting and FIRST_BURN_HEIGHT + self._waiting[0][0] <= burn_height:
            _, sender, call = self._waiting.pop(0)
            yield self._txs.pox(sender, call)

    def _script(self) -> Iterator[Step]:
        yield from self._solo_steps()
        yield from self._pool_steps()

    def _solo_steps(self) -> Iterator[Step]:
        forced, expires, extends, returns, unlocked = self.solo[:5]

        def step(at: int, name: str, who: str, thousands: int, cycles: int, **given: object) -> Step:
            call = PoxCall(name, who, thousands * 1000 * STX, _unlock(at, cycles), **given)  # type: ignore[arg-type]
            return at, who, call

        yield step(5, "stack-stx", forced, 110, 6, version=3)
        yield step(10, "stack-stx", expires, 120, 1)
        yield step(12, "stack-stx", extends, 130, 1)
        yield step(50, "stack-extend", extends, 130, 3)
        yield step(70, "stack-increase", extends, 180, 2, increase_by=50_000 * STX)
        yield step(14, "stack-stx", returns, 140, 1)
        yield step(200, "stack-stx", returns, 145, 2)
        yield step(16, "stack-stx", unlocked, 150, 3)
        yield step(161, "handle-unlock", unlocked, 0, 0)

    def _pool_steps(self) -> Iterator[Step]:
        one, other, small, late, forced = self.member[:5]
        first, second, third = range(3)

        def step(at: int, pool: int, name: str, who: str, thousands: int, cycles: int, **given: object) -> Step:
            locked, delegator = thousands * 1000 * STX, self.pools[pool]
            call = PoxCall(name, who, locked, _unlock(at, cycles), delegator=delegator, **given)  # type: ignore[arg-type]
            return at, self._operators[pool], call

        yield step(6, first, "delegate-stack-stx", forced, 100, 6, version=3)
        for at, pool, member in ((20, first, one), (21, first, other), (22, second, small), (23, third, late)):
            yield at, member, PoxCall("delegate-stx", member, 0, 0, delegate_to=self.pools[pool])
            yield step(at + 5, pool, "delegate-stack-stx", member, 100 + at, 1)
        yield self._committed(30, first, "stack-aggregation-commit-indexed")
        yield self._committed(31, second, "stack-aggregation-commit")
        yield step(110, first, "delegate-stack-extend", one, 120, 2)
        yield step(111, first, "delegate-stack-extend", other, 121, 2)
        yield step(112, first, "delegate-stack-increase", one, 140, 2, increase_by=20_000 * STX)
        yield self._committed(113, first, "stack-aggregation-increase")
        yield step(115, second, "delegate-stack-extend", small, 122, 1)
        yield 150, other, PoxCall("revoke-delegate-stx", other, 121_000 * STX, _unlock(111, 2), delegate_to=FAST_POOL)
        yield step(170, third, "delegate-stack-stx", late, 125, 3)
        yield step(265, second, "delegate-stack-stx", small, 130, 2)
        yield step(340, first, "delegate-stack-extend", one, 140, 2)

    def _committed(self, at: int, pool: int, name: str) -> Step:
        operator = self._operators[pool]
        return at, operator, PoxCall(name, operator, 0, 0, increase_by=THRESHOLD_USTX if "increase" in name else None)


def _unlock(at: int, cycles: int) -> int:
    return unlock_after(FIRST_BURN_HEIGHT + at, cycles)
