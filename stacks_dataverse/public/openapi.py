"""`openapi.json`: the public files as an HTTP API (OpenAPI 3.1), for generators of clients and for readers of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.public import catalogue_schema, schemas
from stacks_dataverse.public.json_schema import DIALECT
from stacks_dataverse.public_files import Format, PublicFile, Role, files_of

KEY = "openapi.json"

INTRODUCTION = (
    "Static files, read with GET or HEAD; no key and no log-in. Begin with catalog.json, which names every file with "
    "its fields, age and sha256. JSON and CSV are gzipped with Content-Encoding; Parquet is not, and answers ranges."
)
DAY = {
    "name": "day",
    "in": "path",
    "required": True,
    "description": "UTC day, YYYY-MM-DD",
    "schema": {"type": "string", "format": "date"},
}
OTHERS = {
    "304": {"description": "Not changed since the ETag of If-None-Match."},
    "403": {"description": "There is no such file: a store that may not be listed does not say 404."},
    "404": {"description": "There is no such file."},
}


def openapi(objects: Sequence[PublicObject], version: str, licence: str) -> dict[str, Any]:
    """The value of `openapi.json`.

    Args:
        version: of the public files.
        licence: of the data, as SPDX names it.
    """
    public = [obj for obj in objects if not obj.private]
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Stacks Dataverse",
            "summary": "Open analytics of the Stacks blockchain.",
            "description": INTRODUCTION,
            "version": version,
            "license": {"name": licence, "identifier": licence},
        },
        "servers": [{"url": "./", "description": "Where this file is."}],
        "tags": [{"name": group.name.lower(), "description": group.value} for group in Group],
        "paths": {"/catalog.json": _catalogue()} | {path: item for obj in public for path, item in _paths(obj)},
        "components": {"schemas": dict(_components(public))},
    }


def _catalogue() -> dict[str, Any]:
    content = {"application/json": {"schema": _ref("catalog")}}
    return _get("get_catalog", "Every dataset, with its files and fields", "operations", content)


def _paths(obj: PublicObject) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files_of(obj):
        name = f"get_{obj.name}{'_predecessor' if file.role is Role.PREDECESSOR else ''}_{file.format.value}"
        for version, suffix, also in (("latest", "", {}), ("{day}", "_of_day", {"parameters": [DAY]})):
            if file.is_dated or not also:
                item = _get(f"{name}{suffix}", obj.title, obj.group.name.lower(), _content(obj, file), obj.method)
                yield f"/{file.key(version)}", also | item


def _get(name: str, title: str, tag: str, content: Mapping[str, Any], method: str = "") -> dict[str, Any]:
    answers = {"200": {"description": title, "content": content}} | OTHERS
    described = {"description": method} if method else {}
    return {"get": {"operationId": name, "summary": title, **described, "tags": [tag], "responses": answers}}


def _content(obj: PublicObject, file: PublicFile) -> dict[str, Any]:
    media_type = file.media_type.partition(";")[0]
    if file.format is Format.JSON:
        return {media_type: {"schema": _ref(_component(obj, file.role))}}
    return {media_type: {}}


def _components(objects: Iterable[PublicObject]) -> Iterator[tuple[str, Any]]:
    yield "catalog", _without_dialect(catalogue_schema.SCHEMA)
    for obj in objects:
        for role, schema in schemas.schemas_of(obj).items():
            yield _component(obj, role), _without_dialect(schema)


def _component(obj: PublicObject, role: Role) -> str:
    return obj.name if role is Role.V1 else f"{obj.name}.{role.value}"


def _without_dialect(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as a part of a document that names the dialect of all."""
    return {name: value for name, value in schema.items() if name != "$schema"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
