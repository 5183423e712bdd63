"""Names of BNS-V2 in the sample, in calls that are made anyway: registered, given, sold, renewed and burned."""

from collections.abc import Iterator

from scripts.local.sample_chain.tx import Event, nft
from stacks_dataverse.clarity import Ascii, Buffer, Some, Tuple, UInt, Value, encode

CONTRACT = "SP2QEZ06AGJ3RKJPBV14SY1V5BBFNAW33D96YPGZF.BNS-V2"
ASSET = f"{CONTRACT}::BNS-V2"
NAMESPACES = ("btc", "id")


class Names:
    """The names of one holder, by number; each second call is about one that there is, by turns."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._registered, self._turn = 0, 0

    def events(self, caller: str) -> Iterator[Event]:
        """What the next call does: every fifth name is an airdrop; it is sold or given where the caller pays or not."""
        self._turn += 1
        if self._turn % 2:
            self._registered += 1
            yield nft(ASSET, _token(self._registered), None, self._holder)
            yield _printed("new-name" if self._registered % 5 else "new-airdrop", self._registered)
            return
        token = self._registered
        match self._turn // 2 % 3:
            case 0:
                yield nft(ASSET, _token(token), self._holder, None)
                yield _printed("burn-name", token)
            case 1:
                yield nft(ASSET, _token(token), self._holder, caller)
                yield _printed("transfer-name", token)
            case _:
                yield _printed("renew-name", token, id_=Some(UInt(token)))


def _token(number: int) -> bytes:
    return encode(UInt(number))


def _printed(topic: str, number: int, id_: Value | None = None) -> Event:
    namespace = NAMESPACES[number % len(NAMESPACES)]
    name = Tuple((("name", Buffer(f"name-{number}".encode())), ("namespace", Buffer(namespace.encode()))))
    fields = (("id", id_ or UInt(number)), ("name", name), ("topic", Ascii(topic)))
    return Event("log", CONTRACT, value=encode(Tuple(fields)))
