"""The sample's transactions: a mix close to mainnet's, with the rare cases that break careless readers."""

import hashlib
from collections import defaultdict
from random import Random

from scripts.local.sample_chain.accounts import Accounts
from scripts.local.sample_chain.balances import STX, Balances
from scripts.local.sample_chain.pox5_events import LOCKING, Print, Printed
from scripts.local.sample_chain.pox_events import PoxCall
from scripts.local.sample_chain.tx import (
    ABORT_BY_POST_CONDITION,
    ABORT_BY_RESPONSE,
    BOOT,
    BURN,
    MINT,
    SKIPPED,
    SUCCESS,
    TRANSFER,
    Event,
    Tx,
    stx,
)

# Each founder's; who is sent the lesser amount starts to send as well, and can pay some fees.
GENESIS_USTX, FUNDED_USTX = 2_000_000_000_000, 2_000_000
CALL_FEE = 500
U128_MAX = 2**128 - 1


class Transactions:
    """Makes transactions one after another; each knows the owners that those before it left."""

    def __init__(self, random: Random, accounts: Accounts) -> None:
        self._random, self._accounts = random, accounts
        self._count = 0
        self._nonces: dict[str, int] = defaultdict(int)
        self._is_funded = set(accounts.founders)
        self._balances = Balances()
        for founder in accounts.founders:
            self._balances.give(founder, STX, GENESIS_USTX)
        self._owners: dict[tuple[str, bytes], str] = {}
        self._tokens: list[tuple[str, bytes]] = []

    def new(self, type_id: int, sender: str, **given: object) -> Tx:
        """A transaction of a given type."""
        self._count += 1
        tx_id = hashlib.sha256(f"tx {self._count}".encode()).digest()
        tx = Tx(tx_id, type_id, sender, nonce=self._next_nonce(sender), **given)  # type: ignore[arg-type]
        tx.sponsor_nonce = self._next_nonce(tx.sponsor) if tx.sponsor else None
        return tx

    def _next_nonce(self, account: str) -> int:
        self._nonces[account] += 1
        return self._nonces[account] - 1

    def user(self) -> Tx:
        """A transaction that somebody sends: 84 % contract calls, 15 % transfers, the rest deployments."""
        draw, sender = self._random.random(), self._payer()
        fee = self._random.randrange(200, 100_000)
        sponsor = self._payer() if self._random.random() < 0.01 else None
        self._balances.give(sponsor or sender, STX, -fee)
        if draw < 0.15:
            return self._transfer(sender, fee, sponsor)
        if draw < 0.16:
            return self._deployment(sender, fee)
        return self._call(sender, fee, sponsor)

    def rare(self) -> list[Tx]:
        """One of each case that is seen seldom: they come once a chain."""
        one, other = self._accounts.founders[:2]
        token = f"{self._accounts.tokens[0]}"
        huge = Event("ft", token, MINT, U128_MAX, None, one)
        memo = bytes([0xFF, 0xFE, 0xC3, 0x28]).ljust(34, b"\0")
        return [
            self.new(2, one, fee=400, contract=self._accounts.contracts[0], events=[huge]),
            self.new(0, one, fee=180, recipient=other, amount=5, memo=memo, events=[stx(one, other, 5, memo)]),
            self.new(0, one, fee=180, recipient=one, amount=7, memo=b"\0" * 34, events=[stx(one, one, 7)]),
            self.new(2, one, fee=300, status=SKIPPED, contract=self._accounts.contracts[1]),
            self.new(3, other, fee=250),
            self.new(
                2, one, fee=210, contract=self._accounts.contracts[2], events=[Event("stx", "", BURN, 9, one, None)]
            ),
        ]

    def pox(self, sender: str, call: PoxCall, through: str | None = None) -> Tx:
        """A call of a PoX contract, or of one that calls it: its print and, where it locks, the lock."""
        contract = f"{BOOT}.pox-{call.version}"
        events = [Event("log", contract, value=logged(call.name, call.locked))]
        if call.is_lock:
            events.append(Event("lock", f"pox-{call.version}", value=call.locked))
            self._balances.reserve(call.stacker, call.locked)
        self._balances.give(sender, STX, -CALL_FEE)
        return self.new(2, sender, fee=CALL_FEE, contract=through or contract, pox=call, events=events)

    def staking(self, sender: str, contract: str, *parts: Event | Print, is_refused: bool = False) -> Tx:
        """A call of PoX-5, or of a contract that calls it: moves of sBTC, and its prints with what they lock."""
        events, printed = [], []
        for part in parts:
            if isinstance(part, Event):
                events.append(part)
                continue
            printed.append(Printed(len(events), *part))
            events.append(Event("log", f"{BOOT}.pox-5", value=logged(part.name, int(part.data.get("amount_ustx", 0)))))
            if part.name in LOCKING:
                events.append(Event("lock", "pox-5", value=part.data["amount_ustx"]))
                self._balances.reserve(part.data["staker"], part.data["amount_ustx"])
        tx = self.call(sender, contract, *events, status=ABORT_BY_RESPONSE if is_refused else SUCCESS)
        tx.pox5 = printed
        return tx

    def call(self, sender: str, contract: str, *events: Event, status: int = SUCCESS) -> Tx:
        """A contract call with the events given; what it pays in STX is taken from the balances."""
        for event in events:
            if event.kind == "stx" and event.sender and event.recipient:
                self._balances.give(event.sender, STX, -int(event.value))  # type: ignore[arg-type]
                self._balances.give(event.recipient, STX, int(event.value))  # type: ignore[arg-type]
        self._balances.give(sender, STX, -CALL_FEE)
        return self.new(2, sender, fee=CALL_FEE, contract=contract, status=status, events=list(events))

    def transfer(self, sender: str, recipient: str, amount: int) -> Tx:
        """A plain transfer of so many µSTX; it and the fee are taken from the balances."""
        event = stx(sender, recipient, amount, bytes(34))
        self._balances.give(sender, STX, -amount - CALL_FEE)
        self._balances.give(recipient, STX, amount)
        return self.new(0, sender, fee=CALL_FEE, recipient=recipient, amount=amount, memo=bytes(34), events=[event])

    def _transfer(self, sender: str, fee: int, sponsor: str | None) -> Tx:
        recipient, wanted = self._accounts.recipient(), int(self._random.paretovariate(0.8) * 1_000_000) % 10**12
        amount = self._pay(sender, recipient, wanted)
        memo = f"{self._random.randrange(10**6)}".encode().ljust(34, b"\0")
        events = [stx(sender, recipient, amount, memo)]
        return self.new(
            0, sender, fee=fee, sponsor=sponsor, recipient=recipient, amount=amount, memo=memo, events=events
        )

    def _deployment(self, sender: str, fee: int) -> Tx:
        type_id = self._random.choice((1, 6))
        status = ABORT_BY_RESPONSE if self._random.random() < 0.1 else SUCCESS
        return self.new(type_id, sender, fee=fee, status=status, contract=f"{sender}.contract-{self._count}")

    def _call(self, sender: str, fee: int, sponsor: str | None) -> Tx:
        contract = self._random.choice(self._accounts.contracts)
        tx = self.new(2, sender, fee=fee, sponsor=sponsor, contract=contract)
        draw = self._random.random()
        tx.status = ABORT_BY_RESPONSE if draw < 0.04 else ABORT_BY_POST_CONDITION if draw < 0.06 else SUCCESS
        if tx.status == SUCCESS:
            tx.events = list(self._call_events(sender, contract))
        return tx

    def _call_events(self, sender: str, contract: str) -> list[Event]:
        random, events = self._random, []
        if random.random() < 0.9:
            events += self._paid(sender, contract)
        if random.random() < 0.15:
            events += self._paid(contract, self._accounts.recipient())
        for _ in range(random.choice((0, 1, 2, 2))):
            events.append(self._ft(sender, contract))
        if random.random() < 0.4:
            events.append(self._nft(sender))
        for _ in range(random.choice((1, 2, 2, 3))):
            events.append(Event("log", contract, value=logged("call", random.randrange(10**12))))
        return events

    def _paid(self, giver: str, taker: str) -> list[Event]:
        """STX from one to another; nothing if the giver has none."""
        amount = self._pay(giver, taker, self._random.randrange(1, 50_000_000))
        return [stx(giver, taker, amount)] if amount else []

    def _pay(self, giver: str, taker: str, wanted: int) -> int:
        amount = self._balances.spend(giver, STX, wanted)
        self._balances.give(taker, STX, amount)
        if amount >= FUNDED_USTX and "." not in taker and taker not in self._is_funded:
            self._is_funded.add(taker)
            self._accounts.funded.append(taker)
        return amount

    def _payer(self) -> str:
        """A sender who can still pay."""
        sender = self._accounts.sender()
        while self._balances.holds(sender, STX) < FUNDED_USTX:
            sender = self._accounts.sender()
        return sender

    def _ft(self, sender: str, contract: str) -> Event:
        token, wanted = self._random.choice(self._accounts.tokens), self._random.randrange(1, 10**9)
        action = self._random.choice((TRANSFER, TRANSFER, TRANSFER, MINT, BURN))
        amount = 0 if action == MINT else self._balances.spend(sender, token, wanted)
        if not amount:
            self._balances.give(sender, token, wanted)
            return Event("ft", token, MINT, wanted, None, sender)
        if action == BURN:
            return Event("ft", token, BURN, amount, sender, None)
        taker = contract if self._random.random() < 0.5 else self._accounts.recipient()
        self._balances.give(taker, token, amount)
        return Event("ft", token, TRANSFER, amount, sender, taker)

    def _nft(self, sender: str) -> Event:
        if self._tokens and self._random.random() < 0.6:
            token = self._random.choice(self._tokens)
            owner = self._owners.get(token)
            if owner:
                taker = self._accounts.recipient() if self._random.random() < 0.9 else None
                self._owners[token] = taker or ""
                return Event("nft", token[0], TRANSFER if taker else BURN, token[1], owner, taker)
        collection = self._random.choice(self._accounts.collections)
        token = (collection, b"\x01" + (len(self._tokens) + 1).to_bytes(16, "big"))
        self._tokens.append(token)
        self._owners[token] = sender
        return Event("nft", collection, MINT, token[1], None, sender)


def logged(topic: str, amount: int) -> bytes:
    """Return Clarity's serialisation of {amount: uint, topic: string-ascii}, which contracts print."""
    number, text = b"\x01" + amount.to_bytes(16, "big"), b"\x0d" + len(topic).to_bytes(4, "big") + topic.encode()
    return b"\x0c\0\0\0\x02\x06amount" + number + b"\x05topic" + text
