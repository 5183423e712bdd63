"""Whether the value of a public file is as its schema has it."""

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pyarrow as pa

from stacks_dataverse import envelope
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.errors import Terminal
from stacks_dataverse.public.json_schema import Schema
from stacks_dataverse.public.schemas import schema_key, schemas_of
from stacks_dataverse.public_files import PublicFile

# The message of an error has no more of what is wrong.
MAX_CHARACTERS = 300


def validate_file(value: Any, obj: PublicObject, file: PublicFile) -> None:
    """Refuse what is about to be published as a file of a dataset if it is not as declared; rows, if it is a CSV.

    Raises:
        Terminal: as of `validate`.
    """
    schema = schemas_of(obj)[file.role]
    if isinstance(value, pa.Table):
        value, schema = envelope.records(value), {"type": "array", "items": schema}
    validate(value, schema, schema_key(file.name, file.role))


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
            f"It does not match {key} at {place}: {error.message[:MAX_CHARACTERS]}. Readers keep the version before. "
            "Correct the dataset's query or the columns that it declares."
        ) from None


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema))
