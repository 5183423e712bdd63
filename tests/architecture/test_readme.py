"""The README, and the page of how the code is laid out, name what is there; the README is short."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL))
HOW = (ROOT / "docs" / "layout.md").read_text() + SECTIONS["Adding a dataset"]

# A file or folder in backticks; what has angle brackets stands for any.
NAMED = sorted({name for name in re.findall(r"`([\w./-]+)`", HOW) if "/" in name or name.endswith((".py", ".csv"))})

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
LINKS = sorted({str(page.parent.relative_to(ROOT) / link) for page in PAGES for link in LINK.findall(page.read_text())})


@pytest.mark.parametrize("name", NAMED)
def test_what_tells_where_things_are_is_there(name: str) -> None:
    assert (ROOT / name).exists() or (ROOT / "stacks_dataverse" / name).exists()


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120
    assert len(SECTIONS["Adding a dataset"].strip().splitlines()) <= 10


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_to_a_file_that_is_there(link: str) -> None:
    assert (ROOT / link).exists()
