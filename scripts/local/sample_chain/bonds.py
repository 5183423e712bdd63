"""The sample's bonds: STX and BTC locked together, as the contract of PoX-5 counts them."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from scripts.local.sample_chain.cycles import cycle_of, cycle_start
from scripts.local.sample_chain.pox5_events import Print
from scripts.local.sample_chain.sbtc import moved
from scripts.local.sample_chain.stakes import Position, Stakes
from scripts.local.sample_chain.timeline import NETWORK
from scripts.local.sample_chain.tx import BOOT, Event

CONTRACT = f"{BOOT}.pox-5"

# The contract's are of twelve cycles, and one begins with every second; the sample's are shorter, so that one of them
# ends, and two run at once, within its first days.
BOND_CYCLES = 2

Part = Event | Print


class Bond(NamedTuple):
    """A bond: the yearly rate that it aims at, in basis points, and its price of BTC in STX, which sets its rank."""

    index: int
    rate: int
    stx_value_ratio: int

    @property
    def first_cycle(self) -> int:
        """The first of its cycles; the first bond's is the first of the waterfall."""
        return cycle_of(NETWORK.waterfall_height) + self.index

    @property
    def end_cycle(self) -> int:
        """The cycle with which it has ended."""
        return self.first_cycle + BOND_CYCLES


class Bonds:
    """The bonds that were set up, and the calls of their members."""

    def __init__(self, stakes: Stakes) -> None:
        self._stakes = stakes
        self.all: dict[int, Bond] = {}

    def setup(self, index: int, allowances: Mapping[str, int]) -> list[Part]:
        """Open a bond to some stakers, each up to so many sats."""
        bond = self.all[index] = Bond(index, 300 + 20 * index, 3_000 + 100 * index)
        printed = Print("setup-bond", {
            "bond_index": index, "target_rate": bond.rate, "stx_value_ratio": bond.stx_value_ratio,
            "min_ustx_ratio": 3333, "early_unlock_bytes": "0x21" + hashlib.sha256(b"early").hexdigest(),
            "first_reward_cycle": bond.first_cycle, "bond_start_height": cycle_start(bond.first_cycle),
            "unlock_cycle": bond.end_cycle, "unlock_burn_height": cycle_start(bond.end_cycle),
        })  # fmt: skip
        allowed = [
            Print("add-to-allowlist", {"staker": staker, "max_sats": sats, "bond_index": index})
            for staker, sats in allowances.items()
        ]
        return [printed, *allowed]

    def register(self, staker: str, index: int, signer: str, ustx: int, sats: int, *, is_l1: bool) -> list[Part]:
        """Enter a bond, with what a stake or another bond had locked or with more or less of it."""
        bond, before = self.all[index], self._stakes.positions.get(staker)
        position = Position(signer, ustx, bond.first_cycle, bond.end_cycle, index, sats, is_l1)
        self._stakes.set(staker, position)
        data = {
            "signer": signer, "staker": staker, "amount_ustx": ustx, "sats_total": sats, "bond_index": index,
            "first_reward_cycle": bond.first_cycle, "unlock_cycle": bond.end_cycle,
            "unlock_burn_height": cycle_start(bond.end_cycle), "is_l1_lock": is_l1,
            "btc_lockup": _lockup(staker, is_l1),
        }  # fmt: skip
        rolled = roll_sbtc(staker, before.custody_sats if before else 0, position.custody_sats)
        return [*rolled, Print("register-for-bond", data)]

    def update_registration(self, staker: str, signer: str, burn_height: int) -> list[Part]:
        """Go to another signer manager with the next cycle; nothing new is locked."""
        before = self._stakes.positions[staker]
        following = max(cycle_of(burn_height) + 1, before.first_cycle)
        self._stakes.set(staker, replace(before, signer=signer), following)
        return [Print("update-bond-registration", {
            "staker": staker, "signer": signer, "old_signer": before.signer, "bond_index": before.bond,
            "amount_ustx": before.ustx, "amount_sats": before.sats, "first_reward_cycle": following,
            "num_cycles": before.end_cycle - following, "is_l1_lock": before.is_l1,
        })]  # fmt: skip

    def unstake_sbtc(self, staker: str, sats: int, burn_height: int) -> list[Part]:
        """Take sBTC out of a bond; its STX stay."""
        before = self._stakes.positions[staker]
        left = before.sats - sats
        self._keep(staker, left, burn_height)
        data = self._member(staker) | {"amount_withdrawn_sats": sats, "new_amount_sats": left}
        return [*moved(CONTRACT, staker, sats), Print("unstake-sbtc", data)]

    def announce_early_exit(self, staker: str, burn_height: int) -> list[Part]:
        """Say that the BTC of a bond was taken out on Bitcoin; its STX stay."""
        released = self._stakes.positions[staker].sats
        self._keep(staker, 0, burn_height)
        return [Print("announce-l1-early-exit", self._member(staker) | {"amount_sats_released": released})]

    def active(self, calculation_height: int) -> list[Bond]:
        """The bonds that run at a height, those of a higher price of BTC first."""
        running = [
            bond
            for bond in self.all.values()
            if cycle_start(bond.first_cycle) < calculation_height <= cycle_start(bond.end_cycle)
        ]
        return sorted(running, key=lambda bond: (-bond.stx_value_ratio, bond.index))

    def _keep(self, staker: str, sats: int, burn_height: int) -> None:
        before = self._stakes.positions[staker]
        changed = range(max(cycle_of(burn_height), before.first_cycle), before.end_cycle)
        self._stakes.shares.keep_sats(staker, sats, changed)
        self._stakes.positions[staker] = replace(before, sats=sats)

    def _member(self, staker: str) -> dict[str, Any]:
        position = self._stakes.positions[staker]
        return {"staker": staker, "signer": position.signer, "bond_index": position.bond}


def roll_sbtc(staker: str, before: int, after: int) -> list[Event]:
    """What moves when the sats that the contract keeps for a staker change."""
    return moved(staker, CONTRACT, after - before) if after > before else moved(CONTRACT, staker, before - after)


def _lockup(staker: str, is_l1: bool) -> dict[str, Any]:
    if not is_l1:
        return {"type": "l2", "txs": None}
    return {"type": "l1", "txs": [{"txid": "0x" + hashlib.sha256(staker.encode()).hexdigest(), "output_index": 0}]}
