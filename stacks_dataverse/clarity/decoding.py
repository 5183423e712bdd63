"""From serialised bytes to a Clarity value."""

import functools
import re
from collections.abc import Callable

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

SMALLEST_ITEM = 1
# Length and one character of its name, and its item.
SMALLEST_FIELD = 3


def decode(data: bytes) -> Value:
    """Return the value that the bytes hold, all of them; ClarityError, with the offset, for any other bytes.

    Bytes that differ in no more than the order of a tuple's names hold the same value: what is identified by its
    bytes, as tokens are, is identified by the bytes as they came.
    """
    reader = _Reader(data)
    value = reader.value()
    reader.finish()
    return value


def decode_many(data: bytes) -> tuple[Value, ...]:
    """Return the values that follow a 4-byte count, as arguments of a contract call do; ClarityError as `decode`."""
    reader = _Reader(data)
    values = tuple(reader.value() for _ in range(reader.count(SMALLEST_ITEM)))
    reader.finish()
    return values


class _Reader:
    """A place in serialised bytes; every method moves it on past what it returns."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise ClarityError(f"{len(data):,} bytes are more than a Clarity value takes, {MAX_BYTES:,}.")
        self.data = data
        self.offset = 0

    def value(self, depth: int = 1) -> Value:
        start = self.offset
        if depth > MAX_DEPTH:
            raise ClarityError(f"At byte {start}: values are nested deeper than {MAX_DEPTH}.")
        type_byte = self.byte()
        if read := READ.get(type_byte):
            return read(self)
        if read_nested := READ_NESTED.get(type_byte):
            return read_nested(self, depth + 1)
        raise ClarityError(f"At byte {start}: 0x{type_byte:02x} begins no Clarity value.")

    def byte(self) -> int:
        if self.offset == len(self.data):
            raise ClarityError(f"At byte {self.offset}: 1 bytes should follow, 0 do.")
        self.offset += 1
        return self.data[self.offset - 1]

    def take(self, length: int) -> bytes:
        start, end = self.offset, self.offset + length
        if end > len(self.data):
            raise ClarityError(f"At byte {start}: {length:,} bytes should follow, {len(self.data) - start:,} do.")
        self.offset = end
        return self.data[start:end]

    def finish(self) -> None:
        if self.offset < len(self.data):
            raise ClarityError(f"At byte {self.offset}: {len(self.data) - self.offset:,} bytes follow the value.")

    def count(self, smallest: int) -> int:
        """A 4-byte count of things of at least `smallest` bytes each, refused before any is read."""
        start, count = self.offset, int.from_bytes(self.take(4), "big")
        left = len(self.data) - self.offset
        if count > MAX_VALUE_SIZE or count * smallest > left:
            raise ClarityError(f"At byte {start}: a length of {count:,}, where {left:,} bytes follow.")
        return count

    def read_sized(self) -> bytes:
        return self.take(self.count(1))

    def name(self, pattern: re.Pattern[str]) -> str:
        start = self.offset
        raw = self.take(self.byte())
        name = _name(raw, pattern)
        if name is None:
            raise ClarityError(f"At byte {start}: {raw!r} is not a name.")
        return name

    def ascii(self) -> Ascii:
        start = self.offset
        text = self.read_sized().decode("latin-1")
        if not ASCII_TEXT.fullmatch(text):
            raise ClarityError(f"At byte {start}: an ASCII string holds other characters.")
        return Ascii(text)

    def utf8(self) -> Utf8:
        start = self.offset
        try:
            return Utf8(self.read_sized().decode())
        except UnicodeDecodeError as error:
            raise ClarityError(f"At byte {start + 4 + error.start}: not UTF-8, {error.reason}.") from error

    def address(self) -> str:
        start = self.offset
        version, hash160 = self.byte(), self.take(c32.HASH_BYTES)
        try:
            return c32.encode_address(version, hash160)
        except ValueError as error:
            raise ClarityError(f"At byte {start}: {error}") from error

    def items(self, depth: int) -> List:
        return List(tuple(self.value(depth) for _ in range(self.count(SMALLEST_ITEM))))

    def fields(self, depth: int) -> Tuple:
        """Names in any order, as the node reads them; its own writer sorts them, and so does this."""
        start, fields = self.offset, dict[str, Value]()
        for _ in range(self.count(SMALLEST_FIELD)):
            field_start, name = self.offset, self.name(FIELD_NAME)
            if name in fields:
                raise ClarityError(f"At byte {field_start}: the name {name!r} is there twice.")
            fields[name] = self.value(depth)
        if not fields:
            raise ClarityError(f"At byte {start}: a tuple has no fields.")
        return Tuple(tuple(sorted(fields.items(), key=lambda field: field[0])))


@functools.lru_cache(maxsize=4096)
def _name(raw: bytes, pattern: re.Pattern[str]) -> str | None:
    """The name that bytes spell; None if they spell none. Contracts print the same few names again and again."""
    name = raw.decode("latin-1")
    return name if len(name) <= MAX_NAME_LENGTH and pattern.fullmatch(name) else None


READ: dict[int, Callable[[_Reader], Value]] = {
    Type.INT: lambda reader: Int(int.from_bytes(reader.take(16), "big", signed=True)),
    Type.UINT: lambda reader: UInt(int.from_bytes(reader.take(16), "big")),
    Type.BUFFER: lambda reader: Buffer(reader.read_sized()),
    Type.TRUE: lambda reader: Bool(True),
    Type.FALSE: lambda reader: Bool(False),
    Type.ACCOUNT: lambda reader: Principal(reader.address()),
    Type.CONTRACT: lambda reader: Principal(f"{reader.address()}.{reader.name(CONTRACT_NAME)}"),
    Type.NONE: lambda reader: Nothing(),
    Type.ASCII: _Reader.ascii,
    Type.UTF8: _Reader.utf8,
}
READ_NESTED: dict[int, Callable[[_Reader, int], Value]] = {
    Type.OK: lambda reader, depth: Ok(reader.value(depth)),
    Type.ERR: lambda reader, depth: Err(reader.value(depth)),
    Type.SOME: lambda reader, depth: Some(reader.value(depth)),
    Type.LIST: _Reader.items,
    Type.TUPLE: _Reader.fields,
}
