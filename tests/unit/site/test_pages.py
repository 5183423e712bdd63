"""The public site: a page for each dataset, readable without scripts, with relative addresses that exist."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from posixpath import dirname, normpath

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.schemas import schema_key
from stacks_dataverse.public_files import files_of
from stacks_dataverse.site.pages import site_files

URL = "https://data.example.org"
PUBLIC = [obj for obj in catalog.OBJECTS if not obj.private]
VERSIONS = [
    {
        "version": "1.1.0",
        "date": "2026-12-24",
        "changes": [
            {"kind": "added", "datasets": ["blocks"], "text": "Blocks <new>."},
            {"kind": "changed", "datasets": ["fees"], "text": "Fees have a column more."},
        ],
    },
    {
        "version": "1.0.0",
        "date": "2026-11-28",
        "changes": [
            {"kind": "added", "datasets": [obj.name for obj in PUBLIC if obj.name != "blocks"], "text": "All."}
        ],
    },
]
CHANGELOG = Changelog(VERSIONS)
FILES = {file.key: file for file in site_files(catalog.OBJECTS, CHANGELOG, URL)}
PAGES = [key for key in FILES if key.endswith(".html")]
ATOM = "{http://www.w3.org/2005/Atom}"
# Written by others: the catalogue with the files of the datasets.
OTHERS = {"catalog.json", "openapi.json", "datapackage.json", "llms.txt", "CHANGELOG.json"}


class Page(HTMLParser):
    """The addresses of a page, its elements' ids, and its text."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.policy = ""
        self.text = ""
        self.feed(FILES[key].body.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect what the element names."""
        given = dict(attributes)
        self.addresses += [given[name] for name in ("href", "src") if name in given]
        self.ids += [given["id"]] if "id" in given else []
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


def published_keys() -> set[str]:
    """Every key that the site may name."""
    data = {file.key() for obj in PUBLIC for file in files_of(obj)}
    schemas = {schema_key(obj.name, file.role) for obj in PUBLIC for file in files_of(obj)}
    return {*FILES, *data, *schemas, *OTHERS}


def test_every_public_dataset_has_a_page_and_the_private_ones_have_none() -> None:
    assert {key for key in FILES if key.startswith("datasets/")} == {f"datasets/{obj.name}.html" for obj in PUBLIC}
    index = Page("index.html")
    assert {address for address in index.addresses if "datasets/" in address} == {
        f"datasets/{obj.name}.html" for obj in PUBLIC
    }
    assert all(obj.title in index.text for obj in PUBLIC)


@pytest.mark.parametrize("key", PAGES)
def test_addresses_are_relative_and_exist(key: str) -> None:
    keys = published_keys()
    for address in Page(key).addresses:
        path, _, anchor = address.partition("#")
        # The page of missing keys does not know where it is.
        target = path.removeprefix("/") if key == "404.html" else normpath(f"{dirname(key)}/{path}").lstrip("/")
        assert not re.match(r"[a-z]+:|//", address)
        assert (key == "404.html") == path.startswith("/") or not path
        assert not path or target in keys
        assert not anchor or anchor in Page(target if path else key).ids


@pytest.mark.parametrize("key", PAGES)
def test_pages_are_strict_and_whole(key: str) -> None:
    page = Page(key)
    assert page.policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in page.policy
    assert len(set(page.ids)) == len(page.ids)
    assert FILES[key].media_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("obj", PUBLIC, ids=lambda obj: obj.name)
def test_a_dataset_is_described_without_scripts(obj) -> None:
    page = Page(f"datasets/{obj.name}.html")
    assert obj.method in page.text
    assert all(warning in page.text for warning in obj.warnings)
    assert all(column.name in page.text and column.meaning in page.text for column in obj.columns)
    assert {file.key() for file in files_of(obj)} <= {address.removeprefix("../") for address in page.addresses}
    assert all(file.key("{day}") in page.text for file in files_of(obj) if file.is_dated)


def test_since_when_a_dataset_is_there_and_its_changes_are_on_its_page() -> None:
    blocks, fees, contracts = (Page(f"datasets/{name}.html").text for name in ("blocks", "fees", "contracts"))
    assert re.search(r"Since version\s*1\.1\.0", blocks)
    assert re.search(r"Since version\s*1\.0\.0", fees)
    assert "1.1.0 (2026-12-24): Fees have a column more." in fees
    assert "Fees have a column more" not in contracts


def test_the_feed_is_atom_with_the_newest_version_first() -> None:
    feed = ET.fromstring(FILES["feed.xml"].body)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Version 1.1.0", "Version 1.0.0"]
    assert feed.findtext(f"{ATOM}updated") == "2026-12-24T00:00:00Z"
    assert "Blocks <new>. (blocks)" in entries[0].findtext(f"{ATOM}content")
    ids = [feed.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in entries)]
    assert len(set(ids)) == 3
    older = {file.key: file for file in site_files(catalog.OBJECTS, Changelog(VERSIONS[1:]), URL)}
    assert ET.fromstring(older["feed.xml"].body).find(f"{ATOM}entry").findtext(f"{ATOM}id") == ids[2]


def test_the_same_release_makes_the_same_files() -> None:
    again = {file.key: file.sha256 for file in site_files(catalog.OBJECTS, CHANGELOG, URL)}
    assert again == {key: file.sha256 for key, file in FILES.items()}


def test_assets_are_kept_and_pages_are_not() -> None:
    assert {file.cache_seconds for key, file in FILES.items() if key.startswith("assets/")} == {31_536_000}
    assert {file.cache_seconds for key, file in FILES.items() if not key.startswith("assets/")} == {300}
