"""What is published on the sample chain is what the catalogue declares: every object, and exactly its fields."""

import csv
import gzip
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from scripts.local import sample_chain
from stacks_dataverse import catalog
from stacks_dataverse.catalog import PublicObject, Schedule
from stacks_dataverse.public_files import files_of
from stacks_dataverse.units import Measured
from tests.support.pipeline import Pipeline

PUBLISHED = [*catalog.objects(Schedule.DAILY), *catalog.objects(Schedule.MARKET)]
each_object = pytest.mark.parametrize("declared", PUBLISHED, ids=lambda declared: declared.name)


@pytest.fixture
def run(sample_with_market: Pipeline) -> Pipeline:
    """All days of the sample, and its market, run once."""
    return sample_with_market


def content(run: Pipeline, declared: PublicObject) -> Any:
    """What the latest version holds: JSON, or the first row of a CSV by its columns."""
    key = declared.path.format(version="latest")
    if not key.endswith(".csv.gz"):
        return run.public.get_json(key)
    return next(csv.DictReader(gzip.decompress(run.public.get(key)).decode().splitlines()))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every value that is no object and no list."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from leaves(inner, (*path, str(key)))
    else:
        assert value is None or isinstance(value, int | float | str)
        yield path


def is_declared(path: tuple[str, ...], field: str) -> bool:
    """Whether a path in the JSON is of a declared field; a key in angle brackets stands for any."""
    keys = _keys(field)
    return len(keys) == len(path) and all(
        key.startswith("<") or key == name for key, name in zip(keys, path, strict=True)
    )


def _keys(field: str) -> list[str]:
    """The keys of a declared field: what stands in angle brackets is one key, dots and all."""
    keys, rest = [], field
    while rest:
        end = rest.index(">") + 1 if rest.startswith("<") else (rest.find(".") if "." in rest else len(rest))
        keys.append(rest[:end])
        rest = rest[end:].removeprefix(".")
    return keys


@each_object
def test_an_object_has_its_declared_fields_and_no_other(declared: PublicObject, run: Pipeline) -> None:
    paths = list(leaves(content(run, declared)))
    assert paths, f"{declared.name} is published without a value"
    for path in paths:
        assert any(is_declared(path, field) for field in declared.fields), path
    for field in declared.fields:
        assert any(is_declared(path, field) for path in paths), field


def fractions(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every number with a decimal point by its path, in digits; of a CSV's fields those that look like one."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from fractions(inner, (*path, str(key)))
    elif isinstance(value, float) or (isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit()):
        yield path, f"{Decimal(str(value)):f}"


def too_long(value: Any, declared: PublicObject) -> list[tuple[tuple[str, ...], str]]:
    """The numbers of an object that have more decimal places than their unit, or a fraction without a unit."""
    found = []
    for path, digits in fractions(value):
        (meaning,) = {meaning for field, meaning in declared.fields.items() if is_declared(path, field)}
        places = meaning.places if isinstance(meaning, Measured) else 0
        if len(digits.partition(".")[2].rstrip("0")) > places:
            found.append((path, digits))
    return found


@each_object
def test_no_number_has_more_places_than_its_unit(declared: PublicObject, run: Pipeline) -> None:
    assert too_long(content(run, declared), declared) == []


def test_a_number_that_is_too_long_is_found() -> None:
    declared = next(each for each in PUBLISHED if each.name == "nft_trading_volume")
    assert too_long({"1": 0.1 + 0.2, "2": 0.3, "3": 7, "4": None}, declared) == [(("1",), "0.30000000000000004")]


def test_exactly_the_declared_objects_are_published(run: Pipeline) -> None:
    days = [str(day) for day in sample_chain.days_in(run.stacks_dsn)]
    expected = {
        file.key(version)
        for declared in PUBLISHED
        for file in files_of(declared)
        for version in (*(days if file.is_dated else ()), "latest")
    }
    assert set(run.public.list_keys()) == expected


@each_object
def test_what_is_published_is_gzipped_for_a_front_end(declared: PublicObject, run: Pipeline) -> None:
    key = declared.path.format(version="latest")
    answer = run.public._client.get_object(Bucket=run.public.bucket, Key=key)
    expected = "text/csv; charset=utf-8" if key.endswith(".csv.gz") else "application/json"
    assert (answer["ContentType"], answer["ContentEncoding"]) == (expected, "gzip")
    text = gzip.decompress(answer["Body"].read()).decode()
    assert text.startswith(next(iter(declared.fields)) if key.endswith(".csv.gz") else "{")


@pytest.mark.parametrize(
    ("path", "field", "expected"),
    [
        pytest.param(("1700000000",), "<unix seconds>", True, id="any key"),
        pytest.param(("a", "value"), "<name, or address.name>.value", True, id="dots in brackets are no keys"),
        pytest.param(("a", "worth"), "<name>.value", False, id="another name"),
        pytest.param(("a", "value", "0"), "<name>.value", False, id="deeper"),
        pytest.param(("total_pools",), "total_pools", True, id="a name"),
    ],
)
def test_a_declared_field_means_one_thing(path: tuple[str, ...], field: str, expected: bool) -> None:
    assert is_declared(path, field) is expected


def test_a_series_of_an_era_that_ended_is_history(run: Pipeline) -> None:
    """The sample's last day has no microblocks, as no day after epoch 2.5 has."""
    microblocks = run.public.get_json("microblocks/latest.json.gz")
    transactions = run.public.get_json("daily_txs/latest.json.gz")
    assert list(microblocks) == list(transactions)[: len(microblocks)]
    assert 0 < len(microblocks) < len(transactions)
    assert list(microblocks.values())[-1] > 0
