"""The sample's calls of PoX-5 that lock STX alone: each as its contract would carry it out."""

from dataclasses import dataclass, replace

from scripts.local.sample_chain.cycles import cycle_of, cycle_start, is_in_prepare_phase
from scripts.local.sample_chain.pox5_events import Print
from scripts.local.sample_chain.shares import Share, Shares


@dataclass(frozen=True)
class Position:
    """What a staker has in PoX-5: STX from one cycle up to another, and sats if it is in a bond."""

    signer: str
    ustx: int
    first_cycle: int
    end_cycle: int
    bond: int | None = None
    sats: int = 0
    is_l1: bool = False

    @property
    def share(self) -> Share:
        """Its part in each of its cycles."""
        return Share(self.signer, self.ustx, self.bond, self.sats)

    @property
    def custody_sats(self) -> int:
        """The sats of it that the contract holds as sBTC."""
        return 0 if self.is_l1 else self.sats


class Stakes:
    """The positions of all stakers, in bonds or not, and the calls that change those of STX alone."""

    def __init__(self) -> None:
        self.shares = Shares()
        self.positions: dict[str, Position] = {}

    def stake(self, staker: str, signer: str, ustx: int, cycles: int, burn_height: int) -> Print | None:
        """Lock from the next cycle on; None where the contract refuses, in the prepare phase."""
        if is_in_prepare_phase(burn_height):
            return None
        first = cycle_of(burn_height) + 1
        position = Position(signer, ustx, first, first + cycles)
        self.set(staker, position)
        return Print("stake", {
            "signer": signer, "staker": staker, "amount_ustx": ustx, "num_cycles": cycles,
            "first_reward_cycle": first, **_unlock(position),
        })  # fmt: skip

    def stake_update(self, staker: str, signer: str, more_ustx: int, more_cycles: int, burn_height: int) -> Print:
        """Lock more, for longer, or with another signer, from the next cycle on."""
        before = self.positions[staker]
        after = replace(before, signer=signer, ustx=before.ustx + more_ustx, end_cycle=before.end_cycle + more_cycles)
        following = cycle_of(burn_height) + 1
        self.set(staker, after, following)
        return Print("stake-update", {
            "staker": staker, "signer": signer, "old_signer": before.signer, "amount_ustx": after.ustx,
            "amount_increase": more_ustx, "cycles_to_extend": more_cycles, "prev_unlock_height": before.end_cycle,
            "num_cycles": after.end_cycle - following, **_unlock(after),
        })  # fmt: skip

    def unstake(self, staker: str, burn_height: int) -> Print:
        """End a stake with its cycle; until then its STX stay locked."""
        before, following = self.positions[staker], cycle_of(burn_height) + 1
        self.shares.end(staker, range(following, before.end_cycle))
        after = self.positions[staker] = replace(before, end_cycle=following)
        return Print("unstake", {
            "staker": staker, "signer": before.signer, "amount_ustx": before.ustx,
            "first_reward_cycle": before.first_cycle, **_unlock(after),
        })  # fmt: skip

    def set(self, staker: str, position: Position, from_cycle: int = 0) -> None:
        """Put a position in the place of whatever the staker had, from a cycle on."""
        first = max(position.first_cycle, from_cycle)
        if staker in self.positions:
            self.shares.end(staker, range(first, self.positions[staker].end_cycle))
        self.shares.place(staker, position.share, range(first, position.end_cycle))
        self.positions[staker] = position


def _unlock(position: Position) -> dict[str, int]:
    return {"unlock_cycle": position.end_cycle, "unlock_burn_height": cycle_start(position.end_cycle)}
