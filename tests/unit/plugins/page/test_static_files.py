"""What the page's browser loads: files of the page and of the public site, and nothing from elsewhere."""

import hashlib

import pytest

from plugins.page import static_files
from tests.unit.site.test_assets import ADDRESS, INLINE

TEMPLATES = static_files.STATIC.with_name("templates")
OWN = [*static_files.STATIC.glob("*.*"), *TEMPLATES.glob("*.html")]


@pytest.mark.parametrize("name", sorted(static_files.FILES))
def test_a_file_has_another_address_when_it_is_another(name: str) -> None:
    address, _, version = static_files.address(name).partition("?v=")
    assert address == f"static/{name}"
    assert hashlib.sha256(static_files.FILES[name].read_bytes()).hexdigest().startswith(version)
    assert len(version) == 12


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(path) -> None:
    text = path.read_text()
    assert ADDRESS.findall(text) == []
    assert path.suffix != ".html" or INLINE.findall(text) == []


def test_its_own_scripts_and_styles_are_small() -> None:
    assert sum(path.stat().st_size for path in static_files.OWN.values()) < 30_000
