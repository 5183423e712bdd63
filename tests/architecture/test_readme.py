"""The README names what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL))
HOW = SECTIONS["How it is laid out"] + SECTIONS["Adding a dataset"]

# A file or folder in backticks; what has angle brackets stands for any.
NAMED = sorted({name for name in re.findall(r"`([\w./-]+)`", HOW) if "/" in name or name.endswith((".py", ".csv"))})


@pytest.mark.parametrize("name", NAMED)
def test_what_tells_where_things_are_is_there(name: str) -> None:
    assert (ROOT / name).exists() or (ROOT / "stacks_dataverse" / name).exists()
