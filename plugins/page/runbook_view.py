"""The project's documents as pages, and the remedies of the runbook."""

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


def document_names() -> list[str]:
    """The names of all documents."""
    return sorted(path.stem for path in DOCS.glob("*.md"))


@cache
def document(name: str) -> str | None:
    """Return a document as HTML with anchors on headings and on table rows that begin with a name in code.

    HTML in the document is escaped. None if there is no such document.
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
    """What to look at and what to do, by the name of a check or a task; the last row of a name counts.

    Empty without a runbook.
    """
    path = DOCS / f"{RUNBOOK}.md"
    return dict(_remedies(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _remedies(text: str) -> Iterator[tuple[str, str]]:
    """A table row belongs to every name in code in its first cell; its last cell is the remedy."""
    header: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" |")] if line.startswith("|") else []
        header = header if header and cells else cells
        for name in CODE.findall(cells[0]) if cells else ():
            first = f"look at {cells[-2]}; then " if header[-2] == LOOK_AT and cells[-2] else ""
            remedy = f"{first}{cells[-1]}".replace("`", "")
            yield name, f"{remedy[:1].upper()}{remedy[1:].rstrip('.')}."


def _with_text(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Headings and table rows, with the text of the heading or of the row's first cell."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[index + 1].content
        elif token.type == "tr_open" and tokens[index + 1].type == "td_open":
            yield token, tokens[index + 2].content


def _anchor(token: Token, text: str) -> str:
    """The anchor: of a heading as on GitHub; of a row, its first name in code."""
    if token.type == "heading_open":
        return NOT_IN_ANCHORS.sub("", text.lower()).replace(" ", "-")
    name = CODE.match(text)
    return f"row-{name[1]}" if name else ""
