"""`llms.txt` (llmstxt.org): what a language model needs to find and use the public files."""

from collections.abc import Iterable

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.public_files import Format, Role, files_of

KEY = "llms.txt"

HEAD = """# Stacks Dataverse

> Open analytics of the Stacks blockchain as static files: JSON and Parquet, updated daily or every half hour.

Read `catalog.json` first: it names every file with its fields (type, unit, meaning, when it is null), method, warnings,
age and sha256. Keys are relative to it. JSON under `v1/` is an envelope with the rows in `data`; dates are ISO 8601 in
UTC; a decimal is text. The Parquet file of the same name has the same rows with typed columns. JSON is stored gzipped
with `Content-Encoding: gzip`, which HTTP clients undo. Say the method and the warnings of a dataset where its numbers
are used. Fields are only added within a major version.

## Descriptions

- [Catalogue](catalog.json): every dataset, file and field
- [OpenAPI](openapi.json): the files as an HTTP API
- [Data Package](datapackage.json): the tables for Frictionless tools
- [Changes](CHANGELOG.json): by version
"""


def llms(objects: Iterable[PublicObject]) -> str:
    """The text of `llms.txt`: the descriptions, and every dataset by group."""
    public = [obj for obj in objects if not obj.private]
    sections = [(group.value, [obj for obj in public if obj.group is group]) for group in Group]
    return HEAD + "".join(f"\n## {title}\n\n{''.join(map(_line, some))}" for title, some in sections if some)


def _line(obj: PublicObject) -> str:
    key = next(file.key() for file in files_of(obj) if (file.role, file.format) == (Role.V1, Format.JSON))
    return f"- [{obj.title}]({key}): {obj.method}\n"
