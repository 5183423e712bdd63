"""The project's own documents as pages, and what the runbook says to do."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(__file__).parents[2] / "docs"
RUNBOOK = "runbook"
NAME = re.compile(r"[a-z_]+")

LOOK_AT = "look at"
CODE = re.compile(r"`([^`]+)`")
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def names() -> list[str]:
    """The documents that are there."""
    return sorted(path.stem for path in DOCS.glob("*.md"))


@cache
def page(name: str) -> str | None:
    """Return a document as HTML whose headings, and rows of names in code, have anchors; None without such a one.

    HTML in the document stays text.
    """
    path = DOCS / f"{name}.md"
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = renderer.parse(path.read_text(encoding="utf-8"))
    taken = {""}
    for token, text in _with_text(tokens):
        anchor = _anchor(token, text)
        if anchor not in taken:
            token.attrSet("id", anchor)
            taken.add(anchor)
    return renderer.renderer.render(tokens, renderer.options, {})


@cache
def remedies() -> dict[str, str]:
    """What the runbook says to look at and to do, by the name of a check or a task; the last row of a name counts.

    Empty where the runbook is not there.
    """
    path = DOCS / f"{RUNBOOK}.md"
    return dict(_remedies(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _remedies(text: str) -> Iterator[tuple[str, str]]:
    """A row of a table belongs to every name in code in its first cell; its last cell says what to do."""
    header: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" |")] if line.startswith("|") else []
        header = header if header and cells else cells
        for name in CODE.findall(cells[0]) if cells else ():
            look = f"look at {cells[-2]}; then " if header[-2] == LOOK_AT and cells[-2] else ""
            words = f"{look}{cells[-1]}".replace("`", "")
            yield name, f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _with_text(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Headings and rows, with the text of the heading or of the row's first cell."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[index + 1].content
        elif token.type == "tr_open" and tokens[index + 1].type == "td_open":
            yield token, tokens[index + 2].content


def _anchor(token: Token, text: str) -> str:
    """As GitHub makes one of a heading; of a row, the first name in code."""
    if token.type == "heading_open":
        return NOT_IN_ANCHORS.sub("", text.lower()).replace(" ", "-")
    name = CODE.match(text)
    return f"row-{name[1]}" if name else ""
