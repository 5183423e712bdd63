"""The project's documents as pages, and the remedies of the runbook."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(__file__).parents[2] / "docs"
RUNBOOK = "runbook"
NAME = re.compile(r"[a-z_]+")
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)

# A document with more headings of the third level shows only those of the second in its contents.
MAX_CONTENTS = 40

RENDERER = MarkdownIt("commonmark", {"html": False}).enable("table")
LOOK_AT = "look at"
CODE = re.compile(r"`([^`]+)`")
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Heading:
    """A heading of a document: its depth, 1 for a part and 2 for a section of one, its text and its anchor."""

    depth: int
    text: str
    anchor: str


def document_names() -> list[str]:
    """The names of all documents."""
    return sorted(path.stem for path in DOCS.glob("*.md"))


@cache
def document_titles() -> dict[str, str]:
    """The titles of all documents by their names, in the order of the titles: the first heading of each."""
    texts = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in document_names()}
    titles = {
        name: found[1].replace("`", "") if (found := TITLE.search(text)) else name for name, text in texts.items()
    }
    return dict(sorted(titles.items(), key=lambda item: item[1].lower()))


def contents(name: str) -> list[Heading]:
    """The headings of a document below its title; of a long one those of its parts."""
    found = _read(name)[1]
    return found if len(found) <= MAX_CONTENTS else [heading for heading in found if heading.depth == 1]


def document(name: str) -> str | None:
    """Return a document as HTML, with links to its headings; in the runbook, rows have anchors too.

    HTML in the document is escaped. None if there is no such document.
    """
    return _read(name)[0] if NAME.fullmatch(name) and (DOCS / f"{name}.md").is_file() else None


@cache
def _read(name: str) -> tuple[str, list[Heading]]:
    """The HTML of a document, and its headings below the title."""
    tokens = _parse(name)
    headings = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag != "h1":
            text, anchor = "".join(child.content for child in inline.children or ()), str(token.attrs["id"])
            headings.append(Heading(int(token.tag[1]) - 1, text, anchor))
            inline.children = [*(inline.children or ()), *_link_to(anchor, text)]
    shown = [heading for heading in headings if heading.depth < 3]
    return _scrolled(RENDERER.renderer.render(tokens, RENDERER.options, {})), shown


def _scrolled(html: str) -> str:
    """The HTML with each table in a region of its own, which scrolls sideways with the keyboard too."""
    numbers = count(1)
    opened = '<div class="scroll" role="region" tabindex="0" aria-label="Table {}"><table>'
    return re.sub("<table>", lambda _: opened.format(next(numbers)), html).replace("</table>", "</table></div>")


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


def _parse(name: str) -> list[Token]:
    """The tokens of a document, with an anchor on every heading, and on the runbook's rows that begin with a name."""
    tokens = RENDERER.parse((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    taken = {""}
    for token, text in _with_text(tokens):
        anchor = _anchor(token, text) if token.type == "heading_open" or name == RUNBOOK else ""
        if token.type == "heading_open":
            anchor = next(each for each in _numbered(anchor) if each not in taken)
        if anchor not in taken:
            token.attrSet("id", anchor)
            taken.add(anchor)
    return tokens


def _numbered(anchor: str) -> Iterator[str]:
    """An anchor, and what GitHub makes of it where others have it already."""
    yield anchor
    yield from (f"{anchor}-{number}" for number in count(1))


def _link_to(anchor: str, text: str) -> list[Token]:
    """A link from a heading to itself, whose address can be copied."""
    link = Token("link_open", "a", 1, attrs={"href": f"#{anchor}", "class": "anchor", "aria-label": f"Link to {text}"})
    return [link, Token("text", "", 0, content="#"), Token("link_close", "a", -1)]


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
