"""The files that describe the public bucket and change with a release only."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public import catalogue_schema, changelog, llms, openapi
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.json_schema import encode
from stacks_dataverse.public.schemas import schema_key, schemas_of
from stacks_dataverse.public.static_file import StaticFile

# Which package made the files of the release.
MARKER = "release.json"
PACKAGE = Path(__file__).parents[1]


def release_files(objects: Sequence[PublicObject], log: Changelog, licence: str) -> list[StaticFile]:
    """Schemas, OpenAPI, the text for language models, and the changelog."""
    return [
        *schema_files(objects),
        StaticFile(catalogue_schema.KEY, encode(catalogue_schema.SCHEMA)),
        StaticFile(openapi.KEY, encode(openapi.openapi(objects, log.version, licence))),
        StaticFile(llms.KEY, llms.llms(objects).encode(), "text/plain; charset=utf-8"),
        StaticFile(changelog.KEY, encode({"versions": log.versions})),
    ]


def release_marker(version: str, *settings: str) -> StaticFile:
    """A file that is the same as long as all files of a release are: the same package makes them of the same settings.

    It is written once all of them are, so that a publish needs not make them again only to find them unchanged.
    """
    digest = hashlib.sha256("\n".join(settings).encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return StaticFile(MARKER, encode({"version": version, "sha256": digest.hexdigest()}))


def schema_files(objects: Sequence[PublicObject]) -> Iterator[StaticFile]:
    """The schemas of the files of datasets."""
    for obj in objects:
        for role, schema in {} if obj.private else schemas_of(obj).items():
            yield StaticFile(schema_key(obj.name, role), encode(schema), dataset=obj.name)
