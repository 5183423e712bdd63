"""What the page's browser loads: the charting library as npm has it, and nothing from elsewhere."""

import hashlib
import re
from pathlib import Path

import pytest

from plugins.page import static_files

STATIC = static_files.STATIC
TEMPLATES = STATIC.with_name("templates")
LIBRARY = STATIC / "vendor" / "uplot"
OWN = [*STATIC.glob("*.*"), *TEMPLATES.glob("*.html")]
# A name space of XML is no address that anybody asks.
ADDRESS = re.compile(r"(?:https?:)?//(?!www\.w3\.org)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
INLINE = re.compile(r"<style|\bstyle=|\bon[a-z]+=[\"']|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)


def sums() -> dict[str, str]:
    """The SHA-256 of each file, as it was when the library was fetched and held against npm's hash."""
    lines = (LIBRARY / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


@pytest.mark.parametrize("name", sorted({path.name for path in LIBRARY.iterdir()} - {"SOURCE", "SHA256SUMS"}))
def test_the_charting_library_is_as_it_was_fetched(name: str) -> None:
    assert hashlib.sha256((LIBRARY / name).read_bytes()).hexdigest() == sums()[name]


@pytest.mark.parametrize("name", sorted(static_files.FILES))
def test_a_file_has_another_address_when_it_is_another(name: str) -> None:
    address, _, version = static_files.address(name).partition("?v=")
    assert address == f"static/{name}"
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest().startswith(version)
    assert len(version) == 12


def test_its_source_names_a_version_and_npms_hash() -> None:
    package, integrity = (LIBRARY / "SOURCE").read_text().splitlines()
    assert re.fullmatch(r"uplot@\d+\.\d+\.\d+", package)
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", integrity)
    assert {"LICENSE", "uPlot.iife.min.js", "uPlot.min.css"} == set(sums())


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(path: Path) -> None:
    text = path.read_text()
    assert ADDRESS.findall(text) == []
    assert path.suffix != ".html" or INLINE.findall(text) == []


def test_the_library_itself_asks_nobody() -> None:
    assert ADDRESS.findall((LIBRARY / "uPlot.iife.min.js").read_text().split("*/", 1)[1]) == []


def test_all_scripts_and_styles_are_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.suffix in (".js", ".css")) < 120_000
