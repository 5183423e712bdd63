"""What happens to the sample's traded tokens, each day anew: mints, sales of every kind, gifts, burns."""

from collections.abc import Iterator

from scripts.local.sample_chain.people import People, address
from scripts.local.sample_chain.timeline import BURN_INTERVAL, DAY, FIRST_BURN_HEIGHT
from scripts.local.sample_chain.transactions import (
    ABORT_BY_POST_CONDITION,
    BURN,
    MINT,
    TRANSFER,
    Event,
    Transactions,
    Tx,
    stx,
)

BURNS_A_DAY = DAY // BURN_INTERVAL
STX = 1_000_000

# Two collections of one short name; one whose ids are text.
HEADS = f"{address('artist')}.heads::heads"
OTHER_HEADS = f"{address('imitator')}.heads-too::heads"
NAMES = f"{address('artist')}.names::names"
MARKET = f"{address('deployer')}.marketplace"

# Any block of the old era would do.
MOVED_TWICE_FROM = 60


class Market:
    """Yields a day's calls at its Bitcoin blocks; the same every day, with more mints than the day before."""

    def __init__(self, txs: Transactions, people: People) -> None:
        self._txs = txs
        self.artist, self.house = address("artist"), address("marketplace")
        self.seller, self.buyer, self.second, self.third, self.friend = people.founders[-70:-65]
        self._waiting: list[tuple[int, Tx]] = []
        self._day, self._is_moved = -1, False

    def due(self, burn_height: int) -> Iterator[Tx]:
        """Yield what is to happen up to a Bitcoin height and has not yet."""
        day, place = divmod(burn_height - FIRST_BURN_HEIGHT, BURNS_A_DAY)
        if day > self._day:
            yield from (tx for _, tx in self._waiting)
            self._day, self._waiting = day, list(self._steps(day))
        while self._waiting and self._waiting[0][0] <= place:
            yield self._waiting.pop(0)[1]

    def moved_twice(self, height: int, users: list[Tx]) -> list[Tx]:
        """Once: a token moves in the block's first microblock, and again in its anchored part."""
        if self._is_moved or height < MOVED_TWICE_FROM or len(users) < 3:
            return users
        self._is_moved = True
        token = number(900)
        minted = self._txs.call(self.seller, _contract(NAMES), nft(NAMES, token, None, self.seller))
        streamed = self._txs.call(self.seller, _contract(NAMES), nft(NAMES, token, self.seller, self.buyer))
        anchored = self._txs.call(self.buyer, _contract(NAMES), nft(NAMES, token, self.buyer, self.friend))
        return [minted, streamed, *users, anchored]

    def _steps(self, day: int) -> Iterator[tuple[int, Tx]]:
        """A day's calls, by the place of their Bitcoin block in the day."""
        call, heads = self._txs.call, [number(1000 * (day + 1) + index) for index in range(12 + 3 * day)]
        direct, listed, one, two = heads[:4]
        mint = [nft(HEADS, token, None, self.seller) for token in heads]
        yield 10, call(self.seller, _contract(HEADS), *mint)
        yield 12, call(self.friend, _contract(OTHER_HEADS), nft(OTHER_HEADS, heads[0], None, self.friend))
        paid = stx(self.friend, self.artist, 30 * STX)
        yield 15, call(self.friend, _contract(NAMES), paid, nft(NAMES, text(f"name-{day}"), None, self.friend))
        shares = [stx(self.buyer, who, amount * STX) for who, amount in
                  ((self.seller, 95), (self.house, 3), (self.artist, 2))]  # fmt: skip
        yield 20, call(self.buyer, MARKET, *shares, nft(HEADS, direct, self.seller, self.buyer))
        yield 22, call(self.seller, MARKET, nft(HEADS, listed, self.seller, MARKET))
        price = stx(self.second, self.seller, 50 * STX)
        yield 30, call(self.second, MARKET, price, nft(HEADS, listed, MARKET, self.second))
        bundle = [nft(HEADS, token, self.seller, self.third) for token in (one, two)]
        yield 40, call(self.third, MARKET, stx(self.third, self.seller, 100 * STX + 1), *bundle)
        yield 50, call(self.buyer, _contract(HEADS), nft(HEADS, direct, self.buyer, self.friend))
        yield 60, call(self.second, _contract(HEADS), nft(HEADS, listed, self.second, None))
        yield 70, call(self.third, MARKET, status=ABORT_BY_POST_CONDITION)


def nft(asset: str, token: bytes, sender: str | None, recipient: str | None) -> Event:
    """A move of a token: a mint without sender, a burn without recipient."""
    action = TRANSFER if sender and recipient else MINT if recipient else BURN
    return Event("nft", asset, action, token, sender, recipient)


def number(value: int) -> bytes:
    """Clarity's serialisation of a uint."""
    return b"\x01" + value.to_bytes(16, "big")


def text(value: str) -> bytes:
    """Clarity's serialisation of an ASCII string."""
    return b"\x0d" + len(value).to_bytes(4, "big") + value.encode()


def _contract(asset: str) -> str:
    return asset.partition("::")[0]
