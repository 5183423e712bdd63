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


def headed(title: str, description: str, schema: Schema) -> Schema:
    """The schema of a file, with what it is of."""
    return {"$schema": DIALECT, "title": title, "description": description} | schema


def encode(value: Any) -> bytes:
    """The bytes of a file of JSON; the same value gives the same."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(schema: Mapping[str, Any]) -> str:
    """By which an envelope names its schema: the SHA-256 of the file's bytes, in hex."""
    return hashlib.sha256(encode(schema)).hexdigest()
