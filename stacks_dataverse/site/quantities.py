"""How the numbers of each unit are shown: the unit's label, and how many decimal places."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Any

from stacks_dataverse import units
from stacks_dataverse.units import Measured

# More digits than the largest amount has.
EXACT = Context(prec=100)
# A column of USD with amounts from here on is shown to the cent, unless it has prices of a few dollars too.
LARGE_USD, SMALL_USD = 1000, 10


@dataclass(frozen=True)
class Quantity:
    """A label, the most and least decimal places of a fraction, and the power of ten that a number is divided by."""

    label: str = ""
    most: int = 6
    least: int = 0
    shift: int = 0

    def scale(self, number: Any) -> Any:
        """A number in the unit of the label."""
        return Decimal(number).scaleb(-self.shift, EXACT) if self.shift else number

    def scale_if_known(self, number: Any) -> Any:
        """The same; null for null."""
        return None if number is None else self.scale(number)


PLAIN = Quantity()
PERCENT = Quantity("%", 2, 2)
SHARE = Quantity("share, 0 to 1", 4, 2)

OF_UNITS = {
    units.STX: Quantity("STX"),
    units.BTC: Quantity("BTC", 8),
    units.USD: Quantity("USD", 2, 2),
    units.USD_OF_A_BLOCK: Quantity("USD", 6, 2),
    units.USD_PRICE: Quantity("USD", 6, 2),
    units.USTX_PER_BYTE: Quantity("µSTX per byte"),
    units.USD_PER_BYTE: Quantity("USD per byte", 12),
    units.SATS_PER_STX: Quantity("satoshis per STX", 4),
    units.PERCENT: PERCENT,
    units.SHARE: SHARE,
    units.INDEX: Quantity("index", 2, 2),
    units.BITCOIN_BLOCKS: Quantity("Bitcoin blocks", 1),
    units.RANK: Quantity("rank", 1),
}
# Units that the data dictionary names as text.
OF_TEXT = {
    "µSTX": Quantity("STX", shift=6),
    "STX": Quantity("STX"),
    "USD": Quantity("USD", 6, 2),
    "BTC": Quantity("BTC", 8),
    "satoshis": Quantity("satoshis", 0),
    "sats": Quantity("satoshis", 0),
    "seconds": Quantity("seconds", 0),
    "bytes": Quantity("bytes", 0),
    "basis points": Quantity("basis points", 0),
    "Bitcoin blocks": Quantity("Bitcoin blocks", 1),
    "unix seconds": Quantity("time", 0),
    "the token's smallest unit": Quantity("token's smallest unit", 0),
    "µSTX, or the token's smallest unit": Quantity("smallest unit", 0),
}
IN_TEXT = re.compile(rf"(?:^|, )({'|'.join(sorted(map(re.escape, OF_TEXT), key=len, reverse=True))})$")


def quantity_of(meaning: str) -> Quantity:
    """How the numbers of a field are shown, by its meaning in the data dictionary."""
    if isinstance(meaning, Measured):
        return OF_UNITS[meaning.unit]
    named = _unit_in(meaning)
    return OF_TEXT[named[1]] if named else PLAIN


def without_unit(meaning: str) -> str:
    """The meaning of a field without when it is null, and without its unit: what is shown may be in another one."""
    described = meaning.partition("; null ")[0]
    named = _unit_in(meaning)
    return f"{described[: named.start()]}{described[named.end() :]}".removeprefix("; ") if named else described


def _unit_in(meaning: str) -> re.Match[str] | None:
    """Where a meaning names its unit, at its end or before a first semicolon."""
    described = meaning.partition("; null ")[0]
    return IN_TEXT.search(described) or IN_TEXT.search(described.partition(";")[0])


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not a yes or no."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def fit(quantity: Quantity, values: Iterable[Any]) -> Quantity:
    """The quantity with as many places as the values of a column need, so that their points stand in line."""
    numbers = [quantity.scale(value) for value in values if is_number(value)]
    sizes = [abs(number) for number in numbers if number]
    is_large = quantity.label == "USD" and sizes and max(sizes) >= LARGE_USD and min(sizes) >= SMALL_USD
    most = 2 if is_large else quantity.most
    needed = max((_places(number, most) for number in numbers), default=0)
    places = max(needed, quantity.least) if needed else 0
    return replace(quantity, most=places, least=places)


def format_number(value: Any, quantity: Quantity) -> str:
    """A number with thousands separators and as many places as a fitted quantity has; digits for what rounds to 0."""
    number = quantity.scale(value)
    if isinstance(number, int):
        return f"{number:,}" if not quantity.least else f"{Decimal(number):,.{quantity.least}f}"
    text = f"{number:,.{quantity.most}f}"
    return format(Decimal(f"{number:.2g}"), "f") if number and not text.strip("-0.,") else text


def _places(number: Any, most: int) -> int:
    return 0 if isinstance(number, int) else len(f"{number:.{most}f}".partition(".")[2].rstrip("0"))
