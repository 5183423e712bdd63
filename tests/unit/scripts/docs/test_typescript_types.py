"""The written types of the TypeScript client are those of the schemas."""

from typing import Any

import pytest

from scripts.docs import typescript_types


@pytest.mark.parametrize("path", typescript_types.pages(), ids=lambda path: path.name)
def test_the_types_are_not_stale(path: Any) -> None:
    assert path.read_text(encoding="utf-8") == typescript_types.pages()[path], (
        f"{path.name} is stale: run python -m scripts.docs.typescript_types"
    )


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        pytest.param({"type": "integer"}, "number", id="a number"),
        pytest.param({"type": ["string", "null"]}, "string | null", id="null as well"),
        pytest.param({"const": "v1"}, '"v1"', id="one value"),
        pytest.param({"enum": ["live", "history"]}, '"live" | "history"', id="some values"),
        pytest.param({"enum": [None, 1]}, "null | 1", id="null among some values"),
        pytest.param({"type": "array", "items": {"type": "string"}}, "string[]", id="a list"),
        pytest.param(
            {"type": "array", "items": {"type": ["number", "null"]}}, "(number | null)[]", id="nulls in a list"
        ),
        pytest.param({"type": "array"}, "unknown[]", id="a list of anything"),
        pytest.param({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string | number", id="either"),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "number"}}, "Record<string, number>", id="map"
        ),
        pytest.param({"type": "object"}, "Record<string, unknown>", id="a map of anything"),
        pytest.param({"type": "object", "properties": {}}, "{}", id="nothing"),
        pytest.param({}, "unknown", id="anything"),
        pytest.param(
            {
                "type": ["object", "null"],
                "properties": {"a-b": {"type": "string", "description": "ends here: */"}, "c": {"type": "boolean"}},
                "required": ["c"],
            },
            '{\n  /** ends here: * / */\n  "a-b"?: string;\n  c: boolean;\n} | null',
            id="names that are none of JavaScript, a comment, and what may be left out",
        ),
        pytest.param(
            {
                "type": "array",
                "items": {"type": ["object", "null"], "properties": {"a": {"const": 1}}, "required": ["a"]},
            },
            "({\n  a: 1;\n} | null)[]",
            id="objects or null in a list",
        ),
    ],
)
def test_a_type_is_that_of_its_schema(schema: dict[str, Any], expected: str) -> None:
    assert typescript_types.type_of(schema) == expected
