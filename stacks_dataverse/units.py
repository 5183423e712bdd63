"""Units of published numbers, and how many decimal places a number of each has: none is published with more."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

# A field's path in a value: keys with dots between; a name in angle brackets is any key, with dots too.
KEY = re.compile(r"<[^>]*>|[^.]+")


class Measured(str):
    """The meaning of a field whose numbers have a unit."""

    unit: "Unit"

    @property
    def places(self) -> int:
        """How many decimal places its numbers have."""
        return self.unit.places


@dataclass(frozen=True)
class Unit:
    """A unit, the decimal places of its numbers, and why so many."""

    name: str
    places: int
    reason: str

    def __call__(self, meaning: str) -> Measured:
        """The meaning of a field, as text that names the unit, with the unit itself."""
        measured = Measured(meaning)
        measured.unit = self
        return measured


STX = Unit("STX", 6, "one µSTX")
BTC = Unit("BTC", 8, "one satoshi")
USD = Unit("USD of a market, a cycle or all that is stacked", 2, "one cent of millions")
USD_OF_A_BLOCK = Unit("USD of a block or tenure", 6, "one satoshi is less than a cent")
USD_PRICE = Unit("USD, prices of one STX", 6, "an STX costs about a dollar: six digits of its price")
USTX_PER_BYTE = Unit("µSTX per byte", 6, "fees per byte are a few µSTX, and their median may be a fraction")
USD_PER_BYTE = Unit("USD per byte", 12, "a millionth of the price's last place")
SATS_PER_STX = Unit("satoshis per STX", 4, "an STX costs hundreds of satoshis: seven digits of its price")
PERCENT = Unit("percent", 6, "one account in a hundred million")
SHARE = Unit("shares, 0 to 1", 6, "as fine as a percent")
INDEX = Unit("indexes and ratios without a unit", 4, "finer than they are meant")
BITCOIN_BLOCKS = Unit("Bitcoin blocks", 1, "a median may lie between two")
RANK = Unit("ranks", 1, "a median may lie between two")

PRICES = (USD, USD_OF_A_BLOCK, USD_PRICE, USTX_PER_BYTE, USD_PER_BYTE, SATS_PER_STX)
UNITS = (STX, BTC, *PRICES, PERCENT, SHARE, INDEX, BITCOIN_BLOCKS, RANK)


def round_value(value: Any, fields: Mapping[str, str]) -> Any:
    """A value as it is published: fractions of measured fields rounded to their places, all else as it is.

    Args:
        value: of JSON, or an Arrow table for a CSV.
        fields: meanings by path, or by column.
    """
    measured = [(KEY.findall(field), meaning.places) for field, meaning in fields.items() if _is_measured(meaning)]
    if isinstance(value, pa.Table):
        columns = [_column(value[name], name, measured) for name in value.column_names]
        return pa.table(columns, value.column_names)
    return _round(value, measured)


def _is_measured(meaning: str) -> bool:
    return isinstance(meaning, Measured)


def _column(values: pa.ChunkedArray, name: str, measured: Sequence[tuple[list[str], int]]) -> pa.ChunkedArray:
    if not pa.types.is_floating(values.type):
        return values
    below = _below(name, measured)
    if not below:
        return values
    return pa.chunked_array([[_round(value, below) for value in values.to_pylist()]], values.type)


def _round(value: Any, measured: Sequence[tuple[list[str], int]]) -> Any:
    if not measured:
        return value
    if isinstance(value, dict):
        return {key: _round(inner, _below(key, measured)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_round(inner, _below(str(position), measured)) for position, inner in enumerate(value)]
    if isinstance(value, float):
        # Added to zero, what rounds to minus zero is zero.
        return next((round(value, places) + 0.0 for keys, places in measured if not keys), value)
    return value


def _below(key: str, measured: Sequence[tuple[list[str], int]]) -> list[tuple[list[str], int]]:
    """What is measured below a key."""
    return [(keys[1:], places) for keys, places in measured if keys and (keys[0] == key or keys[0].startswith("<"))]
