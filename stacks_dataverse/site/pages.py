"""The files of the public site, as a function of a release: its catalogue, changes and assets.

What only the data know, such as their age, the pages read from `catalog.json` in the browser.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.public.catalogue import field
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.schemas import schema_key
from stacks_dataverse.public.static_file import StaticFile
from stacks_dataverse.public_files import Format, PublicFile, Role, files_of
from stacks_dataverse.site import assets
from stacks_dataverse.site.chart_descriptions import describe_all
from stacks_dataverse.site.snippets import snippets_of

TEMPLATES = Path(__file__).parent / "templates"
ENVIRONMENT = Environment(
    loader=FileSystemLoader([TEMPLATES, TEMPLATES / "shared"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

MEDIA_TYPES = assets.SUFFIXES | {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/atom+xml; charset=utf-8",
}
# A page is replaced by another release, an asset never.
PAGE_SECONDS, ASSET_SECONDS = 300, 31_536_000

# Nothing inline, and nothing from another origin. A page that may be framed by others needs no more.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)


def site_files(objects: Iterable[PublicObject], changelog: Changelog, url: str) -> list[StaticFile]:
    """The site's pages and assets.

    Args:
        url: of the public bucket, without a slash at its end, as the programs to be copied name it.
    """
    public = {obj.name: obj for obj in objects if not obj.private}
    descriptions = describe_all(public.values())
    loaded = _assets(descriptions)
    folder = assets.folder(loaded)

    def page(key: str, template: str, root: str = "", **values: Any) -> StaticFile:
        shared = {
            "root": root,
            "assets": f"{root}{folder}/",
            "policy": POLICY,
            "url": url,
            "version": changelog.version,
        }
        text = ENVIRONMENT.get_template(template).render(**shared, **values)
        return StaticFile(key, text.encode(), MEDIA_TYPES[Path(key).suffix], PAGE_SECONDS)

    return [
        *(StaticFile(f"{folder}/{name}", body, MEDIA_TYPES[Path(name).suffix], ASSET_SECONDS)
          for name, body in loaded.items()),
        *(page(f"datasets/{name}.html", "dataset.html", "../", **_values(obj, descriptions[name], changelog, url))
          for name, obj in public.items()),
        page("embed.html", "embed.html"),
        # It answers for any missing key, so it cannot know where it is.
        page("404.html", "404.html", root="/"),
        page("feed.xml", "feed.xml", feed_id=_id("changes"), entries=_entries(changelog)),
        page("index.html", "index.html", sections=list(_sections(public.values()))),
    ]  # fmt: skip


def _assets(descriptions: Mapping[str, Any]) -> dict[str, bytes]:
    charts = json.dumps(descriptions, separators=(",", ":")).encode()
    return {name: path.read_bytes() for name, path in assets.FILES.items()} | {"charts.json": charts}


def _sections(objects: Iterable[PublicObject]) -> Iterable[tuple[str, list[PublicObject]]]:
    order = list(Group)
    ordered = sorted(objects, key=lambda obj: order.index(obj.group))
    for group, members in groupby(ordered, key=lambda obj: obj.group):
        yield group.value, list(members)


def _values(obj: PublicObject, description: Mapping[str, Any], changelog: Changelog, url: str) -> dict[str, Any]:
    return {
        "dataset": obj,
        "has_chart": description["axis"] is not None,
        "columns": [field(column) for column in obj.columns],
        "files": [_file(file) for file in files_of(obj)],
        "snippets": snippets_of(obj, url),
        "since": changelog.since(obj.name),
        "changes": changelog.changes(obj.name),
    }


def _file(file: PublicFile) -> Mapping[str, Any]:
    return {
        "key": file.key(),
        "format": "CSV" if file.format is Format.CSV else "JSON" if file.format is Format.JSON else "Parquet",
        "is_former": file.role is Role.PREDECESSOR,
        "schema": None if file.format is Format.PARQUET else schema_key(file.name, file.role),
        "dated": file.key("{day}") if file.is_dated else "",
    }


def _entries(changelog: Changelog) -> list[dict[str, Any]]:
    """The versions as entries of a feed; an entry keeps its id as long as its version has its number."""
    return [
        {
            "id": _id(f"changes/{version['version']}"),
            "version": version["version"],
            "at": f"{version['date']}T00:00:00Z",
            "changes": version["changes"],
        }
        for version in changelog.versions
    ]


def _id(path: str) -> str:
    return uuid5(NAMESPACE_URL, f"stacks-dataverse/{path}").urn
