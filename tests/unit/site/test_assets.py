"""What the site's browser loads: libraries as npm has them, and nothing from elsewhere."""

import hashlib
import re
from pathlib import Path

import pytest

from stacks_dataverse.site import assets

LIBRARIES = sorted((assets.STATIC / "vendor").iterdir())
OWN = [*assets.STATIC.glob("*.*"), *assets.STATIC.with_name("templates").rglob("*.html")]
NOTES = {"SOURCE", "SHA256SUMS"}
# A name space of XML is no address that anybody asks.
ADDRESS = re.compile(r"(?:https?:)?//(?!www\.w3\.org)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
INLINE = re.compile(r"<style|\bstyle=|\bon[a-z]+=[\"']|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)


def sums(library: Path) -> dict[str, str]:
    """The SHA-256 of each file, as it was when the library was fetched and held against npm's hash."""
    lines = (library / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda path: path.name)
def test_a_library_is_as_it_was_fetched(library: Path) -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in library.iterdir()}
    assert {name: digest for name, digest in found.items() if name not in NOTES} == sums(library)


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda path: path.name)
def test_its_source_names_a_version_and_npms_hash_and_its_files(library: Path) -> None:
    package, integrity, files = (library / "SOURCE").read_text().splitlines()
    assert re.fullmatch(rf"{library.name}@\d+\.\d+\.\d+", package)
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", integrity)
    assert {name.rpartition("/")[2] for name in files.split()} == set(sums(library))
    assert "LICENSE" in sums(library)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(path: Path) -> None:
    text = path.read_text()
    assert ADDRESS.findall(text) == []
    assert path.suffix != ".html" or INLINE.findall(text) == []


@pytest.mark.parametrize(
    "path", [path for path in assets.FILES.values() if "vendor" in path.parts], ids=lambda p: p.name
)
def test_the_libraries_themselves_ask_nobody(path: Path) -> None:
    assert ADDRESS.findall(COMMENT.sub("", path.read_text())) == []


def test_the_folder_is_named_after_what_is_in_it() -> None:
    before = assets.folder({"chart.js": b"one", "page.css": b"two"})
    assert re.fullmatch(r"assets/[0-9a-f]{12}", before)
    assert assets.folder({"page.css": b"two", "chart.js": b"one"}) == before
    assert assets.folder({"chart.js": b"other", "page.css": b"two"}) != before
    assert assets.folder({"chart.css": b"one", "page.css": b"two"}) != before


def test_all_scripts_and_styles_that_every_page_may_load_are_small() -> None:
    on_demand = assets.STATIC / "vendor" / "hyparquet"
    sizes = [path.stat().st_size for path in assets.FILES.values() if on_demand not in path.parents]
    assert sum(sizes) < 130_000
