"""Events of the sample's traded tokens, on each day: mints, sales of every kind, gifts, burns."""

from collections.abc import Iterator

from scripts.local.sample_chain.accounts import Accounts, address
from scripts.local.sample_chain.timeline import BURNS_A_DAY
from scripts.local.sample_chain.transactions import Transactions
from scripts.local.sample_chain.tx import ABORT_BY_POST_CONDITION, SUCCESS, Event, Tx, nft, stx

STX = 1_000_000

# Two collections of one contract and asset name, by different accounts; and one whose ids are text.
HEADS = f"{address('artist')}.heads::heads"
OTHER_HEADS = f"{address('imitator')}.heads::heads"
NAMES = f"{address('artist')}.names::names"
MARKET = f"{address('deployer')}.marketplace"

# Any block of the old era that streams would do.
MOVED_TWICE_FROM = 12

# The place of its Bitcoin block in the day, who calls which contract, and what that does; a call of nothing fails.
Call = tuple[int, str, str, list[Event]]


class Market:
    """Yields a day's calls at its Bitcoin blocks; the same every day, with more mints than the day before."""

    def __init__(self, txs: Transactions, accounts: Accounts, first_burn_height: int) -> None:
        self._txs, self._first = txs, first_burn_height
        self.artist, self.house = address("artist"), address("marketplace")
        self.seller, self.buyer, self.second, self.third, self.friend = accounts.founders[-70:-65]
        self._waiting: list[Call] = []
        self._day, self._is_moved = -1, False

    def due(self, burn_height: int) -> Iterator[Tx]:
        """Yield what is to happen up to a Bitcoin height and has not yet."""
        day, place = divmod(burn_height - self._first, BURNS_A_DAY)
        if day > self._day:
            yield from map(self._tx, self._waiting)
            self._day, self._waiting = day, [*self._mints(day), *self._sales(day)]
            self._waiting.sort(key=lambda call: call[0])
        while self._waiting and self._waiting[0][0] <= place:
            yield self._tx(self._waiting.pop(0))

    def moved_twice(self, height: int, users: list[Tx]) -> list[Tx]:
        """Once: a token moves in the block's second microblock, and again in its anchored part."""
        if self._is_moved or height < MOVED_TWICE_FROM or len(users) < 3:
            return users
        self._is_moved = True
        token = text("name-moved")
        minted = self._txs.call(self.seller, _contract(NAMES), nft(NAMES, token, None, self.seller))
        streamed = self._txs.call(self.seller, _contract(NAMES), nft(NAMES, token, self.seller, self.buyer))
        anchored = self._txs.call(self.buyer, _contract(NAMES), nft(NAMES, token, self.buyer, self.friend))
        return [minted, streamed, *users, anchored]

    def _tx(self, call: Call) -> Tx:
        _, sender, contract, events = call
        return self._txs.call(sender, contract, *events, status=SUCCESS if events else ABORT_BY_POST_CONDITION)

    def _mints(self, day: int) -> Iterator[Call]:
        minted = [nft(HEADS, token, None, self.seller) for token in _heads(day)]
        yield 10, self.seller, _contract(HEADS), minted
        yield 12, self.friend, _contract(OTHER_HEADS), [nft(OTHER_HEADS, _heads(day)[0], None, self.friend)]
        paid = stx(self.friend, self.artist, 30 * STX)
        yield 15, self.friend, _contract(NAMES), [paid, nft(NAMES, text(f"name-{day}"), None, self.friend)]

    def _sales(self, day: int) -> Iterator[Call]:
        direct, listed, one, two, withdrawn = _heads(day)[:5]
        shares = [stx(self.buyer, who, amount * STX) for who, amount in
                  ((self.seller, 95), (self.house, 3), (self.artist, 2))]  # fmt: skip
        yield 20, self.buyer, MARKET, [*shares, nft(HEADS, direct, self.seller, self.buyer)]
        for token in (listed, withdrawn):
            yield 22, self.seller, MARKET, [nft(HEADS, token, self.seller, MARKET)]
        price = stx(self.second, self.seller, 50 * STX)
        yield 30, self.second, MARKET, [price, nft(HEADS, listed, MARKET, self.second)]
        yield 35, self.seller, MARKET, [nft(HEADS, withdrawn, MARKET, self.seller)]
        bundle = [nft(HEADS, token, self.seller, self.third) for token in (one, two)]
        yield 40, self.third, MARKET, [stx(self.third, self.seller, 100 * STX + 1), *bundle]
        yield 50, self.buyer, _contract(HEADS), [nft(HEADS, direct, self.buyer, self.friend)]
        yield 60, self.second, _contract(HEADS), [nft(HEADS, listed, self.second, None)]
        yield 70, self.third, MARKET, []


def _heads(day: int) -> list[bytes]:
    """The tokens minted on a day."""
    return [number(1000 * (day + 1) + index) for index in range(12 + 3 * day)]


def number(value: int) -> bytes:
    """Clarity's serialisation of a uint."""
    return b"\x01" + value.to_bytes(16, "big")


def text(value: str) -> bytes:
    """Clarity's serialisation of an ASCII string."""
    return b"\x0d" + len(value).to_bytes(4, "big") + value.encode()


def _contract(asset: str) -> str:
    return asset.partition("::")[0]
