"""`datapackage.json`: the tables of the public files as a Data Package (datapackage.org), for tools that read these."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.public.field_types import field_type
from stacks_dataverse.public_files import Format, PublicFile, Role, files_of

KEY = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

# Types of a table schema, where they have another name than ours; a decimal is text in JSON and in Parquet.
TYPES = {"decimal": "string", "list": "array"}


def datapackage(
    objects: Sequence[PublicObject], keys: Collection[str], version: str, licence: dict[str, str]
) -> dict[str, Any]:
    """The value of `datapackage.json`: each dataset's rows as Parquet, as JSON, and as the predecessor's CSV.

    Args:
        keys: those that are published; others are left out.
        licence: its `name` and `url`.
    """
    return {
        "$schema": PROFILE,
        "name": "stacks-dataverse",
        "title": "Stacks Dataverse",
        "description": "Open analytics of the Stacks blockchain.",
        "version": version,
        "licenses": [{"name": licence["name"]} | ({"path": licence["url"]} if licence["url"] else {})],
        "resources": [resource for obj in objects for resource in _resources(obj, keys)],
    }


def _resources(obj: PublicObject, keys: Collection[str]) -> Iterator[dict[str, Any]]:
    for file in () if obj.private else files_of(obj):
        is_table = file.role is Role.V1 or file.format is Format.CSV
        if is_table and file.key() in keys:
            yield _resource(obj, file)


def _resource(obj: PublicObject, file: PublicFile) -> dict[str, Any]:
    # The rows of an envelope are below its key `data`.
    rows_at = {"dialect": {"property": "data"}} if file.format is Format.JSON else {}
    return {
        "name": f"{obj.name}-{file.format.value}".replace("_", "-"),
        "type": "table",
        "path": file.key(),
        "title": obj.title,
        "description": obj.method,
        "format": file.format.value,
        "mediatype": file.media_type.partition(";")[0],
        "encoding": "utf-8",
        **rows_at,
        "schema": {"fields": [_field(column) for column in obj.columns]},
    }


def _field(column: Column) -> dict[str, Any]:
    kind = field_type(column.type)
    constraints = {} if column.null else {"constraints": {"required": True}}
    return {
        "name": column.name,
        "type": TYPES.get(kind, kind),
        "description": str(column.description),
        **constraints,
    }
