"""Write the types of the TypeScript client from the JSON Schemas: `python -m scripts.docs.typescript_types`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.public import catalogue_schema
from stacks_dataverse.public.json_schema import closed
from stacks_dataverse.public.schemas import schemas_of
from stacks_dataverse.public_files import Role

SOURCE = Path(__file__).parents[2] / "stacks_dataverse" / "clients" / "typescript" / "src"
DATASETS, CATALOGUE = SOURCE / "dataset_types.d.ts", SOURCE / "catalogue_types.d.ts"

HEAD = "// Written by `python -m scripts.docs.typescript_types` from the JSON Schemas; change it there.\n\n"
SIMPLE = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}
INDENT = "  "


def pages() -> dict[Path, str]:
    """The files of types: of the JSON file of each dataset, by name, and of catalog.json."""
    datasets = {obj.name: schemas_of(obj)[Role.V1] for obj in catalog.OBJECTS if not obj.private}
    return {
        DATASETS: _interface("Datasets", closed(datasets) | {"description": "The JSON file of each dataset, by name."}),
        CATALOGUE: _interface("Catalogue", catalogue_schema.SCHEMA),
    }


def type_of(schema: Mapping[str, Any], indent: str = "") -> str:
    """The TypeScript type of the values of a schema; `unknown` where it does not say which."""
    if "const" in schema or "enum" in schema:
        return " | ".join(map(json.dumps, schema.get("enum") or [schema["const"]]))
    if "anyOf" in schema:
        return " | ".join(type_of(option, indent) for option in schema["anyOf"])
    types = schema.get("type", [])
    kinds = [types] if isinstance(types, str) else types
    return " | ".join(_of_kind(kind, schema, indent) for kind in kinds) or "unknown"


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    return f"{HEAD}{''.join(_comment(schema, ''))}export interface {name} {type_of(schema)}\n"


def _of_kind(kind: str, schema: Mapping[str, Any], indent: str) -> str:
    if kind == "array":
        items = schema.get("items", {})
        inner = type_of(items, indent)
        return f"({inner})[]" if _is_union(items) else f"{inner}[]"
    return _object(schema, indent) if kind == "object" else SIMPLE[kind]


def _is_union(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type")
    return len(schema.get("enum") or schema.get("anyOf") or (kinds if isinstance(kinds, list) else [])) > 1


def _object(schema: Mapping[str, Any], indent: str) -> str:
    if "properties" not in schema:
        return f"Record<string, {type_of(schema.get('additionalProperties') or {}, indent)}>"
    members = "".join(_member(name, schema, indent + INDENT) for name in schema["properties"])
    return f"{{\n{members}{indent}}}" if members else "{}"


def _member(name: str, schema: Mapping[str, Any], indent: str) -> str:
    inner = schema["properties"][name]
    mark = "" if name in schema.get("required", ()) else "?"
    key = name if name.isidentifier() else json.dumps(name)
    return "".join(_comment(inner, indent)) + f"{indent}{key}{mark}: {type_of(inner, indent)};\n"


def _comment(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    if text := schema.get("description"):
        yield f"{indent}/** {text.replace('*/', '* /')} */\n"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
