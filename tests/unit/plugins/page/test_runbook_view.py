"""The documents as pages, and the runbook's words for what to do."""

import re
from pathlib import Path

import pytest

from plugins.page import overview, runbook_view
from stacks_dataverse import catalog

ANCHOR = re.compile(r'<(?:h\d|tr) id="([^"]+)"')


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of documents."""
    monkeypatch.setattr(runbook_view, "DOCS", tmp_path)
    kept = (runbook_view._read, runbook_view.remedies, runbook_view.document_titles)
    for function in kept:
        function.cache_clear()
    yield tmp_path
    for function in kept:
        function.cache_clear()


@pytest.mark.parametrize(
    "check", [pytest.param(check, id=check.name) for check in (*catalog.CHECKS, *catalog.MARKET_CHECKS)]
)
def test_the_runbook_tells_what_to_do_for_every_check_and_has_its_row(check: catalog.Check) -> None:
    assert runbook_view.remedies()[check.name] == check.remedy
    assert f'<tr id="row-{check.name}">' in runbook_view.document("runbook")


@pytest.mark.parametrize("row", [overview.STALE_ROW, overview.COMPARISON_ROW])
def test_the_runbook_tells_what_to_look_at_for_every_other_problem(row: str) -> None:
    assert runbook_view.remedies()[row].startswith("Look at ")
    assert f'<tr id="row-{row}">' in runbook_view.document("runbook")


@pytest.mark.parametrize("name", runbook_view.document_names())
def test_a_document_is_a_page_whose_anchors_are_its_own(name: str) -> None:
    anchors = ANCHOR.findall(runbook_view.document(name))
    assert anchors
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("name", ["no_such_page", "../README", "runbook.md", "", "Runbook"])
def test_nothing_else_is_a_page(name: str) -> None:
    assert runbook_view.document(name) is None


def test_a_link_to_a_file_leads_to_a_document() -> None:
    for name in runbook_view.document_names():
        files = re.findall(r'href="(?!https?:|#)([^"#]+)', runbook_view.document(name))
        unknown = {file for file in files if file.removesuffix(".md") not in runbook_view.document_names()}
        assert not unknown, f"{name} links to {unknown}"


def test_links_between_documents_lead_to_headings() -> None:
    for name in runbook_view.document_names():
        for target, anchor in re.findall(r'href="(\w+)\.md#([^"]+)"', runbook_view.document(name)):
            assert anchor in ANCHOR.findall(runbook_view.document(target)), f"{name} links to {target}.md#{anchor}"


def test_a_document_has_the_title_and_the_contents_of_its_headings(docs: Path) -> None:
    (docs / "odd.md").write_text("# Of `odd` things\n\n## First\n\n### Within\n\n## First\n")
    (docs / "even.md").write_text("# Even things\n")
    assert runbook_view.document_titles() == {"even": "Even things", "odd": "Of odd things"}
    page = runbook_view.document("odd")
    headings = [(1, "First", "first"), (2, "Within", "within"), (1, "First", "first-1")]
    assert [(each.depth, each.text, each.anchor) for each in runbook_view.contents("odd")] == headings
    assert all(f'id="{anchor}"' in page and f'href="#{anchor}"' in page for _, _, anchor in headings)


def test_a_table_scrolls_in_a_region_of_its_own(docs: Path) -> None:
    (docs / "tables.md").write_text("# Two\n" + "\n| a |\n|---|\n| b |\n\nText.\n" * 2)
    page = runbook_view.document("tables")
    regions = re.findall(r'<div class="scroll" role="region" tabindex="0" aria-label="([^"]+)"><table>', page)
    assert regions == ["Table 1", "Table 2"]
    assert page.count("</table></div>") == 2


def test_a_long_document_lists_its_parts_alone(docs: Path) -> None:
    (docs / "long.md").write_text("# Long\n\n## Part\n" + "".join(f"\n### Section {n}\n" for n in range(100)))
    assert [each.text for each in runbook_view.contents("long")] == ["Part"]


def test_markup_in_a_document_is_text(docs: Path) -> None:
    (docs / "odd.md").write_text("# A <b>heading</b>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n")
    page = runbook_view.document("odd")
    assert "<script" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page


def test_without_a_runbook_there_are_no_words(docs: Path) -> None:
    assert (runbook_view.document_names(), runbook_view.remedies(), runbook_view.document("runbook")) == ([], {}, None)


def test_words_belong_to_every_name_of_a_row_and_the_last_row_counts(docs: Path) -> None:
    (docs / "runbook.md").write_text(
        "| task | when it fails | look at | do |\n|---|---|---|---|\n| `a`, `b` | x | the `log` | wait |\n"
        "| `c` | x | | nothing |\n\n| check | kind | holds | when it fails |\n|---|---|---|---|\n"
        "| `a` | error | y | Run. |\n"
    )
    assert runbook_view.remedies() == {"a": "Run.", "b": "Look at the log; then wait.", "c": "Nothing."}
