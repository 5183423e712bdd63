"""The written data dictionary is that of the catalogue."""

from scripts.docs import data_dictionary


def test_the_page_is_not_stale() -> None:
    assert data_dictionary.PAGE.read_text(encoding="utf-8") == data_dictionary.page(), (
        "docs/data_dictionary.md is stale: run python -m scripts.docs.data_dictionary"
    )
