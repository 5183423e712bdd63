"""The lower half of a dataset's page: its columns, a sample, its lineage with checks, and programs that read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plugins.page import charts, columns_view, dataset_reader, dataset_view, lineage, producers, snippets
from plugins.page.columns_view import ColumnRow
from plugins.page.lineage import Lineage
from plugins.page.page_stores import PageStores, Unavailable
from plugins.page.producers import Task
from plugins.page.snippets import Snippet
from stacks_dataverse.dataset import PublicObject


@dataclass(frozen=True)
class Details:
    """What the lower half shows; `results` are the newest of checks by name."""

    columns: Sequence[ColumnRow]
    sample: str
    lineage: Lineage
    tasks: Sequence[Task]
    results: dict[str, dict[str, Any]]
    snippets: Sequence[Snippet]

    def title_of(self, source: str) -> str:
        """What people call a source."""
        return lineage.title_of_source(source)


def read_details(
    stores: PageStores, name: str, parts: Sequence[charts.Part], page_url: str, public_url: str | None
) -> Details:
    """The details of a dataset; what a store does not answer is left out.

    Args:
        page_url: of the dataset on this page.
        public_url: of the public file; None if there is none.
    """
    dataset, line = dataset_view.find(name), lineage.lineage_of(name)
    return Details(
        columns_view.columns_of(dataset, parts),
        _sample(stores, dataset) if parts and isinstance(dataset, PublicObject) else "",
        line,
        producers.tasks_of(dataset),
        _results(stores, [check.name for check in line.checks]),
        snippets.snippets_of(dataset, public_url or page_url, is_public=public_url is not None),
    )


def _sample(stores: PageStores, obj: PublicObject) -> str:
    try:
        return columns_view.sample_of(obj.path, dataset_view.read_text(stores, obj))
    except (Unavailable, dataset_view.NotPublished):
        return ""


def _results(stores: PageStores, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not names:
        return {}
    try:
        with stores.warehouse() as store:
            return dataset_reader.read_check_results(store, names)
    except Unavailable:
        return {}
