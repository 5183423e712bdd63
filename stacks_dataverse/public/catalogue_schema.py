"""The JSON Schema of `catalog.json` itself."""

from typing import Any

from stacks_dataverse.public.field_types import FIELD_TYPES, field_schema, nullable
from stacks_dataverse.public.json_schema import DIALECT, closed

KEY = "schema/catalog.json"

TEXT = {"type": "string"}
DATE, MOMENT = field_schema("date"), field_schema("datetime")
COUNT = {"type": "integer", "minimum": 0}


def list_of(items: dict[str, Any]) -> dict[str, Any]:
    """A list of values of one schema."""
    return {"type": "array", "items": items}


CHANGE = closed({"version": TEXT, "date": DATE, "text": TEXT})
FIELD = closed(
    {
        "name": TEXT,
        "type": {"enum": sorted({*FIELD_TYPES.values(), "list"})},
        "unit": TEXT,
        "meaning": TEXT,
        "null": TEXT | {"description": "when it is null; empty for never"},
    }
)
FILE = closed(
    {
        "role": {"enum": ["v1", "predecessor"]},
        "format": {"enum": ["json", "parquet", "csv"]},
        "key": TEXT | {"description": "relative to catalog.json"},
        "media_type": TEXT,
        "content_encoding": nullable(TEXT),
        "schema": nullable(TEXT) | {"description": "key of the JSON Schema; of a CSV that of a row as a JSON object"},
        "bytes": COUNT | {"description": "size without Content-Encoding"},
        "sha256": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "of the bytes without Content-Encoding; one that differs was published since",
        },
        "dated": nullable(TEXT) | {"description": "key of a day's version, with {day} for YYYY-MM-DD"},
        "first_day": nullable(DATE) | {"description": "first day that has a version"},
        "last_day": nullable(DATE) | {"description": "last day that has a version"},
    }
)
DATASET = closed(
    {
        "name": TEXT,
        "title": TEXT,
        "group": TEXT,
        "method": TEXT,
        "warnings": list_of(TEXT),
        "schedule": {"enum": ["daily", "market", "half_hourly"]},
        "freshness_hours": COUNT | {"description": "how old the data may be before they are stale"},
        "status": {"enum": ["live", "history"]},
        "since": TEXT | {"description": "version that first had it"},
        "changes": list_of(CHANGE),
        "page": TEXT,
        "as_of": MOMENT | {"description": "moment up to which the data go"},
        "published_at": MOMENT,
        "first_day": nullable(DATE) | {"description": "first day that has rows; null without days"},
        "last_day": nullable(DATE) | {"description": "last day that has rows; null without days"},
        "fields": list_of(FIELD),
        "files": list_of(FILE) | {"minItems": 1},
    }
)
CHAIN = closed({"height": COUNT, "at": MOMENT})
SCHEMA = {
    "$schema": DIALECT,
    "title": "Catalogue of the public files",
    "description": "Every dataset with its files; written after them, so that it never names what is not there.",
} | closed(
    {
        "version": TEXT | {"pattern": "^[0-9]+[.][0-9]+[.][0-9]+$"},
        "generated_at": MOMENT,
        "network": TEXT,
        "chain": nullable(CHAIN) | {"description": "newest known block"},
        "licence": closed({"name": TEXT, "url": TEXT}),
        "url": TEXT | {"description": "address of the bucket, empty if it is not known"},
        "groups": list_of(closed({"name": TEXT, "title": TEXT})),
        "datasets": list_of(DATASET),
    }
)
