"""A value that readers do not expect is refused before it is published."""

import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.public.json_schema import closed
from stacks_dataverse.public.validation import validate

SCHEMA = closed({"data": {"type": "array", "items": closed({"count": {"type": "integer"}})}})


def test_a_value_as_expected_passes() -> None:
    validate({"data": [{"count": 1}, {"count": 2**70}]}, SCHEMA, "schema/counts.json")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param(
            {"data": [{"count": 1}, {"count": "2"}]},
            'It does not match schema/counts.json at data.1.count: "2" is not of type "integer".',
            id="a field of another type",
        ),
        pytest.param({}, 'schema/counts.json at the whole: "data" is a required property.', id="nothing"),
    ],
)
def test_another_value_is_refused_with_its_place(value: object, message: str) -> None:
    with pytest.raises(Terminal) as error:
        validate(value, SCHEMA, "schema/counts.json")
    assert message in str(error.value)


def test_a_long_value_is_not_repeated() -> None:
    with pytest.raises(Terminal) as error:
        validate({"data": "x" * 100_000}, SCHEMA, "schema/counts.json")
    assert len(str(error.value)) < 1_000
