"""Whatever a vendor answers, it is stored, or refused in words: nothing else comes out of its JSON."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stacks_dataverse import files
from stacks_dataverse.errors import DataverseError, Terminal
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from stacks_dataverse.http import Client, Reply
from stacks_dataverse.transformers import market, social
from stacks_dataverse.window import Span
from tests.support.candles import DAY, HOUR, NOTHING_STORED, data_api, data_api_row, lunarcrush, min_api, min_api_row

AT = int(datetime(2024, 10, 29, tzinfo=UTC).timestamp())
HOURS, DAYS = Span(AT, AT + 3 * HOUR), Span(AT, AT + 3 * DAY)
STORED = {"before_at": AT - HOUR, "before_close": 1.0, "after_at": None, "after_close": None}
FIGURES = {"close": 1.5, "market_cap": 9, "alt_rank": 300, "interactions": 1000, "galaxy_score": 55.5}
STACKS = {"symbol": "STX", "name": "Stacks"}

# Answers that are as they should be, by the way in which they are requested.
ANSWERS: dict[str, Any] = {
    "data_api": data_api([data_api_row(AT + hour * HOUR, 1.0) for hour in range(3)])["answer"],
    "min_api": min_api([min_api_row(AT + hour * HOUR, 1.0) for hour in range(3)])["answer"],
    "prices": lunarcrush([{"time": AT + day * DAY} | FIGURES for day in range(3)], AT + 4 * DAY)["answer"],
    "social": lunarcrush([{"time": AT + day * DAY} | FIGURES for day in range(3)], AT + 4 * DAY)["answer"],
    "snapshot": {"config": STACKS | {"generated": AT}, "data": STACKS | FIGURES},
}

ODD_NUMBERS = st.sampled_from([0, -1, 2**53 + 1, 2**63, -(2**63), 10**400, 1e308, 5e-324, float("nan"), float("inf")])
ODD_TEXTS = st.sampled_from(["", "STX", "1.5", "986", "\x00", "\ud800", "toTs", "Error"])
LEAVES = st.one_of(st.none(), st.booleans(), ODD_NUMBERS, st.integers(), st.floats(), ODD_TEXTS, st.text(max_size=5))
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a JSON value: the way to each part of it."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, part in parts for place in places(part, (*path, name)))]


def with_another(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    """A JSON value with another part at a place."""
    if not path:
        return part
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_another(value[path[0]], path[1:], part)
    return copy


def stored(request: str) -> None:
    """Request, land and normalise one answer."""
    if request in ("data_api", "min_api"):
        pages = CryptoCompare("", "key", request).candles("STX", "hour", HOURS.start, HOURS.end)
        market.price_hourly(landed(*pages), "STX", HOURS, STORED)
    elif request == "prices":
        market.price_daily(landed(LunarCrush("", "key").daily(DAYS.start, DAYS.end)), "STX", DAYS, NOTHING_STORED)
    elif request == "social":
        social.daily_social(landed(LunarCrush("", "key").daily(DAYS.start, DAYS.end)), DAYS, social.DAILY.empty_table())
    else:
        social.social_snapshots(*landed(LunarCrush("", "key").snapshot()), AT)


def landed(*answers: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers as they come back from the archive."""
    return [json.loads(files.unzip(files.answer_gz(answer))) for answer in answers]


def reply(body: Any) -> Reply:
    """An answer of HTTP 200."""
    text = json.dumps(body)
    return Reply("GET the vendor", 200, {}, json.loads(text), text, text[:300])


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Say what every vendor answers."""
    return lambda body: monkeypatch.setattr(Client, "get", lambda *_: reply(body))


@pytest.mark.parametrize("request_of", ANSWERS)
def test_an_answer_as_it_should_be_is_stored(request_of: str, answering: Callable[[Any], None]) -> None:
    answering(ANSWERS[request_of])
    stored(request_of)


@pytest.mark.parametrize("request_of", ANSWERS)
@settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_an_answer_with_anything_in_a_place_is_stored_or_refused_in_words(
    request_of: str, answering: Callable[[Any], None], data: st.DataObject
) -> None:
    answer = ANSWERS[request_of]
    place = data.draw(st.sampled_from(places(answer)))
    answering(with_another(answer, place, data.draw(JSON)))
    with suppress(DataverseError):
        stored(request_of)


@pytest.mark.parametrize("instrument", ["ETH-USD", "BTC-USD", None, 7, ["STX-USD"]], ids=repr)
def test_an_answer_about_another_coin_is_not_landed(instrument: Any, answering: Callable[[Any], None]) -> None:
    answering(with_another(ANSWERS["data_api"], ("Data", 1, "INSTRUMENT"), instrument))
    with pytest.raises(Terminal, match=re.escape(f"The response has {instrument!r} instead of STX-USD")):
        stored("data_api")


@pytest.mark.parametrize("instrument", ["STX-EUR", "STX", "STX-USDT"])
def test_an_answer_in_another_currency_is_not_stored(instrument: str, answering: Callable[[Any], None]) -> None:
    answering(with_another(ANSWERS["data_api"], ("Data", 1, "INSTRUMENT"), instrument))
    with pytest.raises(Terminal, match=f"STX-USD has a candle of '{instrument}'"):
        stored("data_api")
