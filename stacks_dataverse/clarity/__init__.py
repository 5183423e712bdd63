"""Clarity values: decoded from the bytes that consensus serialises them to, encoded back, and as text.

The encoding is the "Clarity value representation" of SIP-005; the text is what the API calls `repr`.
"""

from stacks_dataverse.clarity.decoding import decode, decode_many
from stacks_dataverse.clarity.encoding import encode
from stacks_dataverse.clarity.notation import to_json, to_text
from stacks_dataverse.clarity.values import (
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
    UInt,
    Utf8,
    Value,
)

__all__ = [
    "Ascii",
    "Bool",
    "Buffer",
    "ClarityError",
    "Err",
    "Int",
    "List",
    "Nothing",
    "Ok",
    "Principal",
    "Some",
    "Tuple",
    "UInt",
    "Utf8",
    "Value",
    "decode",
    "decode_many",
    "encode",
    "to_json",
    "to_text",
]
