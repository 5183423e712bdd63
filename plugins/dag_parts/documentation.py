"""The documentation of DAGs and tasks in the web UI: what it does, and links to the page and to the runbook."""

from collections.abc import Callable

from airflow.sdk.configuration import conf

# The Dataverse page; without `[api] base_url` relative to the web UI.
PAGE = f"{conf.get('api', 'base_url', fallback='') or ''}".rstrip("/") + "/dataverse"
RUNBOOK = f"{PAGE}/guide/runbook.md"

PAUSED = """
A new installation has this DAG paused: unpause it with the switch next to its name. In the local stack over the sample
or a dump it stays paused and runs on request, because their chain does not grow.
"""


def document_dag(dag_id: str, text: str, *, is_scheduled: bool = True) -> str:
    """The `doc_md` of a DAG: links, which a small window would cut off below, its text, and why it may be paused."""
    links = {
        "Dataverse page": f"{PAGE}/",
        "Catalogue": f"{PAGE}/catalogue",
        "When a task fails": f"{RUNBOOK}#{dag_id}",
        "Connections and Variables": f"{PAGE}/guide/airflow.md",
    }
    return f"### {dag_id}\n{_format_links(links)}\n{text}{PAUSED if is_scheduled else ''}"


def tasks_of(dag_id: str) -> Callable[[str, str], dict[str, str]]:
    """Return a function that makes the display name and the `doc_md` of a task, as arguments of its operator."""

    def document_task(title: str, text: str) -> dict[str, str]:
        links = {"When it fails": f"{RUNBOOK}#{dag_id}", "Dataverse page": f"{PAGE}/"}
        return {"task_display_name": title, "doc_md": f"{text}\n\n{_format_links(links)}"}

    return document_task


def group(group_id: str, title: str, text: str) -> dict[str, str | bool]:
    """The arguments of a task group whose tasks keep their ids, which alerts and the runbook name."""
    return {"group_id": group_id, "group_display_name": title, "tooltip": text, "prefix_group_id": False}


def _format_links(links: dict[str, str]) -> str:
    return " · ".join(f"[{title}]({url})" for title, url in links.items())
