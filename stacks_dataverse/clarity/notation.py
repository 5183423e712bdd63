"""A Clarity value in the language's own notation, the `repr` of the API and of explorers; and as JSON."""

from typing import Any

from stacks_dataverse.clarity.values import (
    Ascii,
    Bool,
    Buffer,
    Err,
    Int,
    List,
    Nothing,
    Ok,
    Principal,
    Some,
    Tuple,
    UInt,
    Utf8,
    Value,
)

ESCAPED = {"\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "'": r"\'", "\\": r"\\"}


def to_text(value: Value) -> str:
    """Return a value as `u1`, `(some u1)`, `(list u1 u2)`, `(tuple (a u1))`, `'SP….name` and so on."""
    match value:
        case Ok(inner):
            return f"(ok {to_text(inner)})"
        case Err(inner):
            return f"(err {to_text(inner)})"
        case Some(inner):
            return f"(some {to_text(inner)})"
        case List(items):
            return f"({' '.join(['list', *map(to_text, items)])})"
        case Tuple(fields):
            return f"({' '.join(['tuple', *(f'({name} {to_text(inner)})' for name, inner in fields)])})"
        case _:
            return _flat(value)


def to_json(value: Value) -> Any:
    """Return a value as JSON holds it: numbers in text, for they have up to 39 digits, and bytes as hex after 0x.

    What is none is null, a response an object of `ok` or `err`.
    """
    match value:
        case Int(number) | UInt(number):
            return str(number)
        case Buffer(data):
            return f"0x{data.hex()}"
        case Ascii(text) | Utf8(text) | Principal(text):
            return text
        case List(items):
            return [to_json(item) for item in items]
        case Tuple(fields):
            return {name: to_json(inner) for name, inner in fields}
        case Ok(inner):
            return {"ok": to_json(inner)}
        case Err(inner):
            return {"err": to_json(inner)}
        case Some(inner):
            return to_json(inner)
        case Bool(truth):
            return truth
        case Nothing():
            return None


def _flat(value: Int | UInt | Bool | Buffer | Ascii | Utf8 | Principal | Nothing) -> str:
    match value:
        case Int(number):
            return str(number)
        case UInt(number):
            return f"u{number}"
        case Bool(truth):
            return str(truth).lower()
        case Nothing():
            return "none"
        case Buffer(data):
            return f"0x{data.hex()}"
        case Ascii(text):
            return f'"{_escape_text(text)}"'
        case Utf8(text):
            return f'u"{_escape_text(text)}"'
        case Principal(text):
            return f"'{text}"


def _escape_text(text: str) -> str:
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    """As the API does: beyond ASCII the bytes of UTF-8, not the number of the character."""
    if character > "\x7f":
        return f"\\u{{{character.encode().hex()}}}"
    return ESCAPED.get(character) or (character if " " <= character <= "~" else f"\\x{ord(character):02x}")
