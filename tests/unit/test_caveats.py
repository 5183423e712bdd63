"""Warnings of tables, and what they are about."""

import pytest

from stacks_dataverse.caveats import about, concerns, of_rows


@pytest.mark.parametrize(
    ("warning", "is_about"),
    [
        pytest.param("Always.", True, id="a plain text is about all columns"),
        pytest.param(about("Of fees.", "fee_ustx", "tx_count"), True, id="one of its columns"),
        pytest.param(about("Of names.", "name"), False, id="another column"),
        pytest.param(of_rows("An empty day has no row."), False, id="rows are no column"),
    ],
)
def test_a_warning_concerns_the_columns_that_it_is_about(warning: str, is_about: bool) -> None:
    assert concerns(warning, {"day", "fee_ustx"}) is is_about


def test_a_warning_is_its_text() -> None:
    assert about("Of fees.", "fee_ustx") == "Of fees."
