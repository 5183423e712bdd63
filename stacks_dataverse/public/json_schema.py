"""What all our JSON Schemas share."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def closed(properties: Mapping[str, Schema]) -> Schema:
    """The schema of an object that has all of these properties and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def encode(value: Any) -> bytes:
    """The bytes of a file of JSON that people read too; the same value gives the same bytes."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def sha256(schema: Mapping[str, Any]) -> str:
    """By which an envelope names its schema: the SHA-256 of the file's bytes, in hex."""
    return hashlib.sha256(encode(schema)).hexdigest()
