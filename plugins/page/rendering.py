"""The page's HTML, from templates that escape all text from the chain."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plugins.page import formatting, glance, runbook_view, static_files, table_query
from stacks_dataverse.site import assets

# Parts of templates that the public site has too.
SHARED = assets.STATIC.with_name("templates") / "shared"

# More rows make a page slow to render; the downloads have all of them.
SHOWN_ROWS = 150

TEMPLATES = Environment(
    loader=FileSystemLoader([Path(__file__).parent / "templates", SHARED]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters |= {
    "number": formatting.number,
    "size": formatting.size,
    "moment": formatting.moment,
    "end_of_data": formatting.end_of_data,
    "duration": formatting.duration,
    "compact": glance.compact,
}
TEMPLATES.globals |= {
    "asset": static_files.address,
    "max_page": table_query.MAX_PAGE,
    "has_runbook": runbook_view.RUNBOOK in runbook_view.document_names(),
}


def show(request: Request, template: str, notes: list[str], **values: Any) -> HTMLResponse:
    """Render a template; notes say which store does not answer, and set status 503."""
    return HTMLResponse(render(request, template, notes=notes, **values), 503 if notes else 200)


def message(request: Request, status: int, title: str, text: str) -> HTMLResponse:
    """Render a page with an error and links to what still works."""
    return HTMLResponse(render(request, "message.html", notes=[], status=status, title=title, text=text), status)


def render(request: Request, template: str, **values: Any) -> str:
    """Render a template. `root` and `airflow` are the paths of the page and of the web UI, each with a slash."""
    root = request.scope.get("root_path", "")
    places = {"root": f"{root}/", "airflow": f"{root.rpartition('/')[0]}/"}
    return TEMPLATES.get_template(template).render(**places, **values)
