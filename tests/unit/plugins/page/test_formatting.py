from datetime import UTC, datetime

import pytest

from plugins.page import formatting


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2024, 10, 30, tzinfo=UTC), "2024-10-29"),
        (datetime(2024, 10, 30, 0, 1, tzinfo=UTC), "2024-10-30 00:01 UTC"),
        (datetime(2024, 10, 29, 23, 51, tzinfo=UTC), "2024-10-29 23:51 UTC"),
        (None, "not known"),
    ],
)
def test_data_that_end_at_midnight_go_through_the_day_before(at: datetime | None, text: str) -> None:
    assert formatting.end_of_data(at) == text
