"""What a look publishes on the sample chain is what the catalogue declares, and what the source says."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from stacks_dataverse.catalog import PublicObject
from stacks_dataverse.stores.object_store import ObjectStore
from tests.integration.looks import OBJECTS, OF_THE_EVENING, PRICED, TAKEN_AT, published, spot
from tests.integration.test_published import is_declared, leaves, too_long
from tests.support.pipeline import Pipeline

each_object = pytest.mark.parametrize("declared", OBJECTS, ids=lambda declared: declared.name)


@pytest.fixture
def run(sample_with_look: Pipeline) -> Pipeline:
    """All days of the sample loaded, prices stored, and a look taken, once."""
    return sample_with_look


@each_object
def test_an_object_has_its_declared_fields_and_no_other(declared: PublicObject, run: Pipeline) -> None:
    value = published(run, declared)
    paths = [path[1:] for path in leaves(value)] if isinstance(value, list) else list(leaves(value))
    assert paths, f"{declared.name} is published without a value"
    for path in paths:
        assert any(is_declared(path, field) for field in declared.fields), path
    for field in declared.fields:
        assert any(is_declared(path, field) for path in paths), field


@each_object
def test_no_number_has_more_places_than_its_unit(declared: PublicObject, run: Pipeline) -> None:
    value = published(run, declared)
    lines = value if isinstance(value, list) else [value]
    assert [long for line in lines for long in too_long(line, declared)] == []


@each_object
def test_it_is_what_a_front_end_expects(declared: PublicObject, run: Pipeline) -> None:
    answer = run.public._client.get_object(Bucket=run.public.bucket, Key=declared.path)
    is_csv = declared.path.endswith(".csv.gz")
    assert answer["ContentType"] == ("text/csv; charset=utf-8" if is_csv else "application/json")
    assert (answer["ContentEncoding"], answer["CacheControl"]) == ("gzip", "public, max-age=300")


def test_every_object_of_the_half_hour_is_published(run: Pipeline) -> None:
    assert {declared.path for declared in OBJECTS} <= set(run.public.list_keys())


def test_every_figure_of_the_moment_is_known_when_all_days_and_prices_are(run: Pipeline) -> None:
    """But for the STX that a reward slot costs: since the reward pool there are none."""
    assert [name for name, value in spot(run).items() if value is None] == ["slot_minimum"]


def test_without_prices_only_what_is_in_usd_is_null(
    loaded: Pipeline, new_bucket: Callable[[str], ObjectStore], run: Pipeline
) -> None:
    bare = replace(loaded, archive=new_bucket("private"))
    bare.look(TAKEN_AT)
    assert {name for name, value in spot(bare).items() if value is None} == PRICED | {"slot_minimum"}
    assert {name: value for name, value in spot(run).items() if name not in PRICED}.items() <= spot(bare).items()
    assert set(bare.public.get_json("stacking_data/recent_rewards_small.json.gz").values()) == {None}
    assert spot(bare).keys() >= OF_THE_EVENING
