"""What a Clarity value is, and the node's limits on it (`clarity-types`: `types/mod.rs`, `representations.rs`)."""

import re
from dataclasses import dataclass
from enum import IntEnum

MAX_DEPTH = 32
# A buffer, string, list or tuple claims at most MAX_VALUE_SIZE; a serialisation takes up to twice that.
MAX_VALUE_SIZE = 1024 * 1024
MAX_BYTES = 2 * MAX_VALUE_SIZE

MAX_NAME_LENGTH = 128
FIELD_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9\-_!?+<>=/*]*|[-+=/*]|[<>]=?")
CONTRACT_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9\-_]*|__transient")
ASCII_TEXT = re.compile(r"[ -~\t\n\f\r]*")


class Type(IntEnum):
    """The byte that a serialised value begins with."""

    INT = 0x00
    UINT = 0x01
    BUFFER = 0x02
    TRUE = 0x03
    FALSE = 0x04
    ACCOUNT = 0x05
    CONTRACT = 0x06
    OK = 0x07
    ERR = 0x08
    NONE = 0x09
    SOME = 0x0A
    LIST = 0x0B
    TUPLE = 0x0C
    ASCII = 0x0D
    UTF8 = 0x0E


class ClarityError(ValueError):
    """Bytes that are no Clarity value, or a value that has no bytes; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Int:
    """A signed number of 128 bits."""

    value: int


@dataclass(frozen=True, slots=True)
class UInt:
    """An unsigned number of 128 bits."""

    value: int


@dataclass(frozen=True, slots=True)
class Bool:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Buffer:
    """Bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Ascii:
    """Text of printable ASCII characters and white space."""

    text: str


@dataclass(frozen=True, slots=True)
class Utf8:
    """Text of any characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Principal:
    """An account, `SP…`, or a contract, `SP….name`."""

    text: str


@dataclass(frozen=True, slots=True)
class Ok:
    """The success of a response."""

    value: "Value"


@dataclass(frozen=True, slots=True)
class Err:
    """The failure of a response."""

    value: "Value"


@dataclass(frozen=True, slots=True)
class Some:
    """An optional that holds a value."""

    value: "Value"


@dataclass(frozen=True, slots=True)
class Nothing:
    """An optional that holds none."""


@dataclass(frozen=True, slots=True)
class List:
    """Values in a row; that they are of one type is not checked."""

    items: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """Named values, at least one, sorted by name as the node writes them."""

    fields: tuple[tuple[str, "Value"], ...]

    def __getitem__(self, name: str) -> "Value":
        return dict(self.fields)[name]


Value = Int | UInt | Bool | Buffer | Ascii | Utf8 | Principal | Ok | Err | Some | Nothing | List | Tuple
