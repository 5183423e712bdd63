"""The sample's staking since Stacks 4.0: every call of PoX-5 as a transaction, at its Bitcoin block."""

from collections.abc import Callable, Iterator

from scripts.local.sample_chain.accounts import Accounts
from scripts.local.sample_chain.bonds import CONTRACT, Bonds, Part, roll_sbtc
from scripts.local.sample_chain.cycles import cycle_of
from scripts.local.sample_chain.pox5_events import Print
from scripts.local.sample_chain.reward_calculations import RewardCalculations
from scripts.local.sample_chain.sbtc import DEPOSIT, SIGNERS, deposited
from scripts.local.sample_chain.signer_managers import FAST, managers
from scripts.local.sample_chain.stakes import Stakes
from scripts.local.sample_chain.staking_story import Step, story
from scripts.local.sample_chain.timeline import FIRST_BURN_HEIGHT
from scripts.local.sample_chain.transactions import Transactions, logged
from scripts.local.sample_chain.tx import ABORT_BY_RESPONSE, BOOT, Tx

STX = 1_000_000

# What the signers of sBTC have for fees; how deep a Bitcoin block is before its BTC is minted, and what that costs.
FUNDS_USTX, CONFIRMATIONS, FEE_SATS = 10 * STX, 6, 1_200

Call = Callable[[Step, int], Iterator[Tx]]


class Staking:
    """Stakers, bonds and signer managers; `pool` is the BTC that waits to be minted, by Bitcoin height."""

    def __init__(self, txs: Transactions, accounts: Accounts) -> None:
        self._txs = txs
        self.managers = managers(accounts)
        self._funder, self._admin, self._anyone = accounts.founders[-80:-77]
        self._stakers = accounts.founders[-100:-90]
        self._solo = accounts.founders[-50]
        self.stakes = Stakes()
        self._bonds = Bonds(self.stakes)
        self._rewards = RewardCalculations(self.stakes.shares, self._bonds)
        self._pool: dict[int, int] = {}
        self._story = story()
        self._next = next(self._story)

    def pool(self, burn_height: int, sats: int) -> None:
        """Take note of what the miners of a Bitcoin block sent to the pool."""
        self._pool[burn_height] = sats

    def due(self, burn_height: int) -> Iterator[Tx]:
        """Yield what is to happen up to a Bitcoin height and has not yet."""
        while FIRST_BURN_HEIGHT + self._next.at <= burn_height:
            call: Call = getattr(self, "_" + self._next.name.replace("-", "_"))
            yield from call(self._next, burn_height)
            self._next = next(self._story)

    def lock(self, staker: str, ustx: int, burn_height: int) -> Tx:
        """A staker stakes for the next cycle; refused in the prepare phase."""
        return self._staked(staker, FAST, ustx, 1, burn_height)

    def weights(self, cycle: int) -> dict[bytes, int]:
        """The µSTX of each signer's key in a cycle's set; managers may share a key."""
        keys = {manager.contract: manager.key for manager in self.managers}
        weights: dict[bytes, int] = {}
        for contract, ustx in self.stakes.shares.weights(cycle).items():
            weights[keys[contract]] = weights.get(keys[contract], 0) + ustx
        return dict(sorted(weights.items()))

    def _fund(self, step: Step, burn_height: int) -> Iterator[Tx]:
        yield self._txs.transfer(self._funder, SIGNERS, FUNDS_USTX)

    def _call_pox_4(self, step: Step, burn_height: int) -> Iterator[Tx]:
        yield self._txs.call(self._solo, f"{BOOT}.pox-4", status=ABORT_BY_RESPONSE)

    def _register_signer(self, step: Step, burn_height: int) -> Iterator[Tx]:
        contract, operator, key = self.managers[step.manager]
        granted = {"signer_key": f"0x{key.hex()}", "signer_manager": contract, "auth_id": step.manager + 1}
        registered = {"signer": contract, "signer_key": f"0x{key.hex()}"}
        prints = (Print("grant-signer-key", granted), Print("register-signer", registered))
        yield self._txs.staking(operator, contract, *prints)

    def _deposit(self, step: Step, burn_height: int) -> Iterator[Tx]:
        yield self._deposited(self._stakers[step.who], step.sats)

    def _deposit_rewards(self, step: Step, burn_height: int) -> Iterator[Tx]:
        """All BTC of the pool that is deep enough becomes sBTC of the contract."""
        ripe = [height for height in self._pool if height <= burn_height - CONFIRMATIONS]
        sats = sum(self._pool.pop(height) - FEE_SATS for height in ripe)
        if sats:
            self._rewards.receive(sats)
            yield self._deposited(CONTRACT, sats)

    def _stake(self, step: Step, burn_height: int) -> Iterator[Tx]:
        yield self._staked(self._stakers[step.who], step.manager, step.amount * STX, step.cycles, burn_height)

    def _stake_update(self, step: Step, burn_height: int) -> Iterator[Tx]:
        staker, signer = self._stakers[step.who], self.managers[step.manager].contract
        yield self._by(staker, self.stakes.stake_update(staker, signer, step.amount * STX, step.cycles, burn_height))

    def _unstake(self, step: Step, burn_height: int) -> Iterator[Tx]:
        staker = self._stakers[step.who]
        yield self._by(staker, self.stakes.unstake(staker, burn_height))

    def _setup_bond(self, step: Step, burn_height: int) -> Iterator[Tx]:
        allowances = dict.fromkeys(self._stakers, 500000000)
        yield self._by(self._admin, *self._bonds.setup(step.bond, allowances))

    def _register_for_bond(self, step: Step, burn_height: int) -> Iterator[Tx]:
        staker, signer = self._stakers[step.who], self.managers[step.manager].contract
        ustx = step.amount * STX
        yield self._by(staker, *self._bonds.register(staker, step.bond, signer, ustx, step.sats, is_l1=step.is_l1))

    def _update_bond_registration(self, step: Step, burn_height: int) -> Iterator[Tx]:
        staker, signer = self._stakers[step.who], self.managers[step.manager].contract
        yield self._by(staker, *self._bonds.update_registration(staker, signer, burn_height))

    def _unstake_sbtc(self, step: Step, burn_height: int) -> Iterator[Tx]:
        staker = self._stakers[step.who]
        yield self._by(staker, *self._bonds.unstake_sbtc(staker, step.sats, burn_height))

    def _announce_l1_early_exit(self, step: Step, burn_height: int) -> Iterator[Tx]:
        staker = self._stakers[step.who]
        yield self._by(staker, *self._bonds.announce_early_exit(staker, burn_height))

    def _calculate_rewards(self, step: Step, burn_height: int) -> Iterator[Tx]:
        yield self._by(self._anyone, *self._rewards.calculate(burn_height))

    def _claim_rewards(self, step: Step, burn_height: int) -> Iterator[Tx]:
        """A manager claims for this cycle or the one before, then each of its stakers; of nothing the call fails."""
        contract, operator, _ = self.managers[step.manager]
        cycle = cycle_of(burn_height) + step.cycles
        parts = self._rewards.claim(contract, cycle)
        yield self._txs.staking(operator, contract, *parts, is_refused=not parts)
        for staker in self._stakers if parts else ():
            is_member = self.stakes.shares.signer(staker, cycle) == contract
            earned = self._rewards.claim_of(staker, cycle) if is_member else []
            if earned:
                yield self._txs.staking(staker, contract, *earned)

    def _staked(self, staker: str, manager: int, ustx: int, cycles: int, burn_height: int) -> Tx:
        """A stake; of a bond's member, with the sBTC that it gets back."""
        before = self.stakes.positions.get(staker)
        printed = self.stakes.stake(staker, self.managers[manager].contract, ustx, cycles, burn_height)
        if printed is None:
            return self._txs.staking(staker, CONTRACT, is_refused=True)
        return self._by(staker, *roll_sbtc(staker, before.custody_sats if before else 0, 0), printed)

    def _by(self, sender: str, *parts: Part) -> Tx:
        return self._txs.staking(sender, CONTRACT, *parts)

    def _deposited(self, recipient: str, sats: int) -> Tx:
        return self._txs.call(SIGNERS, DEPOSIT, *deposited(recipient, sats, logged("completed-deposit", sats)))
