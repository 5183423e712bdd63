"""The contract of the public files in short, and what breaks it: every path of every schema, with the types there.

Within a major version paths are only added, the values of a path stay of the types that it had, and files keep their
keys.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public import catalogue_schema
from stacks_dataverse.public.field_types import field_schema
from stacks_dataverse.public.json_schema import Schema
from stacks_dataverse.public.schemas import schema_key, schemas_of
from stacks_dataverse.public_files import Role, files_of

# The types of every path by schema, as the last release had them: written by `scripts.docs.release_schemas`.
RELEASED = Path(__file__).parent / "released.json"

DECIMAL = field_schema("decimal")["pattern"]

# By path below a schema, the types of its values: `data[].day` is a `date`.
Contract = dict[str, dict[str, str]]


def contract(objects: Iterable[PublicObject]) -> Contract:
    """The contract of this version of the code; with the paths of a schema are the keys of its dataset's files."""
    schemas = {catalogue_schema.KEY: dict(_paths(catalogue_schema.SCHEMA))} | {
        schema_key(obj.name, role): dict(_paths(schema)) | _keys(obj, role)
        for obj in objects
        if not obj.private
        for role, schema in schemas_of(obj).items()
    }
    return dict(sorted(schemas.items()))


def released() -> Contract:
    """The contract of the last release."""
    return json.loads(RELEASED.read_text())


def encode(schemas: Contract) -> str:
    """The text of the file of the released contract, a schema in a line."""
    lines = (f"{json.dumps(key)}: {json.dumps(paths, separators=(',', ':'))}" for key, paths in schemas.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def breaches(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is missing of a contract or has other types in a later one, each as a sentence."""
    return [text for key, paths in before.items() for text in _breaches(key, paths, now.get(key))]


def additions(before: Contract, now: Contract) -> dict[str, list[str]]:
    """The paths that a later contract has and an earlier one has not, by schema."""
    added = {key: [path for path in paths if path not in before.get(key, {})] for key, paths in now.items()}
    return {key: paths for key, paths in added.items() if paths}


def _breaches(key: str, before: Mapping[str, str], now: Mapping[str, str] | None) -> Iterator[str]:
    if now is None:
        yield f"{key} is removed"
        return
    for path, types in before.items():
        if path not in now:
            yield f"{key}: {path} is removed"
        elif not set(now[path].split("|")) <= set(types.split("|")):
            yield f"{key}: {path} is {now[path]}, and was {types}"


def _keys(obj: PublicObject, role: Role) -> dict[str, str]:
    return {f"key {file.path}": file.format.value for file in files_of(obj) if file.role is role}


def _paths(schema: Schema, path: str = "") -> Iterator[tuple[str, str]]:
    """Every path with a value of its own: `a.b` a key below a key, `a[]` an item, `a{}` the value of any key."""
    yield path or ".", _types(schema)
    for name, inner in schema.get("properties", {}).items():
        yield from _paths(inner, f"{path}.{name}" if path else name)
    for suffix, keyword in (("[]", "items"), ("{}", "additionalProperties")):
        if inner := schema.get(keyword):
            yield from _paths(inner, path + suffix)


def _types(schema: Mapping[str, Any]) -> str:
    """The types of values, text by its format; which values a choice has is no part of the contract."""
    types = schema.get("type", "string")
    names = [types] if isinstance(types, str) else types
    # A number in text is another type than text.
    text = schema.get("format", "decimal" if schema.get("pattern") == DECIMAL else "string")
    return "|".join(text if name == "string" else name for name in names)
