#!/usr/bin/env bash
# jsonschema-rs checks instances of subclasses of list and dict, and enums of text, but raises ValueError ("Unsupported
# type") for those of any other subclass of str, int and float, and for a namedtuple. All of them are JSON to json.dumps,
# and to the package jsonschema all but the namedtuple. So a valid document with a text that carries more than its
# letters, such as a str with an attribute, cannot be checked, but is written without complaint.
# Seen on 2026-11-29 with jsonschema-rs 0.61.2 and jsonschema 4.26.0, Python 3.11.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jsonschema-rs==0.61.2 jsonschema==4.26.0
cat >"$folder/subclasses.py" <<'PYTHON'
import json
from collections import OrderedDict, namedtuple
from enum import StrEnum

import jsonschema
import jsonschema_rs

Unit = type("Unit", (str,), {})
Height = type("Height", (int,), {})
Share = type("Share", (float,), {})
Rows = type("Rows", (list,), {})
Pair = namedtuple("Pair", "day value")
Kind = StrEnum("Kind", {"MINT": "mint"})

for schema, value, is_refused in (
    ({"type": "string"}, Unit("STX"), True),
    ({"type": "integer"}, Height(150_000), True),
    ({"type": "number"}, Share(0.5), True),
    ({"type": "array"}, Pair("2024-10-29", 1), True),
    ({"type": "array"}, Rows([1]), False),
    ({"type": "object"}, OrderedDict(day=1), False),
    ({"type": "string"}, Kind.MINT, False),
):
    plain = json.loads(json.dumps(value))
    jsonschema_rs.validator_for(schema).validate(plain)
    if not isinstance(value, tuple):
        jsonschema.Draft202012Validator(schema).validate(value)
    try:
        jsonschema_rs.validator_for(schema).validate(value)
        seen = "valid"
    except ValueError as error:
        seen = str(error)
    print(type(value).__name__, json.dumps(value), seen)
    assert (seen == f"Unsupported type: '{type(value).__name__}'") == is_refused, seen
PYTHON
"$folder/venv/bin/python" "$folder/subclasses.py"
