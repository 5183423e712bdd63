"""Write the types of the TypeScript client from the JSON Schemas: `python -m scripts.docs.typescript_types`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.public import schemas

SOURCE = Path(__file__).parents[2] / "stacks_dataverse" / "clients" / "typescript" / "src"
DATASETS, CATALOGUE = SOURCE / "dataset_types.d.ts", SOURCE / "catalogue_types.d.ts"

HEAD = "// Written by `python -m scripts.docs.typescript_types` from the JSON Schemas; change it there.\n\n"
SIMPLE = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}
INDENT = "  "


def dataset_types() -> str:
    """The types of the datasets' JSON files, by name."""
    files = {obj.name: schemas.v1_schema(obj) for obj in catalog.OBJECTS if obj.columns and not obj.private}
    members = {"type": "object", "properties": files, "required": list(files)}
    return f"{HEAD}/** The JSON file of each dataset, by name. */\nexport interface Datasets {type_of(members)}\n"


def type_of(schema: Mapping[str, Any], indent: str = "") -> str:
    """The TypeScript type of the values of a schema; `unknown` where it does not say which."""
    if "const" in schema or "enum" in schema:
        return " | ".join(map(json.dumps, schema.get("enum") or [schema["const"]]))
    if "anyOf" in schema:
        return " | ".join(type_of(option, indent) for option in schema["anyOf"])
    types = schema.get("type", [])
    kinds = [types] if isinstance(types, str) else types
    return " | ".join(_of_kind(kind, schema, indent) for kind in kinds) or "unknown"


def _of_kind(kind: str, schema: Mapping[str, Any], indent: str) -> str:
    if kind == "array":
        inner = type_of(schema.get("items", {}), indent)
        return f"({inner})[]" if " | " in inner and not inner.startswith("{") else f"{inner}[]"
    return _object(schema, indent) if kind == "object" else SIMPLE[kind]


def _object(schema: Mapping[str, Any], indent: str) -> str:
    if "properties" not in schema:
        return f"Record<string, {type_of(schema.get('additionalProperties') or {}, indent)}>"
    members = "".join(_member(name, schema, indent + INDENT) for name in schema["properties"])
    return f"{{\n{members}{indent}}}" if members else "{}"


def _member(name: str, schema: Mapping[str, Any], indent: str) -> str:
    inner = schema["properties"][name]
    mark = "" if name in schema.get("required", ()) else "?"
    return "".join(_comment(inner, indent)) + f"{indent}{name}{mark}: {type_of(inner, indent)};\n"


def _comment(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    if text := schema.get("description"):
        yield f"{indent}/** {text.replace('*/', '* /')} */\n"


if __name__ == "__main__":
    DATASETS.write_text(dataset_types())
