"""Whether the value of a public file is as its schema has it."""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from stacks_dataverse.errors import Terminal
from stacks_dataverse.public.json_schema import Schema


def validate(value: Any, schema: Schema, key: str) -> None:
    """Refuse a value that readers do not expect; `key` is that of the schema.

    Raises:
        Terminal: it does not match the schema; the message says where, and what of it.
    """
    try:
        _validator(json.dumps(schema)).validate(value)
    except jsonschema_rs.ValidationError as error:
        place = ".".join(map(str, error.instance_path)) or "the whole"
        raise Terminal(
            f"It does not match {key} at {place}: {error.message}. Readers keep the version before. Correct the "
            "dataset's query or the columns that it declares."
        ) from None


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema))
