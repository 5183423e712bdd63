"""Where a public object stands, and for how long it may be kept."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, Self

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.dataset import Schedule
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.files import json_gz
from stacks_dataverse.network import MAINNET
from stacks_dataverse.runners import publish
from stacks_dataverse.transformers import shapes

SERIES = replace(
    next(declared for declared in catalog.OBJECTS if declared.shape is shapes.series and declared.is_dated),
    path="x/{version}.json.gz",
)
DAY = date(1970, 1, 2)
ANSWER = pa.table({"day": [DAY], "value": [5]})


class Rows:
    """A warehouse that gives one answer, and keeps what is on record for the CDN."""

    def __init__(self, answer: pa.Table = ANSWER) -> None:
        self.on_record: list[str] = []
        self.given_up = 0
        self._answer = answer

    def read(self, sql: str, **_values: Any) -> pa.Table:
        return self._answer.slice(0, 0) if "built_tables" in sql else self._answer

    def scalar(self, _sql: str) -> date:
        return DAY

    def roll_back(self) -> None:
        self.given_up += 1

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        yield self

    def execute(self, _sql: str, key: str | None = None, **_values: Any) -> None:
        if key:
            self.on_record.append(key)


class Shelf(dict[str, tuple[bytes, Mapping[str, str]]]):
    """A bucket in memory."""

    def put(self, key: str, body: bytes, headers: Mapping[str, str]) -> None:
        self[key] = (body, headers)

    def holds(self, key: str, body: bytes, headers: Mapping[str, str]) -> bool:
        return self.get(key) == (body, headers)


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


def test_every_version_has_the_same_bytes() -> None:
    shelf = Shelf()
    keys = publish.publish_object(Rows(), shelf, SERIES, ["1970-01-02", "latest"], day=DAY)
    assert keys == list(shelf) == ["x/1970-01-02.json.gz", "x/latest.json.gz"]
    assert {body for body, _ in shelf.values()} == {json_gz({"86400": 5})}


def test_what_is_there_already_has_not_changed() -> None:
    shelf, rows = Shelf(), Rows()
    assert publish.publish_object(rows, shelf, SERIES, ["latest"], day=DAY) == ["x/latest.json.gz"]
    assert publish.publish_object(rows, shelf, SERIES, ["latest"], day=DAY) == []
    assert rows.on_record == ["x/latest.json.gz"]


def test_a_change_is_on_record_before_it_can_be_seen() -> None:
    class Full(Shelf):
        def put(self, key: str, body: bytes, headers: Mapping[str, str]) -> None:
            raise OSError("the bucket is full")

    rows = Rows()
    with pytest.raises(OSError, match="full"):
        publish.publish_object(rows, Full(), SERIES, ["latest"], day=DAY)
    assert rows.on_record == ["x/latest.json.gz"]


@pytest.mark.parametrize("schedule", Schedule)
def test_latest_may_be_kept_no_longer_than_until_the_next_run(schedule: Schedule) -> None:
    shelf = Shelf()
    publish.publish_object(Rows(), shelf, replace(SERIES, schedule=schedule), ["1970-01-02", "latest"], day=DAY)
    ages = {key: int(head["CacheControl"].split("max-age=")[1]) for key, (_, head) in shelf.items()}
    assert ages["x/latest.json.gz"] < ages["x/1970-01-02.json.gz"]
    assert ages["x/latest.json.gz"] <= (1800 if schedule is Schedule.HALF_HOURLY else 86_400)


def test_an_object_of_which_nothing_is_known_stays_as_it_is() -> None:
    shelf = Shelf()
    kept = replace(SERIES, keep_if_empty=True)
    publish.publish_object(Rows(), shelf, kept, ["latest"], day=DAY)
    before = dict(shelf)
    assert publish.publish_object(Rows(ANSWER.slice(0, 0)), shelf, kept, ["latest"], day=DAY) == []
    assert shelf == before != {}


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
    assert list(shelf) == ["x/latest.json.gz"]
    assert rows.given_up == 2


def test_the_newest_is_published_as_latest_alone() -> None:
    assert publish.publish_latest(Rows(), Shelf(), [SERIES], MAINNET) == ["x/latest.json.gz"]


class Session:
    """A warehouse that knows how often it was made fit to use again."""

    given_up = 0

    def roll_back(self) -> None:
        self.given_up += 1


def failing(error: Exception) -> Callable[[], list[str]]:
    def step() -> list[str]:
        raise error

    return step


def test_steps_that_all_succeed_return_what_each_returns() -> None:
    session = Session()
    assert publish.run_all(session, {"one": lambda: ["a"], "two": list, "three": lambda: ["b", "c"]}) == ["a", "b", "c"]
    assert session.given_up == 0


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        pytest.param([Terminal("no such table")], Terminal, id="for good"),
        pytest.param([Retryable("server gone")], Retryable, id="for now"),
        pytest.param([Terminal("no such table"), Retryable("server gone")], Retryable, id="one of them for now"),
        pytest.param([ValueError("not a number"), KeyError()], Terminal, id="what nobody expected"),
    ],
)
def test_a_step_that_fails_keeps_no_other_from_being_taken(errors: list[Exception], kind: type[Exception]) -> None:
    session, taken = Session(), []
    steps = {f"broken {number}": failing(error) for number, error in enumerate(errors)}
    steps["sound"] = lambda: taken.append("sound") or []
    with pytest.raises(kind, match=f"{len(errors)} of {len(steps)} failed") as raised:
        publish.run_all(session, steps)
    assert taken == ["sound"]
    assert session.given_up == len(errors)
    for name, error in zip(steps, errors, strict=False):
        assert f"{name}: {str(error) or type(error).__name__}" in str(raised.value)
