"""STX, tokens, NFTs, names and sBTC that change hands on made-up chains, and what is printed of it."""

import random
from typing import Any

from stacks_dataverse.clarity import Ascii, Buffer, Int, Principal, Some, Tuple, UInt, decode, encode
from tests.second_opinion.chain import BURN, MINT, TRANSFER, Row
from tests.second_opinion.exchanges import ACTIONS, ALEX, POOLS, STACKSWAP, VELAR
from tests.second_opinion.names import CONTRACTS as NAMING
from tests.second_opinion.random_principals import ACCOUNTS, MARKETS, POX5, PRINCIPALS
from tests.second_opinion.sbtc import DEPLOYER, LIQUID, LOCKED

Happened = tuple[str, Row]
HUGE = 2**128 - 1
TOKENS = (
    *(LIQUID, LIQUID, LOCKED, "SPT.token::one", "SPT.token::two"),
    "SP102V8P0F7JX67ARQ77WEA3D3CFB5XW39REDT0AM.token-alex::alex",
)
COLLECTIONS = ("SPN.apes::apes", "SPN.punks::punks", f"{NAMING[1]}::names", f"{NAMING[2]}::BNS-V2")
PARTS = (Buffer(b"btc"), Buffer(b"id"), Buffer(b"\xff\x00"), Buffer(b"a.b"))
SENDER = "SP000000000000000000002Q6VF78"
POOL = f"{SENDER}.market-1"
REGISTRY = f"{DEPLOYER}.sbtc-registry"


def tuple_of(**fields: Any) -> Tuple:
    """A tuple of Clarity; `_` in names is a dash."""
    return Tuple(tuple((name.replace("_", "-"), value) for name, value in sorted(fields.items())))


def printed(contract: str, value: Any) -> Happened:
    """A print."""
    data = value if isinstance(value, bytes) else encode(value)
    return "contract_logs", {"contract_identifier": contract, "topic": "print", "value": data}


class Assets:
    """Who has which token, and which withdrawals are open."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.state: dict[str, dict[Any, Any]] = {"owners": {}, "requests": {}}

    def some(self, tx: Row) -> list[Happened]:
        """Something that a contract does when it is called."""
        what = (*(self.trade,) * 3, *(self.token,) * 2, self.withdrawal, self.odd_print, *(self.swap,) * 2)
        return self.dice.choice(what)(tx)

    def transfer(self, sender: str, recipient: str) -> Happened:
        """A transfer of STX."""
        amount = self.dice.choice((1, 2, 100, 10**6, 10**10, 10**12, 10**12 - 1, self.dice.randrange(10**13)))
        return self._move("stx_events", TRANSFER, sender, recipient, amount=amount)

    def mint(self) -> Happened:
        """A mint of STX."""
        amount = self.dice.choice((10**6, 10**10, 10**13, self.dice.randrange(1, 10**14)))
        return self._move("stx_events", MINT, None, self.dice.choice(PRINCIPALS), amount=amount)

    def _move(self, table: str, kind: int, sender: str | None, recipient: str | None, **of: Any) -> Happened:
        sides = {"sender": None if kind == MINT else sender, "recipient": None if kind == BURN else recipient}
        return table, {"asset_event_type_id": kind} | sides | of

    def token(self, _tx: Row) -> list[Happened]:
        """An event of a fungible token."""
        kind, token = self.dice.choice((TRANSFER, TRANSFER, MINT, BURN)), self.dice.choice(TOKENS)
        amounts = (1, 7, 10**8, self.dice.randrange(10**9), *((HUGE, 2**127) if "SPT" in token else ()))
        sender, recipient = self.dice.sample(PRINCIPALS, 2)
        of = {"asset_identifier": token, "amount": self.dice.choice(amounts)}
        return [self._move("ft_events", kind, sender, recipient, **of)]

    def trade(self, tx: Row) -> list[Happened]:
        """Tokens and STX change hands among a few; whether that is a sale is left open."""
        sides = [tx["sender_address"], self.dice.choice(ACCOUNTS), self.dice.choice(MARKETS), self.dice.choice(MARKETS)]
        happened: list[Happened] = []
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            happened += self._nft(sides)
        for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
            sender, recipient = self.dice.choice(sides), self.dice.choice(sides)
            happened += [self.transfer(sender, recipient)] if sender != recipient else []
        if self.dice.random() < 0.1:
            happened.append(self._move("stx_events", BURN, self.dice.choice(sides), None, amount=5))
        self.dice.shuffle(sides)
        return happened

    def _nft(self, sides: list[str]) -> list[Happened]:
        """A token that is there moves, or a new one is minted."""
        owners = self.state["owners"]
        near = [token for token, owner in owners.items() if owner in sides]
        asset = self.dice.choice(COLLECTIONS)
        token, kind = (asset, self._id(asset)), MINT
        if near and self.dice.random() < 0.7:
            token, kind = self.dice.choice(near), self.dice.choice((TRANSFER, TRANSFER, TRANSFER, BURN))
        elif owners.get(token):
            return []
        sender, recipient = owners.get(token), self.dice.choice(sides)
        if kind == TRANSFER and sender == recipient:
            return []
        owners[token] = None if kind == BURN else recipient
        of = {"asset_identifier": token[0], "value": token[1]}
        return [self._move("nft_events", kind, sender, recipient, **of), *self._prints_of(token)]

    def _id(self, asset: str) -> bytes:
        if asset.endswith("::names"):
            return encode(tuple_of(name=self.dice.choice(PARTS), namespace=self.dice.choice(PARTS)))
        if "BNS" not in asset and self.dice.random() < 0.1:
            return self.dice.choice((b"\x01\x02", b"", encode(Int(-3)), encode(Some(Ascii('a"b'))), b"\x09\x09"))
        return encode(UInt(self.dice.randrange(6)))

    def _prints_of(self, token: tuple[str, bytes]) -> list[Happened]:
        """What the contract of a name prints, of this token or of another."""
        number = int.from_bytes(token[1][-16:])
        name = tuple_of(name=Buffer(b"name-%d" % number), namespace=PARTS[number % len(PARTS)])
        if self.dice.random() < 0.2:
            return []
        if token[0].endswith("::names"):
            op = self.dice.choice(("name-register", "name-transfer", "name-renewal", "name-update", "name-revoke"))
            about = decode(token[1]) if self.dice.random() < 0.7 else tuple_of(name=PARTS[0], namespace=PARTS[1])
            metadata = tuple_of(op=Ascii(op), name=about["name"], namespace=about["namespace"])
            return [printed(NAMING[1], tuple_of(attachment=tuple_of(metadata=metadata)))]
        if "BNS" in token[0]:
            topic = self.dice.choice(("new-name", "transfer-name", "renew-name", "burn-name", "new-airdrop"))
            about = Some(UInt(number)) if topic == "renew-name" else UInt(number)
            return [printed(NAMING[2], tuple_of(topic=Ascii(topic), id=about, name=name))]
        return []

    def withdrawal(self, _tx: Row) -> list[Happened]:
        """A deposit, or a step of a withdrawal."""
        requests, topic = (
            self.state["requests"],
            self.dice.choice(("completed-deposit", "withdrawal-create", "settled")),
        )
        amount, fee = UInt(self.dice.randrange(1, 10**9)), self.dice.randrange(100)
        if topic == "completed-deposit":
            return [printed(REGISTRY, self._deposit(amount))]
        if topic == "withdrawal-create":
            number = len(requests) + 1
            requests[number] = "open"
            about = {
                "request_id": UInt(number),
                "amount": amount,
                "max_fee": UInt(100),
                "block_height": UInt(100 + fee),
            }
            who = tuple_of(version=Buffer(b"\x01"), hashbytes=Buffer(b"\x02"))
            request = tuple_of(topic=Ascii(topic), recipient=who, sender=Principal(SENDER), **about)
            return [printed(REGISTRY, request)]
        opened = [number for number, state in requests.items() if state == "open"]
        if not opened:
            return []
        number = self.dice.choice(opened)
        requests[number] = "done"
        if self.dice.random() < 0.3:
            rejected = tuple_of(topic=Ascii("withdrawal-reject"), request_id=UInt(number), signer_bitmap=UInt(0))
            return [printed(REGISTRY, rejected)]
        accepted = tuple_of(
            topic=Ascii("withdrawal-accept"), request_id=UInt(number), fee=UInt(fee), burn_height=UInt(205 + fee)
        )
        return [printed(REGISTRY, accepted)]

    def _deposit(self, amount: UInt) -> Tuple:
        of = Ascii("5") if self.dice.random() < 0.1 else amount
        fields = {"topic": Ascii("completed-deposit")} | ({"amount": of} if self.dice.random() < 0.9 else {})
        return tuple_of(**fields)

    def swap(self, tx: Row) -> list[Happened]:
        """A swap, which may print other amounts than move, or move nothing on one side."""
        contract = self.dice.choice((VELAR, *POOLS))
        holder = POOLS.get(contract, (VELAR,))[0] or POOL
        tokens = self.dice.sample(("STX", "STX", "SPT.token::one", LIQUID), 2)
        amounts = [self.dice.choice((0, 3, 10**6, self.dice.randrange(1, 10**9))) for _ in tokens]
        payer, paid = self.dice.choice((tx["sender_address"], MARKETS[1])), tx["sender_address"]
        legs = [(payer, holder, tokens[0], amounts[0]), (holder, paid, tokens[1], amounts[1])]
        moved = [self._leg(*leg) for leg in legs if leg[3] and self.dice.random() < 0.95]
        amounts = amounts if self.dice.random() < 0.9 else [amount + 1 for amount in amounts]
        logs = [printed(contract, self._swapped(contract, *map(UInt, amounts)))]
        return [*logs, *moved] if contract == STACKSWAP else [*moved, *logs]

    def _leg(self, sender: str, recipient: str, token: str, amount: int) -> Happened:
        if token == "STX":
            return self._move("stx_events", TRANSFER, sender, recipient, amount=amount)
        return self._move("ft_events", TRANSFER, sender, recipient, asset_identifier=token, amount=amount)

    def _swapped(self, contract: str, taken: UInt, given: UInt) -> Tuple:
        if contract == VELAR:
            fees = {"amt_fee_lps": UInt(taken.value // 400), "amt_fee_protocol": UInt(0)}
            return tuple_of(op=Ascii("swap"), id=UInt(1), amt_in=taken, amt_out=given, **fees)
        field = POOLS[contract][1]
        pool = UInt(7) if field == "pool-id" else Principal(POOL)
        action = self.dice.choice((*ACTIONS, "add-to-position"))
        kind = "pool" if contract.startswith(ALEX) else "pair"
        return tuple_of(action=Ascii(action), object=Ascii(kind), data=tuple_of(**{field: pool}))

    def odd_print(self, _tx: Row) -> list[Happened]:
        """A print of another contract, or one that no table can read."""
        value = self.dice.choice((b"\x0c\x00", b"", encode(UInt(1)), encode(tuple_of(topic=UInt(7))), b"\xff"))
        return [printed(self.dice.choice((REGISTRY, *NAMING.values(), POX5, MARKETS[0])), value)]
