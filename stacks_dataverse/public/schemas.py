"""JSON Schema (2020-12) of the files of a dataset, from its declaration.

A schema describes one release to the byte: it allows no field that is not declared. A later release may add fields, so
a reader checks a file against the schema that the file's envelope names by its sha256.
"""

import re

from stacks_dataverse import envelope
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public.field_types import leaf_schema, nullable
from stacks_dataverse.public.json_schema import Schema, closed, headed
from stacks_dataverse.public_files import Format, Role, files_of
from stacks_dataverse.units import KEY

# Keys in angle brackets that are places in a list, and those that are numbers in a string.
POSITIONS = {"<position>", "<number>", "<row>"}
NUMBERED = re.compile(r"height|seconds|cycle|edge")


def schema_key(name: str, role: Role) -> str:
    """The key of the schema of a dataset's files of a role; a Parquet file has its own in itself."""
    return f"schema/{name}.json" if role is Role.V1 else f"schema/{name}.{role.value}.json"


def schemas_of(obj: PublicObject) -> dict[Role, Schema]:
    """The schemas of a dataset's files by role: of JSON, and, for a CSV, of each row as a JSON object."""
    return {file.role: _schema(obj, file.role) for file in files_of(obj) if file.format is not Format.PARQUET}


def _schema(obj: PublicObject, role: Role) -> Schema:
    if role is Role.V1:
        return envelope.schema(obj)
    shape = _tree([(KEY.findall(path), leaf_schema(obj, path)) for path in obj.fields])
    return headed(obj.title, obj.method, nullable(shape) if obj.known else shape)


def _tree(fields: list[tuple[list[str], Schema]]) -> Schema:
    """The schema of values by their paths: keys, places in a list, or any key of a kind."""
    if not fields[0][0]:
        return fields[0][1]
    below = {path[0]: _tree([(keys[1:], leaf) for keys, leaf in fields if keys[0] == path[0]]) for path, _ in fields}
    key, inner = next(iter(below.items()))
    if not key.startswith("<"):
        return closed(below)
    if key in POSITIONS:
        return _list(inner)
    names = {"propertyNames": {"pattern": "^-?[0-9]+$"}} if NUMBERED.search(key) else {}
    return {"type": "object", "description": key, **names, "additionalProperties": inner}


def _list(items: Schema) -> Schema:
    """The schema of a list; where its values may be unknown, all of it is null."""
    if isinstance(items["type"], str):
        return {"type": "array", "items": items}
    return nullable({"type": "array", "items": items | {"type": items["type"][0]}})
