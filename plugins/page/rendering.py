"""The page's HTML: templates that take whatever comes from the chain or a stranger for text."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plugins.page import assets, figures, guide, words

SHOWN_ROWS = 500

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters |= {"number": words.number, "size": words.size, "moment": words.moment, "span": words.span}
TEMPLATES.globals |= {
    "asset": assets.address,
    "shown_key": figures.shown_key,
    "moment_of": figures.moment,
    "has_runbook": guide.RUNBOOK in guide.names(),
}


def show(request: Request, template: str, notes: list[str], **values: Any) -> HTMLResponse:
    """Fill a template; notes say what is away, and make the answer a 503 that shows the rest."""
    return HTMLResponse(filled(request, template, notes=notes, **values), 503 if notes else 200)


def message(request: Request, status: int, title: str, text: str) -> HTMLResponse:
    """A page that says why there is nothing else, and what still works."""
    return HTMLResponse(filled(request, "message.html", notes=[], status=status, title=title, text=text), status)


def filled(request: Request, template: str, **values: Any) -> str:
    """Fill a template. `root` and `airflow` are the paths of the page and of the web UI above it, each with a slash."""
    root = request.scope.get("root_path", "")
    places = {"root": f"{root}/", "airflow": f"{root.rpartition('/')[0]}/", "shown_rows": SHOWN_ROWS}
    return TEMPLATES.get_template(template).render(**places, **values)
