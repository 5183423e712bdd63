"""Locks of every version of PoX on made-up chains, and bonds."""

import json
import random
from typing import Any

from stacks_dataverse.network import Network
from tests.second_opinion.chain import Row
from tests.second_opinion.random_principals import ACCOUNTS, CONTRACTS

Happened = tuple[str, Row]
NAMES = (
    *("stack-stx", "delegate-stx", "delegate-stack-stx", "delegate-stack-extend", "delegate-stack-increase"),
    *("stack-aggregation-commit", "revoke-delegate-stx", "handle-unlock"),
)

# Of one distribution; pox-5.clar, calculate-rewards.
MOST_BONDS = 6


def event_of(name: str, **data: Any) -> Happened:
    """An event of PoX-5: numbers are text."""
    fields = {key: str(value) if type(value) is int else value for key, value in data.items()}
    return "pox5_events", {"name": name, "data": json.dumps(fields)}


class Staking:
    """What PoX does, by the bonds that there are and the Bitcoin height until which rewards are distributed."""

    def __init__(self, dice: random.Random, network: Network) -> None:
        self.dice, self.network = dice, network
        self.state: dict[str, Any] = {"bonds": [], "paid_until": network.first_burn_height}
        self.burn_height = 0

    def some(self, _tx: Row) -> list[Happened]:
        """Something that a contract of PoX does."""
        what = (
            self.lock,
            self.lock,
            self.earlier,
            self.earlier,
            self.stake,
            self.stake,
            self.bond,
            self.bond,
            self.register,
        )
        height = self._due()
        return self.pay(height) if height else self.dice.choice(what)()

    def _terms(self) -> tuple[str, int, int]:
        return self.dice.choice(ACCOUNTS), self.dice.randrange(1, 10**13), self.dice.randrange(100, 150)

    def lock(self) -> list[Happened]:
        """A lock event."""
        address, amount, height = self._terms()
        contract = self.dice.choice(("pox", "pox-2", "pox-3", "pox-4", "pox-5"))
        return [_locked(contract, address, amount, height)]

    def earlier(self) -> list[Happened]:
        """An event of PoX-2 to PoX-4."""
        address, amount, height = self._terms()
        name = self.dice.choice(NAMES)
        delegator = self.dice.choice((*ACCOUNTS[:2], *CONTRACTS[:2]))
        event = {"name": name, "stacker": address, "locked": amount, "burnchain_unlock_height": height}
        event |= {"locked": 0} if name == "handle-unlock" else {}
        event["delegator"] = delegator if name.startswith("delegate-stack") else None
        return [(f"pox{self.dice.choice((2, 3, 4))}_events", event)]

    def stake(self) -> list[Happened]:
        """A stake of PoX-5, or a change of one, and its lock."""
        address, amount, height = self._terms()
        of = {"staker": address, "amount_ustx": amount, "unlock_burn_height": height, **self._signer()}
        name = self.dice.choice(("stake", "stake-update", "unstake"))
        return [event_of(name, **of), *self._lock_of(address, amount, height)]

    def _signer(self) -> dict[str, str]:
        return {"signer": self.dice.choice(CONTRACTS)}

    def _lock_of(self, address: str, amount: int, height: int) -> list[Happened]:
        return [_locked("pox-5", address, amount, height)] if self.dice.random() < 0.8 else []

    def bond(self) -> list[Happened]:
        """A new bond, or something that happens to one."""
        if not self.state["bonds"] or self.dice.random() < 0.2:
            return [self._setup()]
        index, (address, amount, height) = self.dice.randrange(len(self.state["bonds"])), self._terms()
        of = {"bond_index": index, "staker": address, **self._signer()}
        sats = self.dice.randrange(10**9)
        match self.dice.randrange(6):
            case 0:
                return [event_of("add-to-allowlist", bond_index=index, staker=address, max_sats=sats)]
            case 1:
                of |= {"amount_ustx": amount, "sats_total": sats, "is_l1_lock": self.dice.random() < 0.5}
                return [
                    event_of("register-for-bond", unlock_burn_height=height, **of),
                    *self._lock_of(address, amount, height),
                ]
            case 2:
                left = self.dice.choice((0, 5))
                return [event_of("unstake-sbtc", amount_withdrawn_sats=sats, new_amount_sats=left, **of)]
            case 3:
                return [event_of("announce-l1-early-exit", amount_sats_released=sats, **of)]
            case 4:
                of |= {"amount_ustx": amount, "first_reward_cycle": self.dice.randrange(5), "num_cycles": 1}
                return [event_of("update-bond-registration", amount_sats=sats, is_l1_lock=False, **of)]
        claim = {"rewards_claimed": sats, "bond_index": self.dice.choice((None, index)), "staker": address}
        return [event_of("claim-staker-rewards-for-signer", **claim, **self._signer())]

    def _setup(self) -> Happened:
        index, cycle = len(self.state["bonds"]), self.dice.randrange(4)
        start, end = (self.network.first_burn_height + self.network.cycle_length * (cycle + more) for more in (0, 1))
        self.state["bonds"].append((start, end))
        terms = {"target_rate": 300, "stx_value_ratio": 5, "min_ustx_ratio": 6, "first_reward_cycle": cycle}
        until = {"bond_start_height": start, "unlock_cycle": cycle + 1, "unlock_burn_height": end}
        return event_of("setup-bond", bond_index=index, **terms, **until)

    def register(self) -> list[Happened]:
        """A signer registers a key."""
        return [event_of("register-signer", signer=self.dice.choice(CONTRACTS), signer_key="0x02aa")]

    def _due(self) -> int | None:
        """The last Bitcoin height of the last half cycle that is over, if nothing was distributed since."""
        half = self.network.cycle_length // 2
        height = self.burn_height - (self.burn_height - self.network.first_burn_height) % half - 1
        is_due = self.burn_height >= self.network.pox_5_height and height > self.state["paid_until"]
        return height if is_due else None

    def pay(self, height: int) -> list[Happened]:
        """A distribution of what came in until a Bitcoin height, with the parts of the bonds that are active there."""
        self.state["paid_until"] = height
        active = [index for index, (start, end) in enumerate(self.state["bonds"]) if start < height <= end]
        parts = {index: self.dice.randrange(10**6) for index in active[:MOST_BONDS]}
        stakers, reserve = (self.dice.randrange(10**6) for _ in range(2))
        staked, bonds = self.dice.choice((0, 10**9)), sum(parts.values())
        return [
            *(
                event_of(
                    "bond-distribution", bond_index=index, bond_rewards=sats, target_yield=sats + 1, bond_staked_sats=9
                )
                for index, sats in parts.items()
            ),
            event_of(
                "calculate-rewards",
                stx_cycle=self.network.cycle_of(height),
                calculation_height=height,
                gross_accrued_rewards=bonds + reserve + (stakers if staked else 0),
                total_bond_rewards=bonds,
                total_stx_staker_rewards=stakers,
                reserve_deposit=reserve,
                reserve_balance=reserve + 5,
                cycle_staked_ustx=staked,
            ),
        ]


def _locked(contract: str, address: str, amount: int, height: int) -> Happened:
    lock = {"contract_name": contract, "locked_address": address, "locked_amount": amount, "unlock_height": height}
    return "stx_lock_events", lock
