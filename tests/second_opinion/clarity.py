"""Clarity values, from the bytes of consensus (SIP-005): into plain Python, and from there in Clarity's notation."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class UInt(int):
    """An unsigned integer; a signed one is an `int`."""


class Principal(str):
    """An address, or a contract's; a text in ASCII is a `str`."""


class Utf8(str):
    """A text in UTF-8."""


@dataclass(frozen=True)
class Wrapped:
    """`(ok value)`, `(err value)` or `(some value)`; none is None."""

    name: str
    value: Any


def decode(data: bytes | None) -> Any:
    """The value that bytes are: a tuple is a `dict`, a buffer `bytes`; ValueError where they are none."""
    if data is None:
        raise ValueError("no bytes")
    value, rest = _value(data)
    if rest:
        raise ValueError(f"{len(rest)} bytes too many")
    return value


def to_text(data: bytes) -> str | None:
    """A value in Clarity's notation; None where the bytes are none."""
    try:
        return _text(decode(data))
    except ValueError:
        return None


def _take(data: bytes, length: int) -> tuple[bytes, bytes]:
    if len(data) < length:
        raise ValueError("bytes end too soon")
    return data[:length], data[length:]


def _sized(data: bytes, digits: int = 4) -> tuple[bytes, bytes]:
    length, rest = _take(data, digits)
    return _take(rest, int.from_bytes(length))


def _value(data: bytes) -> tuple[Any, bytes]:
    kind, rest = _take(data, 1)
    match kind[0]:
        case 0 | 1:
            number, rest = _take(rest, 16)
            return (UInt(int.from_bytes(number)) if kind[0] else int.from_bytes(number, signed=True)), rest
        case 2:
            return _sized(rest)
        case 3 | 4:
            return kind[0] == 3, rest
        case 5 | 6:
            return _principal(rest, is_contract=kind[0] == 6)
        case 7 | 8 | 10:
            value, rest = _value(rest)
            return Wrapped({7: "ok", 8: "err", 10: "some"}[kind[0]], value), rest
        case 9:
            return None, rest
        case 11 | 12:
            return _several(rest, is_tuple=kind[0] == 12)
        case 13 | 14:
            text, rest = _sized(rest)
            return (text.decode("ascii") if kind[0] == 13 else Utf8(text.decode())), rest
    raise ValueError(f"unknown type {kind[0]}")


def _several(data: bytes, is_tuple: bool) -> tuple[Any, bytes]:
    count, rest = _take(data, 4)
    names, values = [], []
    for _ in range(int.from_bytes(count)):
        if is_tuple:
            name, rest = _sized(rest, 1)
            names.append(name.decode("ascii"))
        value, rest = _value(rest)
        values.append(value)
    return (dict(zip(names, values, strict=True)) if is_tuple else values), rest


def _principal(data: bytes, is_contract: bool) -> tuple[Principal, bytes]:
    version, rest = _take(data, 1)
    hashed, rest = _take(rest, 20)
    checksum = hashlib.sha256(hashlib.sha256(version + hashed).digest()).digest()[:4]
    address = f"S{ALPHABET[version[0] % 32]}{_c32(hashed + checksum)}"
    if not is_contract:
        return Principal(address), rest
    name, rest = _sized(rest, 1)
    return Principal(f"{address}.{name.decode('ascii')}"), rest


def _c32(data: bytes) -> str:
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return "0" * (len(data) - len(data.lstrip(b"\0"))) + digits


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case UInt():
            return f"u{int(value)}"
        case int():
            return str(value)
        case bytes():
            return f"0x{value.hex()}"
        case Principal():
            return f"'{value}"
        case Utf8():
            return f"u{json.dumps(value, ensure_ascii=False)}"
        case str():
            return json.dumps(value)
        case Wrapped():
            return f"({value.name} {_text(value.value)})"
        case None:
            return "none"
        case list():
            return f"(list {' '.join(map(_text, value))})" if value else "(list)"
        case dict():
            return f"(tuple {' '.join(f'({name} {_text(item)})' for name, item in value.items())})"
    raise ValueError(f"no value of Clarity: {value!r}")
