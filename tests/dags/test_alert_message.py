"""What an alert says: the days it is about, and why in one line, without secrets."""

from datetime import UTC, datetime
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from plugins import alert_message
from stacks_dataverse import metrics
from stacks_dataverse.errors import Retryable
from tests.dags.callbacks import context


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        pytest.param({"params": {"day": "2024-10-29"}}, "2024-10-29", id="a day asked for"),
        pytest.param(
            {"params": {"from_day": "2024-10-01", "to_day": "2024-10-29"}}, "2024-10-01 to 2024-10-29", id="a range"
        ),
        pytest.param(
            {
                "params": {"day": None},
                "data_interval_start": datetime(2024, 10, 29, tzinfo=UTC),
                "data_interval_end": datetime(2024, 10, 30, tzinfo=UTC),
            },
            "2024-10-29",
            id="a day by schedule",
        ),
        pytest.param(
            {
                "params": {},
                "data_interval_start": datetime(2024, 10, 29, 14, 30, tzinfo=UTC),
                "data_interval_end": datetime(2024, 10, 29, 15, tzinfo=UTC),
            },
            "2024-10-29 14:30 UTC",
            id="half an hour",
        ),
        pytest.param({"params": {}}, "2024-10-30 14:31 UTC", id="a run by hand without days"),
    ],
)
def test_an_alert_says_which_days_it_is_about(changes: dict[str, Any], days: str) -> None:
    assert metrics.days_of_run(context(**changes)) == days


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(Retryable("first line.\n  second line."), "first line. second line.", id="ours"),
        pytest.param(AirflowFailException("wrong key"), "wrong key", id="ours, as Airflow sees it"),
        pytest.param(KeyError("day"), "KeyError: 'day'", id="anybody's"),
        pytest.param(MemoryError(), "MemoryError", id="without words"),
        pytest.param(None, "the task ended without an error message", id="none at all"),
        pytest.param(
            ValueError("https://me:pa55word@db.example/x?api_key=abc&n=1 access_token='xyz'"),
            "ValueError: https://***@db.example/x?api_key=***&n=1 access_token='***'",
            id="log-ins and keys",
        ),
    ],
)
def test_the_reason_is_one_line_without_secrets(error: Exception | None, words: str) -> None:
    assert alert_message.reason(error) == words


def test_a_reason_is_cut_short() -> None:
    told = alert_message.reason(Retryable("word " * 1000))
    assert len(told) == alert_message.LONGEST_REASON
    assert told.endswith("…")
