"""Types of the columns that prints are read into, by the words that declare them."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from stacks_dataverse import clarity
from stacks_dataverse.clarity import Ascii, Bool, Buffer, ClarityError, Int, List, Principal, Tuple, UInt, Utf8

BIGINT = range(-(2**63), 2**63)


def _bigint(value: Int | UInt) -> int:
    if value.value not in BIGINT:
        raise ClarityError("does not fit a bigint")
    return value.value


def _text(value: Ascii | Utf8) -> str:
    if "\0" in value.text:
        raise ClarityError("holds a null character, which PostgreSQL does not store")
    return value.text


# Of a declared type: the Clarity values that have it, the type of its column, and the value. A uint of 128 bits
# has up to 39 digits, more than a decimal of Arrow or DuckDB holds. `bigint` is for what PostgreSQL stores as such.
TYPES: dict[str, tuple[tuple[type, ...], pa.DataType, Callable[[Any], Any]]] = {
    "uint": ((UInt,), pa.string(), lambda value: str(value.value)),
    "int": ((Int,), pa.string(), lambda value: str(value.value)),
    "bigint": ((UInt, Int), pa.int64(), _bigint),
    "bool": ((Bool,), pa.bool_(), lambda value: value.value),
    "principal": ((Principal,), pa.string(), lambda value: value.text),
    "buffer": ((Buffer,), pa.binary(), lambda value: value.data),
    "string": ((Ascii, Utf8), pa.string(), _text),
    "list": ((List,), pa.string(), lambda value: json.dumps(clarity.to_json(value))),
    "tuple": ((Tuple,), pa.string(), lambda value: json.dumps(clarity.to_json(value))),
}
