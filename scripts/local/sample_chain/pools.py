"""The sample's stackers and pools up to PoX-4: each call as PoX would carry it out on what is locked by then."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scripts.local.sample_chain.accounts import Accounts
from scripts.local.sample_chain.cycles import cycle_of, cycle_start
from scripts.local.sample_chain.pox_events import COMMITS, PoxCall
from scripts.local.sample_chain.stacking_story import FAST, Step, story
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_BURN_HEIGHT, POX_5_HEIGHT
from scripts.local.sample_chain.transactions import Transactions
from scripts.local.sample_chain.tx import Tx

# From here on no lock of PoX-3 holds, whatever its own height.
POX_3_UNLOCK_HEIGHT = FIRST_BURN_HEIGHT + 30

FAST_POOL = "SP21YTSM60CAY6D011EZVEVNKXVW8FVZE198XEFFP.pox4-fast-pool-v3"
STX = 1_000_000
LOCKED_USTX = 150_000 * STX

# Places in the list of signer keys: the fast pool has a signer of its own, and so have those who stack alone.
FAST_SIGNER, POOLS_SIGNER, SOLO_SIGNER = range(3)


@dataclass(frozen=True)
class Position:
    """What a stacker has locked."""

    locked: int = 0
    unlock: int = 0
    pool: int | None = None


class Pools:
    """Solo stackers, members of pools and three pools: a known contract, a plain account, another contract.

    In a chain that begins with Stacks 4.0 they do nothing.
    """

    def __init__(self, txs: Transactions, accounts: Accounts, first_burn_height: int) -> None:
        self._txs = txs
        # Those that lock one after another as the chain grows are the last forty founders.
        self.solo, self.members = accounts.founders[-50:-40], accounts.founders[-60:-50]
        self._operators = accounts.founders[-63:-60]
        self.pools = [FAST_POOL, self._operators[1], f"{self._operators[2]}.own-pool"]
        self._positions: dict[str, Position] = defaultdict(Position)
        self._committed: dict[tuple[int, int], int] = defaultdict(int)
        self._story = story(self.solo, self.members) if first_burn_height < POX_5_HEIGHT else iter(())
        self._next = next(self._story, None)

    def due(self, burn_height: int) -> Iterator[Tx]:
        """Yield what is to happen up to a Bitcoin height and has not yet."""
        while self._next and FIRST_BURN_HEIGHT + self._next.at <= burn_height:
            yield self._tx(self._next, burn_height)
            self._next = next(self._story, None)

    def lock(self, founder: str, burn_height: int) -> Tx:
        """A solo stacker locks STX for the next cycle."""
        return self._tx(Step(0, "stack-stx", founder, LOCKED_USTX // STX, cycles=1), burn_height)

    def _tx(self, step: Step, burn_height: int) -> Tx:
        is_by_member = step.pool is None or step.name in ("delegate-stx", "revoke-delegate-stx")
        sender = step.who if is_by_member else self._operators[step.pool or FAST]
        # Who joins or runs a pool that is a contract calls that contract.
        pool = self.pools[step.pool] if step.pool is not None and step.name != "revoke-delegate-stx" else ""
        call = self._commit(step, burn_height) if step.name in COMMITS else self._call(step, burn_height)
        return self._txs.pox(sender, call, through=pool if "." in pool else None)

    def _call(self, step: Step, burn_height: int) -> PoxCall:
        before = self._positions[step.who]
        if before.unlock <= burn_height:
            before = replace(before, locked=0, unlock=0)
        after = _after(step, before, burn_height)
        self._positions[step.who] = after
        pool = None if step.pool is None else self.pools[step.pool]
        signer = SOLO_SIGNER if step.pool is None else _signer(step.pool)
        is_members_choice = step.name in ("delegate-stx", "revoke-delegate-stx")
        return PoxCall(
            step.name, step.who, after.locked, after.unlock, step.version, step.amount * STX, step.cycles, signer,
            delegator=None if is_members_choice else pool, delegate_to=pool if is_members_choice else None,
        )  # fmt: skip

    def _commit(self, step: Step, burn_height: int) -> PoxCall:
        """A pool puts what its members locked for the next cycle, and it has not committed yet, in that cycle's set."""
        pool, cycle = step.pool or FAST, cycle_of(burn_height) + 1
        reaching = [p.locked for p in self._positions.values() if p.pool == pool and p.unlock > cycle_start(cycle)]
        amount = sum(reaching) - self._committed[pool, cycle]
        self._committed[pool, cycle] += amount
        return PoxCall(step.name, self.pools[pool], amount=amount, signer=_signer(pool))


def _after(step: Step, before: Position, burn_height: int) -> Position:
    match step.name.removeprefix("delegate-"):
        case "stack-stx":
            pool = step.pool if step.version == 4 else None
            return Position(step.amount * STX, cycle_start(cycle_of(burn_height) + 1 + step.cycles), pool)
        case "stack-extend":
            return replace(before, unlock=before.unlock + step.cycles * CYCLE_LENGTH)
        case "stack-increase":
            return replace(before, locked=before.locked + step.amount * STX)
        case "handle-unlock":
            return Position(0, burn_height)
    return before


def _signer(pool: int) -> int:
    return FAST_SIGNER if pool == FAST else POOLS_SIGNER
