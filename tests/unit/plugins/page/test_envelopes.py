"""The rows of objects under `v1/` are shown as a table, over time where they have one."""

import json
from datetime import UTC, date, datetime

from plugins.page.charts import PLAIN, TIME
from plugins.page.envelopes import parts_of_envelope
from stacks_dataverse.catalog.v1 import rows_object
from stacks_dataverse.dataset import Column
from stacks_dataverse.labels import Group

DAY = Column("day", "date", "UTC day")
HOUR = Column("hour_at", "timestamptz", "start of the hour")
COUNT = Column("tx_count", "bigint", "transactions")


def parts(columns: tuple[Column, ...], data: object) -> list:
    return parts_of_envelope(
        rows_object("x", columns, "", "Of a test.", title="Rows of a test", group=Group.NETWORK),
        json.dumps({"data": data}).encode(),
    )


def test_rows_by_day_are_a_series() -> None:
    (part,) = parts((DAY, COUNT), [{"day": "2026-11-27", "tx_count": 5}, {"day": "2026-11-28", "tx_count": None}])
    assert part.axis == TIME
    assert part.is_series
    assert part.rows == ((date(2026, 11, 27), 5), (date(2026, 11, 28), None))


def test_rows_by_hour_are_a_series() -> None:
    (part,) = parts((HOUR, COUNT), [{"hour_at": "2026-11-27T13:00:00Z", "tx_count": 5}])
    assert part.axis == TIME
    assert part.rows == ((datetime(2026, 11, 27, 13, tzinfo=UTC), 5),)


def test_other_rows_are_a_table() -> None:
    (part,) = parts((COUNT,), [{"tx_count": 5}, {"tx_count": 6}])
    assert part.axis == PLAIN


def test_what_is_not_known_has_no_part() -> None:
    assert parts((COUNT,), None) == []
