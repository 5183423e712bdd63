"""How PoX-5 splits the sBTC that came in, twice a cycle, and how signer managers and stakers claim it."""

from collections import defaultdict

from scripts.local.sample_chain.bonds import CONTRACT, Bond, Bonds, Part
from scripts.local.sample_chain.cycles import cycle_of
from scripts.local.sample_chain.pox5_events import Print
from scripts.local.sample_chain.sbtc import moved
from scripts.local.sample_chain.shares import Shares
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_CYCLE_HEIGHT

# Half a cycle, parts of 10,000 for the reserve, and the precision of rewards per share (pox-5.clar).
DISTRIBUTION_LENGTH = CYCLE_LENGTH // 2
RESERVE_RATIO, PRECISION = 1500, 10**18

# Calculations a year, as the contract takes it.
A_YEAR = 50

# What is shared out: the STX of a cycle alone, or a bond in it; and who has settled it how far.
Pot = tuple[int, int | None]


class RewardCalculations:
    """The contract's sBTC for rewards: what came in, what is reserved, and what each share has earned."""

    def __init__(self, shares: Shares, bonds: Bonds) -> None:
        self._shares, self._bonds = shares, bonds
        self._new, self._reserve = 0, 0
        self._per_share: dict[Pot, int] = defaultdict(int)
        self._settled: dict[tuple[Pot, str], int] = defaultdict(int)

    def receive(self, sats: int) -> None:
        """Take in sBTC for the next calculation."""
        self._new += sats

    def calculate(self, burn_height: int) -> list[Part]:
        """Split what came in since the last time: bonds, a reserve, and stakers of STX alone."""
        height = burn_height - (burn_height - FIRST_CYCLE_HEIGHT) % DISTRIBUTION_LENGTH - 1
        cycle, gross, left = cycle_of(height), self._new, self._new
        distributions, periods = [], self._bonds.active(height)
        for bond in periods:
            distributions.append(self._distribute(bond, cycle, left))
            left -= distributions[-1].data["bond_rewards"]
        staked = sum(share.ustx for share in self._shares.of(cycle, None).values())
        deposit = left * RESERVE_RATIO // 10_000
        for_stakers = left - deposit
        deposit += 0 if staked else for_stakers
        self._reserve, self._new = self._reserve + deposit, 0
        per_ustx = for_stakers * PRECISION // staked if staked else 0
        self._per_share[cycle, None] += per_ustx
        return [*distributions, Print("calculate-rewards", {
            "bond_periods": [bond.index for bond in periods], "calculation_height": height, "stx_cycle": cycle,
            "gross_accrued_rewards": gross, "total_bond_rewards": gross - left, "reserve_deposit": deposit,
            "reserve_balance": self._reserve, "total_stx_staker_rewards": for_stakers, "cycle_staked_ustx": staked,
            "accrued_rewards_per_ustx": per_ustx, "cumulative_rewards_per_ustx": self._per_share[cycle, None],
        })]  # fmt: skip

    def claim(self, manager: str, cycle: int) -> list[Part]:
        """Pay a signer manager what its stakers have earned of a cycle; nothing where that is nothing."""
        running = [bond for bond in self._bonds.all.values() if bond.first_cycle <= cycle < bond.end_cycle]
        of_stx = self._settle((cycle, None), manager)
        of_bonds = [{**self._settle((cycle, bond.index), manager), "bond_index": bond.index} for bond in running]
        bonds_total = sum(earned["earned"] for earned in of_bonds)
        total = of_stx["earned"] + bonds_total
        data = {
            "signer_manager": manager, "reward_cycle": cycle, "stx_rewards": of_stx, "bond_rewards": of_bonds,
            "bond_totals": bonds_total, "total_rewards": total,
        }  # fmt: skip
        return [*moved(CONTRACT, manager, total), Print("claim-rewards", data)] if total else []

    def claim_of(self, staker: str, cycle: int) -> list[Part]:
        """Pay a staker out of its signer manager's sBTC what it has earned of a cycle, after the manager claimed.

        Nothing where that is nothing.
        """
        for bond in (None, *self._bonds.all):
            share = self._shares.of(cycle, bond).get(staker)
            if share is None:
                continue
            earned = self._earned((cycle, bond), staker, share.ustx if bond is None else share.sats)
            data = {
                "signer_manager": share.signer, "staker": staker, "reward_cycle": cycle, "bond_index": bond,
                "rewards_claimed": earned,
            }  # fmt: skip
            printed = Print("claim-staker-rewards-for-signer", data)
            return [printed, *moved(share.signer, staker, earned)] if earned else []
        return []

    def _distribute(self, bond: Bond, cycle: int, available: int) -> Print:
        sats = sum(share.sats for share in self._shares.of(cycle, bond.index).values())
        target = sats * bond.rate // 10_000 // A_YEAR
        earned = min(target, available)
        per_sat = earned * PRECISION // sats if sats else 0
        self._per_share[cycle, bond.index] += per_sat
        return Print("bond-distribution", {
            "bond_index": bond.index, "target_yield": target, "bond_rewards": earned, "bond_staked_sats": sats,
            "accrued_rewards_per_sat": per_sat, "cumulative_rewards_per_sat": self._per_share[cycle, bond.index],
        })  # fmt: skip

    def _settle(self, pot: Pot, manager: str) -> dict[str, int]:
        of_manager = [share for share in self._shares.of(*pot).values() if share.signer == manager]
        held = sum(share.ustx if pot[1] is None else share.sats for share in of_manager)
        return {"earned": self._earned(pot, manager, held), "rewards_per_token": self._per_share[pot]}

    def _earned(self, pot: Pot, who: str, held: int) -> int:
        settled, self._settled[pot, who] = self._settled[pot, who], self._per_share[pot]
        return held * (self._per_share[pot] - settled) // PRECISION
