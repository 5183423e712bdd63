"""The files that describe the public bucket and change with a release only."""

from collections.abc import Iterator, Sequence

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public import catalogue_schema, changelog, llms, openapi
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.json_schema import encode
from stacks_dataverse.public.schemas import schema_key, schemas_of
from stacks_dataverse.public.static_file import StaticFile


def release_files(objects: Sequence[PublicObject], log: Changelog, licence: str) -> list[StaticFile]:
    """Schemas, OpenAPI, the text for language models, and the changelog."""
    return [
        *schema_files(objects),
        StaticFile(catalogue_schema.KEY, encode(catalogue_schema.SCHEMA)),
        StaticFile(openapi.KEY, encode(openapi.openapi(objects, log.version, licence))),
        StaticFile(llms.KEY, llms.llms(objects).encode(), "text/plain; charset=utf-8"),
        StaticFile(changelog.KEY, encode({"versions": log.versions})),
    ]


def schema_files(objects: Sequence[PublicObject]) -> Iterator[StaticFile]:
    """The schemas of the files of datasets."""
    for obj in objects:
        for role, schema in {} if obj.private else schemas_of(obj).items():
            yield StaticFile(schema_key(obj.name, role), encode(schema), dataset=obj.name)
