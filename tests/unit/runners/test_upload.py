"""Writing public files: what is on record before and after, and what one that fails leaves."""

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.runners.upload import THREADS, Draft, Upload, upload_all
from tests.unit.runners.shelf import Rows, Shelf

JSON, PARQUET = {"ContentType": "application/json", "ContentEncoding": "gzip"}, {"ContentType": "parquet"}
END = datetime(1970, 1, 3, tzinfo=UTC)
DAY = date(1970, 1, 2)


def file(key: str, content: bytes = b"{}", headers: Mapping[str, str] = JSON, **more: object) -> Upload:
    return Upload(key, content, headers, **{"name": key[:1], "role": "v1", "format": "json", "as_of": END, **more})


def step(*files: Upload) -> Callable[[], list[Draft]]:
    return lambda: [lambda: files]


def refuse(error: Exception) -> Callable[[], list[Draft]]:
    def read() -> list[Draft]:
        raise error

    return read


class Broken(Shelf):
    """A bucket that refuses some keys."""

    def __init__(self, *keys: str) -> None:
        super().__init__()
        self._keys = keys

    def put(self, key: str, body: bytes, headers: Mapping[str, str], over: Mapping[str, str]) -> None:
        if key in self._keys:
            raise Retryable(f"{key} is refused")
        super().put(key, body, headers, over)


def test_what_is_to_be_unzipped_is_stored_gzipped_and_all_else_as_it_is() -> None:
    shelf = Shelf()
    upload_all(Rows(), shelf, {"a": step(file("a.json"), file("a.parquet", b"PAR1", PARQUET))})
    assert gzip.decompress(shelf["a.json"][0]) == b"{}"
    assert shelf["a.parquet"] == (b"PAR1", PARQUET)


def test_only_what_changed_is_written_and_put_on_record_for_the_cdn() -> None:
    rows, shelf = Rows(), Shelf()
    assert upload_all(rows, shelf, {"a": step(file("a1"), file("a2"))}) == ["a1", "a2"]
    assert upload_all(rows, shelf, {"a": step(file("a1"), file("a2", b"[]"))}) == ["a2"]
    assert upload_all(rows, shelf, {"a": step(file("a1"), file("a2", b"[]", JSON | {"CacheControl": "x"}))}) == ["a2"]
    assert rows.changed == ["a1", "a2", "a2", "a2"]


def test_every_change_is_on_record_before_any_can_be_seen() -> None:
    rows = Rows()

    class Watched(Shelf):
        def put(self, key: str, body: bytes, headers: Mapping[str, str], over: Mapping[str, str]) -> None:
            assert rows.changed == ["a1", "b1", "b2"]
            super().put(key, body, headers, over)

    assert upload_all(rows, Watched(), {"a": step(file("a1")), "b": step(file("b1"), file("b2"))})


def test_what_is_published_is_recorded_as_a_reader_gets_it() -> None:
    rows = Rows()
    upload_all(rows, Shelf(), {"a": step(file("a1", b"{}", first_day=DAY, last_day=DAY))})
    assert rows.files["a1"] == {
        "key": "a1", "name": "a", "role": "v1", "format": "json", "bytes": 2,
        "sha256": hashlib.sha256(b"{}").hexdigest(), "as_of": "1970-01-03 00:00:00+00:00",
        "first_day": "1970-01-02", "last_day": "1970-01-02",
    }  # fmt: skip
    assert rows.ends == {"a": "1970-01-03 00:00:00+00:00"}


def test_a_version_of_a_day_is_recorded_by_its_day_alone() -> None:
    rows = Rows()
    upload_all(rows, Shelf(), {"a": step(file("a/1", version=("a/{version}", DAY)))})
    assert (rows.files, rows.ends) == ({}, {})
    assert rows.versions == [{"path": "a/{version}", "day": "1970-01-02"}]


def test_what_is_held_already_is_recorded_all_the_same() -> None:
    shelf, later = Shelf(), Rows()
    upload_all(Rows(), shelf, {"a": step(file("a1"))})
    assert upload_all(later, shelf, {"a": step(file("a1"))}) == []
    assert (list(later.files), list(later.ends), later.changed) == (["a1"], ["a"], [])


def test_of_a_dataset_that_cannot_be_written_whole_the_files_after_it_are_not() -> None:
    rows, shelf = Rows(), Broken("a2")
    steps = {"a": step(file("a1"), file("a2"), file("a3")), "b": step(file("b1"))}
    with pytest.raises(Retryable, match=r"1 of 2 failed; the others are published. a: a2 is refused"):
        upload_all(rows, shelf, steps)
    assert sorted(shelf) == sorted(rows.files) == ["a1", "b1"]
    assert list(rows.ends) == ["b"]


def test_failures_are_named_in_the_order_of_the_steps() -> None:
    def broken() -> list[Upload]:
        raise Terminal("no such shape")

    steps = {"a": step(file("a1")), "b": lambda: [broken], "c": refuse(Terminal("no such table")), "d": list}
    with pytest.raises(Retryable, match=r"3 of 4 failed; .* a: a1 is refused; b: no such shape; c: no such table"):
        upload_all(Rows(), Broken("a1"), steps)


def test_nothing_is_written_if_changes_cannot_be_recorded() -> None:
    class Away(Rows):
        def execute(self, sql: str, keys: str = "[]", rows: str = "[]") -> None:
            raise Retryable("the warehouse is away")

    shelf = Shelf()
    with pytest.raises(Retryable, match="away"):
        upload_all(Away(), shelf, {"a": step(file("a1"))})
    assert shelf == {}


def test_a_file_that_another_run_published_meanwhile_is_left() -> None:
    shelf = Shelf()

    class Overtaken(Rows):
        def execute(self, sql: str, keys: str = "[]", rows: str = "[]") -> None:
            # The changes are recorded: the files are compared, and not yet written.
            shelf.update(dict.fromkeys(json.loads(keys), (b"of the other run", JSON)))
            super().execute(sql, keys, rows)

    overtaken = Overtaken()
    with pytest.raises(Retryable, match="a1 was replaced"):
        upload_all(overtaken, shelf, {"a": step(file("a1"))})
    assert shelf["a1"][0] == b"of the other run"
    assert overtaken.files == {}


def test_a_file_whose_answer_was_lost_is_written() -> None:
    class AnswerLost(Shelf):
        def put(self, key: str, body: bytes, headers: Mapping[str, str], over: Mapping[str, str]) -> None:
            for _ in range(2):
                super().put(key, body, headers, over)

    rows, shelf = Rows(), AnswerLost()
    assert upload_all(rows, shelf, {"a": step(file("a1"))}) == ["a1"]
    assert rows.files.keys() == shelf.keys() == {"a1"}


def test_datasets_are_written_at_once_and_the_files_of_one_in_their_order() -> None:
    """As many as there are threads wait for one another."""
    all_there, order = threading.Barrier(THREADS, timeout=10), []

    class Slow(Shelf):
        def put(self, key: str, body: bytes, headers: Mapping[str, str], over: Mapping[str, str]) -> None:
            if key.endswith("1"):
                all_there.wait()
            order.append(key)
            super().put(key, body, headers, over)

    names = "abcdefgh"[:THREADS]
    upload_all(Rows(), Slow(), {name: step(file(f"{name}1"), file(f"{name}2")) for name in names})
    assert all(order.index(f"{name}1") < order.index(f"{name}2") for name in names)
