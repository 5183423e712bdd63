"""From a Clarity value to its serialised bytes, the names of its tuples sorted as by the node's own writer."""

import re
from itertools import pairwise

from stacks_dataverse.clarity import c32
from stacks_dataverse.clarity.values import (
    ASCII_TEXT,
    CONTRACT_NAME,
    FIELD_NAME,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NAME_LENGTH,
    MAX_VALUE_SIZE,
    Ascii,
    Bool,
    Buffer,
    ClarityError,
    Err,
    Int,
    List,
    Nothing,
    Ok,
    Principal,
    Some,
    Tuple,
    Type,
    UInt,
    Utf8,
    Value,
)


def encode(value: Value) -> bytes:
    """Return the bytes that the node writes of a value; ClarityError for one that `decode` would refuse."""
    data = _encode(value, 1)
    if len(data) > MAX_BYTES:
        raise ClarityError(f"The value takes {len(data):,} bytes, more than {MAX_BYTES:,}.")
    return data


def _encode(value: Value, depth: int) -> bytes:
    if depth > MAX_DEPTH:
        raise ClarityError(f"Values are nested deeper than {MAX_DEPTH}.")
    match value:
        case Ok(inner):
            return _tag(Type.OK) + _encode(inner, depth + 1)
        case Err(inner):
            return _tag(Type.ERR) + _encode(inner, depth + 1)
        case Some(inner):
            return _tag(Type.SOME) + _encode(inner, depth + 1)
        case List(items):
            return _tag(Type.LIST) + _count(len(items)) + b"".join(_encode(item, depth + 1) for item in items)
        case Tuple(fields):
            return _tag(Type.TUPLE) + _count(len(fields)) + _fields(fields, depth + 1)
        case _:
            return _encode_flat(value)


def _encode_flat(value: Value) -> bytes:
    match value:
        case Int(number):
            return _tag(Type.INT) + _number(number, signed=True)
        case UInt(number):
            return _tag(Type.UINT) + _number(number, signed=False)
        case Bool(truth):
            return _tag(Type.TRUE if truth else Type.FALSE)
        case Nothing():
            return _tag(Type.NONE)
        case Buffer(data):
            return _tag(Type.BUFFER) + _count(len(data)) + data
        case Ascii(text):
            return _tag(Type.ASCII) + _count(len(text)) + _ascii(text)
        case Utf8(text):
            data = _utf8(text)
            return _tag(Type.UTF8) + _count(len(data)) + data
        case Principal(text):
            return _principal(text)
        case _:
            raise ClarityError(f"{value!r} is not a Clarity value.")


def _tag(type_: Type) -> bytes:
    return bytes([type_])


def _number(number: int, *, signed: bool) -> bytes:
    try:
        return number.to_bytes(16, "big", signed=signed)
    except OverflowError as error:
        raise ClarityError(f"{number} does not fit {'an int' if signed else 'a uint'} of 128 bits.") from error


def _count(count: int) -> bytes:
    if count > MAX_VALUE_SIZE:
        raise ClarityError(f"A length of {count:,} is more than {MAX_VALUE_SIZE:,}.")
    return count.to_bytes(4, "big")


def _ascii(text: str) -> bytes:
    if not ASCII_TEXT.fullmatch(text):
        raise ClarityError("An ASCII string holds other characters.")
    return text.encode("ascii")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ClarityError(f"A string is not UTF-8: {error.reason}.") from error


def _fields(fields: tuple[tuple[str, Value], ...], depth: int) -> bytes:
    names = [name for name, _ in fields]
    if not names or any(after <= before for before, after in pairwise(names)):
        raise ClarityError(f"The names of a tuple are none, out of order, or there twice: {names[:10]}.")
    return b"".join(_name(name, FIELD_NAME) + _encode(value, depth) for name, value in fields)


def _name(name: str, pattern: re.Pattern[str]) -> bytes:
    if len(name) > MAX_NAME_LENGTH or not pattern.fullmatch(name):
        raise ClarityError(f"{name!r} is not a name.")
    return bytes([len(name)]) + name.encode("ascii")


def _principal(text: str) -> bytes:
    address, dot, contract = text.partition(".")
    try:
        version, hash160 = c32.decode_address(address)
    except ValueError as error:
        raise ClarityError(str(error)) from error
    account = bytes([version]) + hash160
    return _tag(Type.CONTRACT) + account + _name(contract, CONTRACT_NAME) if dot else _tag(Type.ACCOUNT) + account
