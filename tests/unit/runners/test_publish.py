"""Which versions of public objects are published, and that one that fails keeps no other from it."""

from dataclasses import replace
from typing import Any

import pytest

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.network import MAINNET
from stacks_dataverse.runners import publish
from tests.unit.runners.shelf import DAY, SERIES, Rows, Shelf


@pytest.mark.parametrize(
    ("dated", "is_newest", "versions"),
    [
        pytest.param(True, True, ["1970-01-02", "latest"], id="newest day: dated first"),
        pytest.param(True, False, ["1970-01-02"], id="older day: dated only"),
        pytest.param(False, True, ["latest"], id="undated, newest day"),
        pytest.param(False, False, [], id="undated, older day: nothing"),
    ],
)
def test_latest_is_written_for_the_newest_day_alone(dated: bool, is_newest: bool, versions: list[str]) -> None:
    path = SERIES.path if dated else "x/latest.json.gz"
    assert list(publish._versions(replace(SERIES, path=path), DAY, is_newest)) == versions


def object_that_fails(name: str, error: Exception) -> Any:
    """An object whose shape fails."""

    def shape(_rows: Any) -> Any:
        raise error

    return replace(SERIES, name=name, shape=shape)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(Retryable("slow bucket"), Retryable, id="may succeed later"),
        pytest.param(ValueError("not a number"), Terminal, id="cannot"),
    ],
)
def test_an_object_that_fails_is_named_and_the_others_are_published(error: Exception, kind: type) -> None:
    rows, shelf = Rows(), Shelf()
    declared = [
        object_that_fails("one", error), replace(SERIES, name="two"), object_that_fails("three", Terminal("no table")),
    ]  # fmt: skip
    with pytest.raises(kind, match=f"2 of 3 failed; the others are published. one: {error}; three: no table"):
        publish.publish_latest(rows, shelf, declared, MAINNET)
    assert list(shelf) == list(rows.files) == ["v1/two/latest.json.gz", "v1/two/latest.parquet", "x/latest.json.gz"]
    assert list(rows.ends) == ["two"]


def test_the_newest_is_published_as_latest_alone() -> None:
    keys = publish.publish_latest(Rows(), Shelf(), [SERIES], MAINNET)
    assert keys == ["v1/daily_txs/latest.json.gz", "v1/daily_txs/latest.parquet", "x/latest.json.gz"]
